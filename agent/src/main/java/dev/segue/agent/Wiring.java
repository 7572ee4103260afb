// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.charts.FileCredentials;
import dev.segue.agent.charts.HelmChartStore;
import dev.segue.agent.kube.Fabric8Cluster;
import dev.segue.agent.reconcile.AppliedReconciler;
import dev.segue.agent.reconcile.Claims;
import dev.segue.agent.reconcile.Cluster;
import dev.segue.agent.reconcile.CredentialSource;
import dev.segue.agent.reconcile.GitReconciler;
import dev.segue.agent.reconcile.GroupObjects;
import dev.segue.agent.reconcile.Health;
import dev.segue.agent.reconcile.Mandate;
import dev.segue.agent.reconcile.OrkestraRemains;
import dev.segue.agent.reconcile.Outcome;
import dev.segue.agent.reconcile.PortException;
import dev.segue.agent.reconcile.Reconciler;
import dev.segue.agent.reconcile.ReconcilerSettings;
import dev.segue.agent.reconcile.SharedCluster;
import dev.segue.agent.reconcile.SourceRepo;
import dev.segue.agent.reconcile.StatusBranch;
import dev.segue.agent.reconcile.WebException;
import dev.segue.agent.web.WebServer;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.render.RenderSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Every adapter, opened as the configuration says, and the reconciler between them. */
final class Wiring implements AutoCloseable {
  private final @Nullable Repositories git;
  private final HelmChartStore charts;
  private final Cluster cluster;
  private final Reconciling reconciling;
  private final @Nullable Leadership leadership;
  private List<WebServer> web = List.of();

  private Wiring(
      @Nullable Repositories git,
      HelmChartStore charts,
      Cluster cluster,
      Reconciling reconciling,
      @Nullable Leadership leadership) {
    this.git = git;
    this.charts = charts;
    this.cluster = cluster;
    this.reconciling = reconciling;
    this.leadership = leadership;
  }

  /** The groups that others apply, and what is known of them. */
  private record Applied(GroupObjects objects, OrkestraRemains remains, StatusBranch memory) {}

  /** How a cluster is had; a part of the wiring that differs between an agent and the demo. */
  @FunctionalInterface
  interface ClusterSource {
    Cluster open(HelmChartStore charts) throws PortException;
  }

  /**
   * Opens the adapters for a real cluster. Nothing is asked of it yet.
   *
   * @param host as which this process is known where several agents are
   * @param sharing with the agents of other clusters in this process
   */
  static Wiring open(
      AgentConfig config,
      String host,
      Sharing sharing,
      BiConsumer<GroupName, Outcome> listener,
      Clock clock)
      throws PortException {
    AgentConfig.Cluster settings = config.cluster();
    Fabric8Cluster cluster =
        new Fabric8Cluster(
            settings.kubeconfig(), settings.context(), settings.namespace(), settings.namespaces());
    CredentialSource secrets = cluster.credentials();
    Path folder = config.charts().credentials();
    CredentialSource credentials = folder == null ? secrets : new FileCredentials(folder);
    Leadership leadership = null;
    try {
      if (config.highAvailability().enabled()) {
        leadership = Leadership.open(config, host);
      }
      Applied applied = settings.applied() ? applied(cluster, settings.orkestra()) : null;
      GroupObjects mirrored = settings.mirror() ? cluster.groupObjects() : null;
      return open(
          config,
          sharing,
          credentials,
          charts -> cluster,
          applied,
          leadership,
          mirrored,
          listener,
          clock);
    } catch (PortException | RuntimeException e) {
      if (leadership != null) {
        leadership.close();
      }
      cluster.close();
      throw e;
    }
  }

  private static Applied applied(Fabric8Cluster cluster, boolean orkestra) {
    GroupObjects objects = orkestra ? cluster.withOrkestra() : cluster.groupObjects();
    return new Applied(objects, cluster.orkestraRemains(), cluster.memory());
  }

  /** Opens the adapters with that cluster, for an agent that is alone. */
  static Wiring open(
      AgentConfig config,
      CredentialSource credentials,
      ClusterSource clusterSource,
      BiConsumer<GroupName, Outcome> listener,
      Clock clock)
      throws PortException {
    return open(
        config, Sharing.alone(), credentials, clusterSource, null, null, null, listener, clock);
  }

