// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.reconcile.DaemonThreads;
import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.model.SourceFile;
import dev.segue.renderer.parse.GroupReader;
import dev.segue.renderer.yaml.YamlWriter;
import java.util.List;
import java.util.Set;
import org.slf4j.LoggerFactory;

/**
 * Loads, while the arguments are read, the classes that commands on files need right after it, by
 * reading a group of no meaning. That takes a processor that has nothing else to do yet; where
 * there is only one, nothing is done.
 */
final class Ahead {
  private static final Set<String> COMMANDS =
      Set.of("graph", "plan", "rehearse", "render", "validate");

  /** With all that files have as a rule. */
  static final String GROUP =
      """
      apiVersion: segue.dev/v1alpha1
      kind: ApplicationGroup
      metadata:
        name: ahead
      spec:
        applications:
          - name: first
            spec:
              chart:
                path: charts/first
              release:
                targetNamespace: ahead
                timeout: 3m
                values:
                  replicas: 1
          - name: second
            dependencies: [first]
            spec:
              chart:
                path: charts/second
              release:
                targetNamespace: ahead
      """;

  private Ahead() {}

  /** Begins with it if these are the arguments of such a command. */
  static void of(String... arguments) {
    if (arguments.length > 0
        && COMMANDS.contains(arguments[0])
        && Runtime.getRuntime().availableProcessors() > 1) {
      new DaemonThreads("ahead").newThread(Ahead::load).start();
    }
  }

  private static void load() {
    GroupReader.read(List.of(new SourceFile(RepoPath.parse("ahead.yaml"), GROUP)));
    LoggerFactory.getLogger(Ahead.class);
    Digest.of(YamlWriter.write(List.of("ahead")));
  }
}
