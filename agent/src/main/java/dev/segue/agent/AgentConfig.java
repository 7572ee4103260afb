// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.Tenancy;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The agent's whole configuration: valid, complete, paths absolute. It holds no secret: credentials
 * are paths of files.
 *
 * @param tenancy what files may release, and as whom
 * @param said what each setting that has a value says, and where that was said, by its key
 */
public record AgentConfig(
    Source source,
    Status status,
    Cluster cluster,
    Charts charts,
    Workflow workflow,
    Reconcile reconcile,
    HighAvailability highAvailability,
    Web web,
    Tenancy tenancy,
    Map<String, ConfigValue> said) {

  /**
   * Returns the effective configuration as a {@code segue.yaml}, the origin of each value in a
   * comment.
   */
  public String yaml() {
    return ConfigPrinter.print(said) + ConfigPrinter.printTenants(tenancy.tenants());
  }

  /**
   * Reads options over environment over file over defaults; every problem at once.
   *
   * @param file the file that must be there; null for the one that {@code SEGUE_CONFIG} names, else
   *     {@code segue.yaml} in {@code folder} if it is there
   * @param environment all variables; those of ours begin with {@code SEGUE_}
   * @param options by dotted key, such as {@code source.url}; lists with commas
   * @param folder what relative paths of environment and options start from; those in the file
   *     start from the file's folder
   */
  public static ConfigReading read(
      @Nullable Path file,
      Map<String, String> environment,
      Map<String, String> options,
      Path folder) {
    return ConfigReader.read(file, environment, options, Map.of(), folder);
  }

  /**
   * The repository that declares the products.
   *
   * @param paths globs of the files to read
   * @param interval how often it is polled
   * @param fluxUrl the URL under which Flux in the cluster reaches it
   * @param fluxSecretRef the Secret with which Flux does; null when it needs none
   */
  public record Source(
      String url,
      Revision revision,
      List<String> paths,
      Duration interval,
      String fluxUrl,
      @Nullable String fluxSecretRef,
      Auth auth) {
    public Source {
      paths = List.copyOf(paths);
    }

    /** Whether there is such a repository: there need not be where applied objects are read. */
    public boolean isGiven() {
      return !url.isEmpty();
    }

    /** Where groups are declared, for people. */
    String description() {
      return isGiven() ? url : "what is applied";
    }
  }

  /** What of the source is watched. */
  public sealed interface Revision {
    /** A branch, by its short name. */
    record Branch(String name) implements Revision {}

    /** A tag, by its short name. */
    record Tag(String name) implements Revision {}

    /** A commit, which never moves. */
    record Commit(CommitId id) implements Revision {}
  }

  /**
   * Where plan, artifacts and status are written.
   *
   * @param authorName of the commits
   * @param authorEmail of the commits
   */
  public record Status(
      String url, String branch, String authorName, String authorEmail, Auth auth) {}

  /**
   * How a Git server is spoken to: at most one of password, token and key.
   *
   * @param username with a password, or where a token needs one
   * @param caFile PEM certificates to trust beside the platform's
   */
  public record Auth(
      @Nullable String username,
      @Nullable Path passwordFile,
      @Nullable Path tokenFile,
      @Nullable Path sshKeyFile,
      @Nullable Path knownHostsFile,
      @Nullable Path caFile) {}

  /**
   * The cluster.
   *
   * @param name in the status branch's name and in reports
   * @param kubeconfig null for KUBECONFIG, {@code ~/.kube/config} or the pod's service account
   * @param context null for the current one
   * @param namespace of Flux and Argo objects of groups that name none
   * @param namespaces all that groups may name, that one among them, sorted
   * @param workflowServiceAccount that the Workflow's steps run as
   * @param kubeVersion to render charts for; null for the cluster's own
   * @param mirror whether groups of Git are shown as ApplicationGroups in {@code namespace}
   * @param applied whether ApplicationGroups that others apply to it are reconciled
   * @param orkestra whether those of Orkestra are too
   */
  public record Cluster(
      String name,
      @Nullable Path kubeconfig,
      @Nullable String context,
      Namespace namespace,
      List<Namespace> namespaces,
      String workflowServiceAccount,
      @Nullable String kubeVersion,
      boolean mirror,
      boolean applied,
      boolean orkestra) {
    public Cluster {
      namespaces = List.copyOf(namespaces);
    }
  }

  /**
   * Charts and the worker that renders them.
   *
   * @param cacheBytes the most that the cache folder holds
   * @param credentials a folder with one folder of files for each {@code authSecretRef}; null for
   *     Secrets of the cluster only
   * @param renderTimeout for one chart
   * @param workerIdle how long an idle worker is kept
   */
  public record Charts(
      Path cache,
      long cacheBytes,
      @Nullable Path credentials,
      Duration renderTimeout,
      Duration workerIdle) {}

  /**
   * What Workflows look like.
   *
   * @param parallelism the most steps at a time for groups that say nothing; 0 for no limit
   * @param timeToLive how long a finished Workflow is kept
   * @param podGarbageCollection Argo's strategy
   */
  public record Workflow(int parallelism, Duration timeToLive, String podGarbageCollection) {}

  /**
   * The loop.
   *
   * @param interval how often a group is compared with the cluster though nothing moved
   * @param concurrency groups at a time
   * @param removalPercent how many of all groups may be removed at once without approval
   */
  public record Reconcile(Duration interval, int concurrency, int removalPercent) {}

  /**
   * Several agents, of which each shard's groups have one.
   *
   * @param enabled false for an agent that is alone
   * @param leaseName of the first shard's Lease; those of others have their number behind it
   * @param leaseDuration whole seconds after which a silent holder is followed
   * @param renewDeadline after which a holder that cannot renew ceases; less than the lease
   * @param retryPeriod between renewals, and between looks of who stands by
   * @param shards over how many Leases the groups are spread
   */
  public record HighAvailability(
      boolean enabled,
      String leaseName,
      Duration leaseDuration,
      Duration renewDeadline,
      Duration retryPeriod,
      int shards) {}

  /**
   * What the agent serves over HTTP.
   *
   * @param listen null when it serves nothing there
   * @param health where it serves health alone, by plain HTTP; null for nowhere
   */
  public record Web(@Nullable Listen listen, @Nullable InetSocketAddress health, ServedGit git) {}

  /**
   * Where it listens and for whom.
   *
   * @param tokenFile what readers of repositories must know; null when whoever reaches it may read
   */
  public record Listen(
      InetSocketAddress address, Protection protection, @Nullable Path tokenFile) {}

  /** What is between the agent and whoever listens on the line. */
  public sealed interface Protection {
    /** TLS by PEM files. */
    record Tls(Path certificate, Path key) implements Protection {}

    /** Nothing, because the configuration says so. */
    record Plain() implements Protection {}
  }

  /**
   * The repositories to read.
   *
   * @param url under which Flux reaches the agent, without a trailing slash; null when Flux goes to
   *     the Git server
   * @param secretRef the Secret with which Flux does; null when it needs none
   */
  public record ServedGit(boolean enabled, @Nullable String url, @Nullable String secretRef) {}
}
