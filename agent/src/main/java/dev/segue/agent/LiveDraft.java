// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.cli.Actions;
import dev.segue.agent.cli.Console;
import dev.segue.agent.kube.FluxObjects;
import dev.segue.agent.reconcile.ClusterException;
import dev.segue.renderer.migrate.LiveReleases;
import dev.segue.renderer.migrate.LiveSources;
import dev.segue.renderer.migrate.LiveSources.Reference;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.Namespace;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes a first file of what Flux releases in a cluster now. */
final class LiveDraft {
  private static final Namespace DEFAULT = Namespace.parse("default");

  private final Console console;

  LiveDraft(Console console) {
    this.console = console;
  }

  /** Returns 0 when there was something to make it of. */
  int init(@Nullable Path kubeconfig, @Nullable String context, Actions.First asked) {
    Namespace namespace = asked.namespace() == null ? DEFAULT : asked.namespace();
    GroupName name = asked.name() == null ? GroupName.parse(namespace.value()) : asked.name();
    try (FluxObjects cluster = FluxObjects.open(kubeconfig, context)) {
      List<Manifest> releases = cluster.helmReleases(namespace);
      List<Manifest> sources = sources(cluster, releases);
      return new DraftOutput(console, asked.output())
          .write(List.of(LiveReleases.draft(name, releases, sources)));
    } catch (ClusterException e) {
      console.err().println(e.code().id() + ": " + e.getMessage());
      return 1;
    }
  }

  /** Those that they name, and those that these name. */
  private static List<Manifest> sources(FluxObjects cluster, List<Manifest> releases)
      throws ClusterException {
    List<Manifest> found = new ArrayList<>();
    Deque<Reference> open = new ArrayDeque<>(LiveSources.wanted(releases));
    Set<Reference> seen = new HashSet<>();
    while (!open.isEmpty()) {
      Reference wanted = open.remove();
      if (seen.add(wanted)) {
        Optional<Manifest> source =
            cluster.source(wanted.kind(), wanted.namespace(), wanted.name());
        source.ifPresent(found::add);
        source.ifPresent(one -> open.addAll(LiveSources.wanted(List.of(one))));
      }
    }
    return found;
  }
}
