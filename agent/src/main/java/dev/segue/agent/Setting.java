// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One setting of the configuration.
 *
 * @param key dotted, such as {@code source.auth.tokenFile}
 * @param standard the default as it would be written; null when there is none, or one that follows
 *     from other settings
 */
record Setting(String key, Kind kind, @Nullable String standard) {
  /** What a setting holds. */
  enum Kind {
    TEXT,
    LABEL,
    LABELS,
    OBJECT_NAME,
    GIT_URL,
    FLUX_URL,
    REF,
    COMMIT,
    FILE,
    DURATION,
    COUNT,
    POSITIVE_COUNT,
    SIZE,
    POD_GC,
    VERSION,
    GLOBS,
    FLAG,
    LISTEN,
    WEB_URL;

    /** Whether it holds several texts: a list in the file, with commas elsewhere. */
    boolean isList() {
      return this == GLOBS || this == LABELS;
    }
  }

  static final List<String> POD_GC_STRATEGIES =
      List.of("OnPodCompletion", "OnPodSuccess", "OnWorkflowCompletion", "OnWorkflowSuccess");

  /** Every setting, in the order in which they are printed. */
  static final List<Setting> ALL =
      List.of(
          new Setting("source.url", Kind.GIT_URL, null),
          new Setting("source.branch", Kind.REF, null),
          new Setting("source.tag", Kind.REF, null),
          new Setting("source.commit", Kind.COMMIT, null),
          new Setting("source.paths", Kind.GLOBS, "*.yaml,*.yml,products/**"),
          new Setting("source.interval", Kind.DURATION, "1m"),
          new Setting("source.fluxUrl", Kind.FLUX_URL, null),
          new Setting("source.fluxSecretRef", Kind.LABEL, null),
          new Setting("source.auth.username", Kind.TEXT, null),
          new Setting("source.auth.passwordFile", Kind.FILE, null),
          new Setting("source.auth.tokenFile", Kind.FILE, null),
          new Setting("source.auth.sshKeyFile", Kind.FILE, null),
          new Setting("source.auth.knownHostsFile", Kind.FILE, null),
          new Setting("source.auth.caFile", Kind.FILE, null),
          new Setting("status.url", Kind.GIT_URL, null),
          new Setting("status.branch", Kind.REF, null),
          new Setting("status.author.name", Kind.TEXT, "Segue"),
          new Setting("status.author.email", Kind.TEXT, "segue@localhost"),
          new Setting("status.auth.username", Kind.TEXT, null),
          new Setting("status.auth.passwordFile", Kind.FILE, null),
          new Setting("status.auth.tokenFile", Kind.FILE, null),
          new Setting("status.auth.sshKeyFile", Kind.FILE, null),
          new Setting("status.auth.knownHostsFile", Kind.FILE, null),
          new Setting("status.auth.caFile", Kind.FILE, null),
          new Setting("cluster.name", Kind.LABEL, "default"),
          new Setting("cluster.kubeconfig", Kind.FILE, null),
          new Setting("cluster.context", Kind.TEXT, null),
          new Setting("cluster.namespace", Kind.LABEL, "segue"),
          new Setting("cluster.namespaces", Kind.LABELS, null),
          new Setting("cluster.workflowServiceAccount", Kind.LABEL, "segue-workflow"),
          new Setting("cluster.kubeVersion", Kind.VERSION, null),
          new Setting("cluster.mirror", Kind.FLAG, "true"),
          new Setting("cluster.applied", Kind.FLAG, "false"),
          new Setting("cluster.orkestra", Kind.FLAG, "false"),
          new Setting("charts.cache", Kind.FILE, null),
          new Setting("charts.cacheSize", Kind.SIZE, "2Gi"),
          new Setting("charts.credentials", Kind.FILE, null),
          new Setting("charts.renderTimeout", Kind.DURATION, "30s"),
          new Setting("charts.workerIdle", Kind.DURATION, "1m"),
          new Setting("workflow.parallelism", Kind.COUNT, "0"),
          new Setting("workflow.ttl", Kind.DURATION, "24h"),
          new Setting("workflow.podGC", Kind.POD_GC, "OnPodSuccess"),
          new Setting("reconcile.interval", Kind.DURATION, "5m"),
          new Setting("reconcile.concurrency", Kind.POSITIVE_COUNT, "4"),
          new Setting("reconcile.removalPercent", Kind.COUNT, "50"),
          new Setting("highAvailability.enabled", Kind.FLAG, "false"),
          new Setting("highAvailability.leaseName", Kind.LABEL, "segue"),
          new Setting("highAvailability.leaseDuration", Kind.DURATION, "15s"),
          new Setting("highAvailability.renewDeadline", Kind.DURATION, "10s"),
          new Setting("highAvailability.retryPeriod", Kind.DURATION, "2s"),
          new Setting("highAvailability.shards", Kind.POSITIVE_COUNT, "1"),
          new Setting("web.listen", Kind.LISTEN, null),
          new Setting("web.health", Kind.LISTEN, null),
          new Setting("web.tls.certificate", Kind.FILE, null),
          new Setting("web.tls.key", Kind.FILE, null),
          new Setting("web.plainHttp", Kind.FLAG, "false"),
          new Setting("web.tokenFile", Kind.FILE, null),
          new Setting("web.git.enabled", Kind.FLAG, "false"),
          new Setting("web.git.url", Kind.WEB_URL, null),
          new Setting("web.git.secretRef", Kind.LABEL, null),
          new Setting("tenancy.serviceAccountRequired", Kind.FLAG, "false"),
          // The list of tenants follows where settings are printed: it is no setting of one line.
          new Setting("tenancy.defaultServiceAccount", Kind.OBJECT_NAME, null));

  /** {@code charts.cacheSize} is {@code SEGUE_CHARTS_CACHE_SIZE}. */
  String variable() {
    return "SEGUE_"
        + key.replace("podGC", "podGc")
            .replaceAll("([a-z])([A-Z])", "$1_$2")
            .replace('.', '_')
            .toUpperCase(Locale.ROOT);
  }
}