  private static Wiring open(
      AgentConfig config,
      Sharing sharing,
      CredentialSource credentials,
      ClusterSource clusterSource,
      @Nullable Applied applied,
      @Nullable Leadership leadership,
      @Nullable GroupObjects mirrored,
      BiConsumer<GroupName, Outcome> listener,
      Clock clock)
      throws PortException {
    Mandate mandate = leadership == null ? Mandate.forAll() : leadership.mandate();
    Repositories git = config.source().isGiven() ? Repositories.open(config, sharing, clock) : null;
    try {
      SourceRepo source = git == null ? NoRepository.INSTANCE : git.source();
      HelmChartStore charts = sharing.charts(config.charts(), source, credentials, clock);
      Cluster cluster = clusterSource.open(charts);
      ReconcilerSettings settings = reconcilerSettings(config, source);
      return new Wiring(
          git,
          charts,
          cluster,
          reconciling(git, applied, mirrored, cluster, charts, settings, mandate, listener, clock),
          leadership);
    } catch (PortException | RuntimeException e) {
      if (git != null) {
        git.close();
      }
      throw e;
    }
  }

  private static Reconciling reconciling(
      @Nullable Repositories git,
      @Nullable Applied applied,
      @Nullable GroupObjects mirrored,
      Cluster cluster,
      HelmChartStore charts,
      ReconcilerSettings settings,
      Mandate mandate,
      BiConsumer<GroupName, Outcome> listener,
      Clock clock) {
    if (applied == null) {
      Repositories only = Objects.requireNonNull(git, "a source is given, or objects are read");
      return new Reconciling(
          new Reconciler(
              only.source(),
              cluster,
              only.status(),
              charts,
              settings,
              mandate,
              mirrored,
              listener,
              clock),
          null);
    }
    SharedCluster shared = new SharedCluster(cluster);
    Claims claims = new Claims();
    if (git == null) {
      claims.none(Claims.Side.GIT);
    }
    AppliedReconciler objects =
        new AppliedReconciler(
            applied.objects(),
            applied.remains(),
            shared,
            applied.memory(),
            charts,
            settings,
            mandate,
            claims,
            listener,
            clock);
    Reconciler ofGit =
        git == null
            ? null
            : GitReconciler.beside(
                claims,
                git.source(),
                shared.part(),
                git.status(),
                charts,
                settings,
                mandate,
                mirrored,
                listener,
                clock);
    return new Reconciling(ofGit, objects);
  }

  static ReconcilerSettings reconcilerSettings(AgentConfig config, SourceRepo source) {
    String kubeVersion = config.cluster().kubeVersion();
    return new ReconcilerSettings(
        config.cluster().name(),
        config.source().paths(),
        kubeVersion == null ? "" : kubeVersion,
        config.reconcile().interval(),
        config.reconcile().concurrency(),
        config.reconcile().removalPercent(),
        renderSettings(config, source));
  }

  static RenderSettings renderSettings(AgentConfig config, SourceRepo source) {
    FluxGit sourceGit = new FluxGit(source.url(), config.source().fluxSecretRef());
    FluxGit statusGit =
        Repositories.inOne(config)
            ? sourceGit
            : new FluxGit(GitUrl.asFluxTakesIt(config.status().url()), null);
    AgentConfig.ServedGit served = config.web().git();
    if (served.url() != null) {
      sourceGit = new FluxGit(served.url() + Serving.SOURCE, served.secretRef());
      statusGit = new FluxGit(served.url() + Serving.STATUS, served.secretRef());
    }
    return new RenderSettings(
        config.cluster().namespace(),
        config.cluster().workflowServiceAccount(),
        config.workflow().parallelism(),
        config.workflow().timeToLive(),
        config.workflow().podGarbageCollection(),
        sourceGit.url(),
        source.branch(),
        sourceGit.secretRef(),
        statusGit.url(),
        config.status().branch(),
        statusGit.secretRef(),
        config.tenancy());
  }

  /** A repository as Flux reaches it, and the Secret that it needs for that. */
  private record FluxGit(String url, @Nullable String secretRef) {}

  /** Serves what the configuration wants served, until this is closed. */
  void serve(AgentConfig.Web settings, Health health) throws WebException {
    web =
        git == null
            ? Serving.start(settings, health)
            : Serving.start(settings, git.source().service(), git.status().service(), health);
  }

  /** Empty for an agent that is alone. */
  Optional<Leadership> leadership() {
    return Optional.ofNullable(leadership);
  }

  Reconciling reconciling() {
    return reconciling;
  }

  /** The status branch, of a wiring with a source. */
  StatusBranch status() {
    return Objects.requireNonNull(git, "there is a source").status();
  }

  Cluster cluster() {
    return cluster;
  }

  /** Ends what is served and passes under way, then closes what they used. */
  @Override
  public void close() {
    web.forEach(WebServer::close);
    reconciling.close();
    if (leadership != null) {
      leadership.close(); // after the last write: the next begins at once
    }
    cluster.close();
    charts.close();
    if (git != null) {
      git.close();
    }
  }
}
