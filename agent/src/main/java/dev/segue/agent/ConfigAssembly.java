// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.GoDuration;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.Tenancy;
import dev.segue.renderer.model.Tenant;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes records of settings that were checked. */
final class ConfigAssembly {
  private final Map<String, ConfigValue> values;

  private ConfigAssembly(Map<String, ConfigValue> values) {
    this.values = values;
  }

  static AgentConfig assemble(Map<String, ConfigValue> values, List<Tenant> tenants) {
    ConfigAssembly assembly = new ConfigAssembly(values);
    return new AgentConfig(
        assembly.source(),
        assembly.status(),
        assembly.cluster(),
        assembly.charts(),
        new AgentConfig.Workflow(
            assembly.count("workflow.parallelism"),
            assembly.duration("workflow.ttl"),
            assembly.text("workflow.podGC")),
        new AgentConfig.Reconcile(
            assembly.duration("reconcile.interval"),
            assembly.count("reconcile.concurrency"),
            assembly.count("reconcile.removalPercent")),
        assembly.highAvailability(),
        assembly.web(),
        new Tenancy(
            assembly.flag("tenancy.serviceAccountRequired"),
            assembly.textOrNull("tenancy.defaultServiceAccount"),
            tenants),
        Map.copyOf(values));
  }

  private AgentConfig.Source source() {
    return new AgentConfig.Source(
        textOrNone("source.url"),
        revision(),
        value("source.paths").texts(),
        duration("source.interval"),
        textOrNone("source.fluxUrl"),
        textOrNull("source.fluxSecretRef"),
        auth("source.auth."));
  }

  private AgentConfig.Revision revision() {
    String tag = textOrNull("source.tag");
    String commit = textOrNull("source.commit");
    if (commit != null) {
      return new AgentConfig.Revision.Commit(CommitId.parse(commit));
    }
    return tag != null
        ? new AgentConfig.Revision.Tag(tag)
        : new AgentConfig.Revision.Branch(text("source.branch"));
  }

  private AgentConfig.Status status() {
    return new AgentConfig.Status(
        textOrNone("status.url"),
        text("status.branch"),
        text("status.author.name"),
        text("status.author.email"),
        auth("status.auth."));
  }

  private AgentConfig.Auth auth(String prefix) {
    return new AgentConfig.Auth(
        textOrNull(prefix + "username"),
        pathOrNull(prefix + "passwordFile"),
        pathOrNull(prefix + "tokenFile"),
        pathOrNull(prefix + "sshKeyFile"),
        pathOrNull(prefix + "knownHostsFile"),
        pathOrNull(prefix + "caFile"));
  }

  private AgentConfig.Cluster cluster() {
    return new AgentConfig.Cluster(
        text("cluster.name"),
        pathOrNull("cluster.kubeconfig"),
        textOrNull("cluster.context"),
        Namespace.parse(text("cluster.namespace")),
        namespaces(),
        text("cluster.workflowServiceAccount"),
        textOrNull("cluster.kubeVersion"),
        flag("cluster.mirror"),
        flag("cluster.applied"),
        flag("cluster.orkestra"));
  }

  private List<Namespace> namespaces() {
    ConfigValue others = values.get("cluster.namespaces");
    Stream<String> named = others == null ? Stream.of() : others.texts().stream();
    return Stream.concat(Stream.of(text("cluster.namespace")), named)
        .distinct()
        .sorted()
        .map(Namespace::parse)
        .toList();
  }

  private AgentConfig.Charts charts() {
    return new AgentConfig.Charts(
        Path.of(text("charts.cache")),
        ByteSize.parse(text("charts.cacheSize")),
        pathOrNull("charts.credentials"),
        duration("charts.renderTimeout"),
        duration("charts.workerIdle"));
  }

  private AgentConfig.HighAvailability highAvailability() {
    return new AgentConfig.HighAvailability(
        flag("highAvailability.enabled"),
        text("highAvailability.leaseName"),
        duration("highAvailability.leaseDuration"),
        duration("highAvailability.renewDeadline"),
        duration("highAvailability.retryPeriod"),
        count("highAvailability.shards"));
  }

  private AgentConfig.Web web() {
    String listen = textOrNull("web.listen");
    String health = textOrNull("web.health");
    String url = textOrNull("web.git.url");
    return new AgentConfig.Web(
        listen == null
            ? null
            : new AgentConfig.Listen(
                ListenAddress.parse(listen), protection(), pathOrNull("web.tokenFile")),
        health == null ? null : ListenAddress.parse(health),
        new AgentConfig.ServedGit(
            flag("web.git.enabled"),
            url == null ? null : url.replaceFirst("/+$", ""),
            textOrNull("web.git.secretRef")));
  }

  private AgentConfig.Protection protection() {
    return flag("web.plainHttp")
        ? new AgentConfig.Protection.Plain()
        : new AgentConfig.Protection.Tls(
            Path.of(text("web.tls.certificate")), Path.of(text("web.tls.key")));
  }

  private ConfigValue value(String key) {
    ConfigValue value = values.get(key);
    if (value == null) {
      throw new IllegalStateException("the setting " + key + " has no default");
    }
    return value;
  }

  private String text(String key) {
    return value(key).text();
  }

  /** Returns "" where the setting may be left out. */
  private String textOrNone(String key) {
    String text = textOrNull(key);
    return text == null ? "" : text;
  }

  private @Nullable String textOrNull(String key) {
    ConfigValue value = values.get(key);
    return value == null ? null : value.text();
  }

  private @Nullable Path pathOrNull(String key) {
    String text = textOrNull(key);
    return text == null ? null : Path.of(text);
  }

  private Duration duration(String key) {
    return GoDuration.parse(text(key));
  }

  private boolean flag(String key) {
    return Boolean.parseBoolean(text(key));
  }

  private int count(String key) {
    return Integer.parseInt(text(key));
  }
}
