// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.testing;

import static java.util.Objects.requireNonNull;

import dev.segue.agent.reconcile.Cluster;
import dev.segue.agent.reconcile.ClusterException;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.ProblemCode;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A cluster that is in another process. */
final class RemoteCluster implements Cluster {
  private final Wire wire;
  private volatile Consumer<GroupName> watcher = group -> {};

  RemoteCluster(Wire wire) {
    this.wire = wire;
  }

  @Override
  public String description() {
    return "embedded cluster (in another process)";
  }

  @Override
  public String kubernetesVersion() throws ClusterException {
    return String.valueOf(ask(Map.of("call", "version")));
  }

  @Override
  public void watch(Consumer<GroupName> changed) throws ClusterException {
    watcher = changed;
    ask(Map.of("call", "watch"));
  }

  /** Tells who watches. */
  void changed(List<?> groups) {
    groups.forEach(group -> watcher.accept(GroupName.parse(String.valueOf(group))));
  }

  @Override
  public List<Manifest> observe(GroupName group) throws ClusterException {
    return manifests(requireNonNull(ask(Map.of("call", "observe", "group", group.value()))));
  }

  @Override
  public void apply(List<Manifest> objects) throws ClusterException {
    ask(Map.of("call", "apply", "objects", plain(objects)));
  }

  @Override
  public boolean create(Manifest object) throws ClusterException {
    return Boolean.TRUE.equals(ask(Map.of("call", "create", "objects", plain(List.of(object)))));
  }

  @Override
  public boolean patch(Manifest change) throws ClusterException {
    return Boolean.TRUE.equals(ask(Map.of("call", "patch", "objects", plain(List.of(change)))));
  }

  @Override
  public void collect(GroupName group, String namespace, List<Manifest> kept)
      throws ClusterException {
    ask(
        Map.of(
            "call",
            "collect",
            "group",
            group.value(),
            "namespace",
            namespace,
            "objects",
            plain(kept)));
  }

  private @Nullable Object ask(Map<String, ?> question) throws ClusterException {
    try {
      Map<String, @Nullable Object> answer = wire.ask(question);
      if (answer.containsKey("refused")) {
        ProblemCode code = ProblemCode.valueOf(String.valueOf(answer.get("refused")));
        throw new ClusterException(code, false, String.valueOf(answer.get("message")), null);
      }
      return answer.get("result");
    } catch (IOException e) {
      throw new ClusterException(
          ProblemCode.CLUSTER_UNREACHABLE, true, "the other process is gone", e);
    }
  }

  /** The other process's side: does what was asked. */
  static Map<String, @Nullable Object> answer(
      Cluster cluster, Map<String, @Nullable Object> question, Consumer<GroupName> changed) {
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    try {
      answer.put("result", result(cluster, question, changed));
    } catch (ClusterException e) {
      answer.put("refused", e.code().name());
      answer.put("message", e.getMessage());
    }
    return answer;
  }

  private static @Nullable Object result(
      Cluster cluster, Map<String, @Nullable Object> question, Consumer<GroupName> changed)
      throws ClusterException {
    Object listed = question.get("objects");
    List<Manifest> objects = listed == null ? List.of() : manifests(listed);
    String group = String.valueOf(question.get("group"));
    return switch (String.valueOf(question.get("call"))) {
      case "version" -> cluster.kubernetesVersion();
      case "watch" -> {
        cluster.watch(changed);
        yield true;
      }
      case "observe" -> plain(cluster.observe(GroupName.parse(group)));
      case "apply" -> {
        cluster.apply(objects);
        yield true;
      }
      case "create" -> cluster.create(objects.get(0));
      case "patch" -> cluster.patch(objects.get(0));
      case "collect" -> {
        String namespace = String.valueOf(question.get("namespace"));
        cluster.collect(GroupName.parse(group), namespace, objects);
        yield true;
      }
      default -> throw new IllegalArgumentException("no such call: " + question.get("call"));
    };
  }

  private static List<Object> plain(List<Manifest> objects) {
    return objects.stream().<Object>map(Manifest::fields).toList();
  }

  @SuppressWarnings("unchecked") // as plain() wrote them
  private static List<Manifest> manifests(Object objects) {
    return ((List<Map<String, @Nullable Object>>) objects).stream().map(Manifest::new).toList();
  }

  @Override
  public void close() {}
}
