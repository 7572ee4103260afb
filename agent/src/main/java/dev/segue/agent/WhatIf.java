// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.reconcile.ReconcilerSettings;
import dev.segue.renderer.model.Tenancy;
import dev.segue.renderer.render.RenderSettings;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How the agent of a site goes about it as its status branch says, but for what options say
 * otherwise: these are somebody's question what would be if.
 */
final class WhatIf {
  private final ReconcilerSettings site;
  private final ReconcilerSettings ours;
  private final Set<String> options;
  private final SortedSet<String> changed = new TreeSet<>();
  private final ReconcilerSettings settings;

  /**
   * @param site as the status branch says
   * @param ours as it is configured here
   * @param options the dotted keys that options gave; whatever else is configured does not count
   */
  WhatIf(ReconcilerSettings site, ReconcilerSettings ours, Set<String> options) {
    this.site = site;
    this.ours = ours;
    this.options = Set.copyOf(options);
    this.settings = merged();
  }

  /** What counts. */
  ReconcilerSettings settings() {
    return settings;
  }

  private ReconcilerSettings merged() {
    return new ReconcilerSettings(
        site.clusterName(),
        pick(site.paths(), ours.paths(), "source.paths"),
        pick(site.kubeVersion(), ours.kubeVersion(), "cluster.kubeVersion"),
        site.interval(),
        site.concurrency(),
        pick(site.removalPercent(), ours.removalPercent(), "reconcile.removalPercent"),
        render(site.render(), ours.render()));
  }

  private RenderSettings render(RenderSettings there, RenderSettings here) {
    boolean together = there.statusUrl().equals(there.sourceUrl());
    String source = together ? "source.url" : "";
    String reached = together ? "source.fluxUrl" : "";
    String secret = together ? "source.fluxSecretRef" : "";
    return new RenderSettings(
        pick(there.namespace(), here.namespace(), "cluster.namespace"),
        pick(there.serviceAccount(), here.serviceAccount(), "cluster.workflowServiceAccount"),
        pick(there.parallelism(), here.parallelism(), "workflow.parallelism"),
        pick(there.timeToLive(), here.timeToLive(), "workflow.ttl"),
        pick(there.podGarbageCollection(), here.podGarbageCollection(), "workflow.podGC"),
        pick(there.sourceUrl(), here.sourceUrl(), "source.url", "source.fluxUrl", "web.git.url"),
        pick(
            there.sourceBranch(),
            here.sourceBranch(),
            "source.branch",
            "source.tag",
            "source.commit"),
        either(
            there.sourceSecretRef(),
            here.sourceSecretRef(),
            "source.fluxSecretRef",
            "web.git.secretRef"),
        pick(there.statusUrl(), here.statusUrl(), "status.url", "web.git.url", source, reached),
        pick(there.statusBranch(), here.statusBranch(), "status.branch"),
        either(there.statusSecretRef(), here.statusSecretRef(), "web.git.secretRef", secret),
        tenancy(there.tenancy(), here.tenancy()));
  }

  private Tenancy tenancy(Tenancy there, Tenancy here) {
    return new Tenancy(
        pick(
            there.serviceAccountRequired(),
            here.serviceAccountRequired(),
            "tenancy.serviceAccountRequired"),
        either(
            there.defaultServiceAccount(),
            here.defaultServiceAccount(),
            "tenancy.defaultServiceAccount"),
        there.tenants());
  }

  private <T> T pick(T there, T here, String... keys) {
    return isAsked(there, here, keys) ? here : there;
  }

  private @Nullable String either(@Nullable String there, @Nullable String here, String... keys) {
    return isAsked(there, here, keys) ? here : there;
  }

  private boolean isAsked(@Nullable Object there, @Nullable Object here, String... keys) {
    Set<String> given = Arrays.stream(keys).filter(options::contains).collect(Collectors.toSet());
    if (given.isEmpty() || Objects.equals(there, here)) {
      return false;
    }
    changed.addAll(given);
    return true;
  }

  /** That it is not what the agent there does, in a sentence; "" when it is. */
  String notice() {
    return changed.isEmpty()
        ? ""
        : "what if: "
            + changed.stream().map(key -> "`--set " + key + "`").collect(Collectors.joining(", "))
            + " says otherwise than the status branch of "
            + site.clusterName()
            + ", so this is not the plan of the agent there: do not approve its digest";
  }
}
