// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.model.ApiKind;
import dev.segue.renderer.model.ApiKind.Scope;
import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.render.RenderSettings;
import dev.segue.renderer.resolve.DesiredGroup;
import dev.segue.renderer.tenancy.BroughtObjects;
import dev.segue.renderer.tenancy.TenantRules;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a group must not release because of whose file it is. */
public final class TenantCheck {
  /** The reason of a group's status. */
  static final String REASON = "AccessDenied";

  /** Who knows where objects of a kind are. */
  @FunctionalInterface
  interface Scopes {
    /** Where no cluster can be asked, what only one knows is taken for namespaced. */
    Scopes UNASKED = kind -> Scope.NAMESPACED;

    Scope of(ApiKind kind) throws ClusterException;
  }

  private TenantCheck() {}

  /** Returns what the file itself asks for and must not have, sorted. */
  public static List<Problem> declared(ApplicationGroup group, RenderSettings settings) {
    return TenantRules.declared(
        group, settings.tenancy(), settings.namespace(), settings.serviceAccount());
  }

  /** As {@link #released}, where no cluster can be asked. */
  public static List<Problem> rendered(
      DesiredGroup desired, Map<ReleaseName, HelmOutput> outputs, RenderSettings settings) {
    try {
      return brought(desired, outputs, settings, Scopes.UNASKED);
    } catch (ClusterException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Returns what the file asks for and what its charts bring that must not be, sorted.
   *
   * @param outputs by release; one that is not there is not looked at
   */
  static List<Problem> released(
      DesiredGroup desired,
      Map<ReleaseName, HelmOutput> outputs,
      RenderSettings settings,
      Scopes scopes)
      throws ClusterException {
    TreeSet<Problem> problems = new TreeSet<>(declared(desired.group(), settings));
    problems.addAll(brought(desired, outputs, settings, scopes));
    return List.copyOf(problems);
  }

  private static List<Problem> brought(
      DesiredGroup desired,
      Map<ReleaseName, HelmOutput> outputs,
      RenderSettings settings,
      Scopes scopes)
      throws ClusterException {
    if (settings.tenancy().tenants().isEmpty()) {
      return List.of(); // nothing is read for nothing
    }
    BroughtObjects objects = BroughtObjects.of(desired, outputs);
    Map<ApiKind, Scope> told = new TreeMap<>();
    for (ApiKind kind : objects.toBeAsked()) {
      told.put(kind, scopes.of(kind));
    }
    return TenantRules.brought(desired, objects, told, settings.tenancy(), settings.namespace());
  }
}
