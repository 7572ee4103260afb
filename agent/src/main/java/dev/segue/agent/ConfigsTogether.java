// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.renderer.model.Problem;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** What the configurations of one process must be together: each is for a cluster of its own. */
final class ConfigsTogether {
  private static final List<String> PORTS = List.of("web.listen", "web.health");

  private final List<Problem> problems = new ArrayList<>();

  private ConfigsTogether() {}

  /**
   * Returns what is wrong, in order: what each has, and where none has anything, what two of them
   * must not have both.
   */
  static List<Problem> check(List<ReadConfig> configs) {
    TreeSet<Problem> ofEach = new TreeSet<>();
    for (ReadConfig config : configs) {
      for (Problem problem : config.reading().problems()) {
        boolean ofAll =
            configs.stream().allMatch(each -> each.reading().problems().contains(problem));
        ofEach.add(ofAll ? problem : placed(problem, config.file()));
      }
    }
    if (!ofEach.isEmpty()) {
      return List.copyOf(ofEach);
    }
    ConfigsTogether together = new ConfigsTogether();
    for (int later = 1; later < configs.size(); later++) {
      for (int earlier = 0; earlier < later; earlier++) {
        together.checkPair(configs.get(earlier), configs.get(later));
      }
    }
    return together.problems.stream().sorted().toList();
  }

  /** Says in which file it is, where that is not known otherwise. */
  private static Problem placed(Problem problem, String file) {
    return problem.path().isEmpty()
        ? new Problem(problem.code(), file, 0, problem.field(), problem.message(), problem.remedy())
        : problem;
  }

  private void checkPair(ReadConfig earlier, ReadConfig later) {
    checkName(earlier, later);
    checkStatusBranch(earlier, later);
    checkCluster(earlier, later);
    checkPorts(earlier, later);
  }

  private void checkName(ReadConfig earlier, ReadConfig later) {
    String key = "cluster.name";
    if (same(key, earlier, later)) {
      problems.add(
          later.problem(
              key,
              "must be another than in \"" + earlier.file() + "\"; got " + quoted(key, later),
              "Give each cluster a name of its own: its log, its health and its status branch go by"
                  + " it."));
    }
  }

  /** A branch that is named after the cluster differs as that does. */
  private void checkStatusBranch(ReadConfig earlier, ReadConfig later) {
    String key = "status.branch";
    boolean byName = isByDefault(key, earlier) && isByDefault(key, later);
    if (!byName
        && same(key, earlier, later)
        && !later.texts("status.url").isEmpty()
        && repository(earlier).equals(repository(later))) {
      problems.add(
          later.problem(
              key,
              "must be another than in \""
                  + earlier.file()
                  + "\", which writes to the same repository; got "
                  + quoted(key, later),
              "Leave it out to write to a branch of the cluster's own."));
    }
  }

  private static boolean isByDefault(String key, ReadConfig config) {
    ConfigValue value = config.settings().get(key);
    return value == null || value.layer() == ConfigValue.Layer.DEFAULT;
  }

  private static String repository(ReadConfig config) {
    return String.join("", config.texts("status.url")).replaceFirst("/*(\\.git)?/*$", "");
  }

  private void checkCluster(ReadConfig earlier, ReadConfig later) {
    if (same("cluster.kubeconfig", earlier, later)
        && same("cluster.context", earlier, later)
        && same("cluster.namespace", earlier, later)) {
      problems.add(
          later.problem(
              "cluster.kubeconfig",
              "must not lead to the same context and namespace as in \"" + earlier.file() + "\"",
              "Two agents would work for one cluster: give this one another `cluster.kubeconfig`,"
                  + " `cluster.context` or `cluster.namespace`."));
    }
  }

  private void checkPorts(ReadConfig earlier, ReadConfig later) {
    for (String key : PORTS) {
      for (String other : PORTS) {
        if (!later.texts(key).isEmpty()
            && !earlier.texts(other).isEmpty()
            && clash(earlier, other, later, key)) {
          problems.add(
              later.problem(
                  key,
                  "must have another port than `"
                      + other
                      + "` in \""
                      + earlier.file()
                      + "\"; got "
                      + quoted(key, later),
                  "Give it a port of its own, or leave it out: each port for health tells of every"
                      + " cluster."));
        }
      }
    }
  }

  /** Whether they are one port, at one address or at all. */
  private static boolean clash(ReadConfig one, String key, ReadConfig other, String otherKey) {
    InetSocketAddress first = ListenAddress.parse(one.texts(key).get(0));
    InetSocketAddress second = ListenAddress.parse(other.texts(otherKey).get(0));
    return first.getPort() == second.getPort()
        && (first.getAddress().equals(second.getAddress())
            || first.getAddress().isAnyLocalAddress()
            || second.getAddress().isAnyLocalAddress());
  }

  private static boolean same(String key, ReadConfig one, ReadConfig other) {
    return one.texts(key).equals(other.texts(key));
  }

  private static String quoted(String key, ReadConfig config) {
    return "\"" + String.join(", ", config.texts(key)) + "\"";
  }
}
