// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.operate.RefusedException;
import dev.segue.agent.reconcile.ChartStore;
import dev.segue.agent.reconcile.PortException;
import dev.segue.agent.reconcile.Preview;
import dev.segue.agent.reconcile.ReconcilerSettings;
import dev.segue.agent.reconcile.RepoException;
import dev.segue.agent.reconcile.SourceRepo;
import dev.segue.agent.reconcile.StatusBranch.Snapshot;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.status.Site;
import dev.segue.renderer.status.SiteFile;
import dev.segue.renderer.status.StatusPaths;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a reviewer has before them: a clone of the source with the status branches of sites. */
final class Review {
  /** How status branches come into a clone. */
  static final String FETCH =
      "`git fetch origin '+refs/heads/segue/*:refs/remotes/origin/segue/*'`";

  private static final String STATUS_PREFIX = "segue/";

  private final AgentConfig config;
  private final Checkout checkout;
  private final Clock clock;
  private final Set<String> options;

  /**
   * @param config what it says of the source's place does not matter
   * @param options the dotted keys of the settings that options gave: these count more than what a
   *     status branch says
   */
  Review(AgentConfig config, Set<String> options, Checkout checkout, Clock clock) {
    this.config = config;
    this.options = Set.copyOf(options);
    this.checkout = checkout;
    this.clock = clock;
  }

  /**
   * A site as its status branch has it, and a commit that is to be released there; read only.
   *
   * @param settings the agent's, as far as they are known
   * @param whatIf that options have made them others than the agent's, in a sentence; "" when not
   * @param source with the commit as what is watched
   */
  record Reviewed(Snapshot status, ReconcilerSettings settings, String whatIf, SourceRepo source) {}

  /** The status branches that the clone has, by the name of their cluster. */
  SortedMap<String, Snapshot> sites() throws RepoException {
    SortedMap<String, Snapshot> sites = new TreeMap<>();
    checkout
        .branches(STATUS_PREFIX)
        .forEach((name, status) -> sites.put(name.substring(STATUS_PREFIX.length()), status));
    return sites;
  }

  /**
   * Returns the status branch of one site, under its cluster's name: of the named one, else of the
   * configured one, else of the only one that there is. A site of which the clone has nothing is
   * one at which nothing was released, when it has nothing of any.
   *
   * @param name null for none
   * @param known see {@link #sites}
   */
  Map.Entry<String, Snapshot> site(@Nullable String name, SortedMap<String, Snapshot> known)
      throws RefusedException {
    String wanted = name == null ? config.cluster().name() : name;
    Snapshot status = known.get(wanted);
    if (status != null) {
      return Map.entry(wanted, status);
    }
    if (known.isEmpty()) {
      return Map.entry(wanted, Preview.NOTHING);
    }
    if (name == null && known.size() == 1) {
      return known.entrySet().iterator().next();
    }
    throw new RefusedException(
        "`--cluster` must be one whose status branch is in this clone; got \""
            + wanted
            + "\". There are "
            + String.join(", ", known.keySet()));
  }

  /**
   * Returns a site and a commit; both are good as long as the clone is open.
   *
   * @param to what is to be released there, as Git names it or {@link Checkout#WORK_TREE}
   */
  Reviewed reviewed(String cluster, Snapshot status, String to)
      throws PortException, IOException, RefusedException {
    WhatIf whatIf = settings(cluster, status);
    ReconcilerSettings settings = whatIf.settings();
    return new Reviewed(status, settings, whatIf.notice(), at(commit("--to", to, settings)));
  }

  /** Opens the charts of {@code source}, which stays open as long. */
  ChartStore charts(SourceRepo source) throws PortException {
    return Wiring.localCharts(config.charts(), source, clock, null);
  }

  /**
   * Returns the commit that a revision names.
   *
   * @param option that was given it
   */
  CommitId commit(String option, String revision, ReconcilerSettings settings)
      throws PortException, IOException, RefusedException {
    return checkout
        .commit(revision, settings.paths())
        .orElseThrow(
            () ->
                new RefusedException(
                    "`"
                        + option
                        + "` must be a revision of the clone \""
                        + checkout.root()
                        + "\", or \".\" for its files as they are; got \""
                        + revision
                        + "\""));
  }

  private SourceRepo at(CommitId head) {
    String branch =
        config.source().revision() instanceof AgentConfig.Revision.Branch watched
            ? watched.name()
            : "";
    return checkout.at(head, config.source().fluxUrl(), branch);
  }

  /**
   * What the status branch says of its cluster counts more than what is configured here, but for
   * options.
   */
  private WhatIf settings(String cluster, Snapshot status) throws RepoException {
    Optional<Site> site = status.read(StatusPaths.SITE).flatMap(SiteFile::read);
    String kubeVersion = LocalStore.kubeVersion(config);
    ReconcilerSettings ours =
        Wiring.reconcilerSettings(config, at(CommitId.ZERO)).named(cluster, kubeVersion);
    ReconcilerSettings there =
        site.map(
                known ->
                    ours.at(known)
                        .named(
                            cluster,
                            known.kubeVersion().isEmpty() ? kubeVersion : known.kubeVersion()))
            .orElse(ours);
    return new WhatIf(there, ours, options);
  }
}
