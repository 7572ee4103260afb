// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.ApiKind;
import dev.segue.renderer.model.ApiKind.Scope;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.Namespace;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ForwardingClusterTest {
  private static final GroupName SHOP = GroupName.parse("shop");
  private static final Mandate ALONE = Mandate.forAll();
  private static final Manifest OBJECT =
      new Manifest(
          Map.of("apiVersion", "v1", "kind", "ConfigMap", "metadata", Map.of("name", "shop")));

  /** What is called at the cluster that is wrapped; answers are other than the port's defaults. */
  private final List<String> calls = new ArrayList<>();

  private final Cluster real =
      (Cluster)
          Proxy.newProxyInstance(
              getClass().getClassLoader(),
              new Class<?>[] {Cluster.class},
              (proxy, method, arguments) -> answer(method));

  private @Nullable Object answer(Method method) {
    calls.add(method.getName());
    return switch (method.getName()) {
      case "description" -> "real";
      case "kubernetesVersion" -> "v1.36.0";
      case "reaches" -> false;
      case "scope" -> Scope.CLUSTER;
      case "observe" -> List.of(OBJECT);
      case "create", "patch" -> true;
      default -> null;
    };
  }

  static Stream<Arguments> handsEveryCallOn() {
    return Stream.of(
        wrapper("forwarding", cluster -> new ForwardingCluster(cluster) {}),
        wrapper("fenced", cluster -> new FencedCluster(cluster, ALONE)),
        wrapper("shared", cluster -> new SharedCluster(cluster).part()));
  }

  private interface Wrapping {
    Cluster of(Cluster cluster);
  }

  private static Arguments wrapper(String name, Wrapping wrapping) {
    return Arguments.of(name, wrapping);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void handsEveryCallOn(String name, Wrapping wrapping) throws Exception {
    Cluster wrapped = wrapping.of(real);
    Consumer<GroupName> nobody = group -> {};

    assertThat(wrapped.description()).isEqualTo("real");
    assertThat(wrapped.kubernetesVersion()).isEqualTo("v1.36.0");
    assertThat(wrapped.reaches(Namespace.parse("edge"))).isFalse();
    assertThat(wrapped.scope(ApiKind.of("example.com/v1", "Widget"))).isEqualTo(Scope.CLUSTER);
    wrapped.watch(nobody);
    assertThat(wrapped.observe(SHOP)).containsExactly(OBJECT);
    assertThat(ALONE.during(SHOP, () -> written(wrapped))).contains(true);

    assertThat(calls)
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(Cluster.class.getDeclaredMethods())
                .map(Method::getName)
                .filter(method -> !method.equals("close"))
                .toList());
  }

  private static boolean written(Cluster cluster) {
    try {
      cluster.apply(List.of(OBJECT));
      cluster.collect(SHOP, "edge", List.of());
      return cluster.create(OBJECT) && cluster.patch(OBJECT);
    } catch (ClusterException e) {
      throw new AssertionError(e);
    }
  }
}
