// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.charts.HelmChartStore;
import dev.segue.agent.charts.RenderEngine;
import dev.segue.agent.git.GitAuthor;
import dev.segue.agent.git.UncommittedRepo;
import dev.segue.agent.reconcile.ChartStore;
import dev.segue.agent.reconcile.FirstReleases;
import dev.segue.agent.reconcile.PortException;
import dev.segue.agent.reconcile.Preview;
import dev.segue.agent.reconcile.RepoException;
import dev.segue.agent.reconcile.SourceRepo;
import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.ProblemCode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Files of a work tree as the commit that they would be, with a chart store on it. */
final class LocalStore implements AutoCloseable {
  private static final String KUBE_VERSION = "v1.34.0";
  private static final GitAuthor AUTHOR = new GitAuthor("Segue", "segue@localhost");

  private final UncommittedRepo source;
  private final String notice;
  private final ChartStore charts;

  private LocalStore(UncommittedRepo source, String notice, ChartStore charts) {
    this.source = source;
    this.notice = notice;
    this.charts = charts;
  }

  /** Opens what these groups need of {@code root}. */
  static LocalStore open(
      Path root, LocalDeclarations declarations, List<ApplicationGroup> groups, AgentConfig config)
      throws PortException {
    return open(root, declarations, groups, config, null);
  }

  /**
   * Opens what these groups need of {@code root}.
   *
   * @param engine closed by who made it; null for one of the store's own
   */
  static LocalStore open(
      Path root,
      LocalDeclarations declarations,
      List<ApplicationGroup> groups,
      AgentConfig config,
      @Nullable RenderEngine engine)
      throws PortException {
    LocalRepository.Snapshot files;
    try {
      files = LocalRepository.snapshot(root, declarations.files(), groups);
    } catch (IOException e) {
      String message = "cannot read \"" + root + "\": " + EmptyFolders.reason(e);
      throw new RepoException(ProblemCode.CONFIG_INVALID, false, message, e);
    }
    UncommittedRepo source =
        UncommittedRepo.of(files.files(), AUTHOR, config.source().fluxUrl(), "main");
    HelmChartStore charts = ChartStores.local(config.charts(), source, Clock.systemUTC(), engine);
    charts.prepare();
    return new LocalStore(source, files.notice(), charts);
  }

  /** Returns an engine that is started already if nothing was ever rendered on this machine. */
  static RenderEngine engine(AgentConfig config) {
    RenderEngine engine = RenderEngine.of(ChartStores.settings(config.charts(), Clock.systemUTC()));
    engine.prepare();
    return engine;
  }

  /** What of the charts no commit would have, for people; "" for nothing. */
  String notice() {
    return notice;
  }

  CommitId commit() {
    return source.commit();
  }

  SourceRepo source() {
    return source;
  }

  ChartStore charts() {
    return charts;
  }

  /** What first releases of the groups come to, at a site of which nothing is known. */
  FirstReleases firstReleases(AgentConfig config) {
    return new FirstReleases(
        charts,
        source,
        source.commit(),
        Wiring.renderSettings(config, source),
        kubeVersion(config),
        Preview.NOTHING);
  }

  /** The cluster's version when nothing says another one. */
  static String kubeVersion(AgentConfig config) {
    String version = config.cluster().kubeVersion();
    return version == null ? KUBE_VERSION : version;
  }

  @Override
  public void close() {
    charts.close();
  }
}
