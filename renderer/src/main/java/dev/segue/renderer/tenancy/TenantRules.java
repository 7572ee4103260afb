// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.tenancy;

import dev.segue.renderer.model.ApiKind;
import dev.segue.renderer.model.ApiKind.Scope;
import dev.segue.renderer.model.Application;
import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.PlainData;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.Tenancy;
import dev.segue.renderer.model.Tenant;
import dev.segue.renderer.model.Values;
import dev.segue.renderer.resolve.DesiredGroup;
import dev.segue.renderer.tenancy.BroughtObjects.Brought;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Tells what a group must not release, at the line of the application that would. */
public final class TenantRules {
  private static final ApiKind NAMESPACE = new ApiKind("", "v1", "Namespace");
  private static final String IN_CONFIGURATION = " in the agent's configuration.";

  private final Tenancy tenancy;
  private final Namespace own;
  private final String steps;
  private final TreeSet<Problem> problems = new TreeSet<>();

  private TenantRules(Tenancy tenancy, Namespace own, String steps) {
    this.tenancy = tenancy;
    this.own = own;
    this.steps = steps;
  }

  /**
   * Returns what the file itself asks for and must not have, sorted.
   *
   * @param own the namespace of Segue's own objects
   * @param steps the service account of the Workflow's steps
   */
  public static List<Problem> declared(
      ApplicationGroup group, Tenancy tenancy, Namespace own, String steps) {
    TenantRules rules = new TenantRules(tenancy, own, steps);
    Optional<Tenant> tenant = tenancy.tenant(group.origin().file());
    boolean nobodys = tenant.isEmpty() && !tenancy.tenants().isEmpty();
    if (nobodys && !group.applications().isEmpty()) { // what is gone may go
      rules.nobodys(group);
    } else {
      rules.checkNamespace(group, tenant.orElse(null));
      group.applications().forEach(application -> rules.declared(application, tenant.orElse(null)));
    }
    return List.copyOf(rules.problems);
  }

  /**
   * Returns what the charts of a group bring and must not, sorted.
   *
   * @param told what the cluster said of the kinds that were to be asked for
   */
  public static List<Problem> brought(
      DesiredGroup desired,
      BroughtObjects objects,
      Map<ApiKind, Scope> told,
      Tenancy tenancy,
      Namespace own) {
    Optional<Tenant> tenant = tenancy.tenant(desired.group().origin().file());
    if (tenant.isEmpty() || tenant.get().isFree()) {
      return List.of();
    }
    TenantRules rules = new TenantRules(tenancy, own, "");
    Map<ApiKind, Scope> scopes = objects.scopes(told);
    objects
        .ofRelease()
        .forEach(
            (name, brought) ->
                rules.brought(desired.release(name).application(), brought, scopes, tenant.get()));
    objects.unreadable().forEach(name -> rules.unreadable(desired.release(name).application()));
    return List.copyOf(rules.problems);
  }

  private void nobodys(ApplicationGroup group) {
    problems.add(
        Problem.at(
            group.origin(),
            ProblemCode.TENANT_UNKNOWN,
            "",
            "the file must be that of a tenant; \""
                + group.origin().file()
                + "\" is in no tenant's `paths`, or `objects` where it was applied",
            "Move it, or have it added to one of `tenancy.tenants`" + IN_CONFIGURATION));
  }

  /** In it are others' Secrets and service accounts. Of an applied object `objects` says it. */
  private void checkNamespace(ApplicationGroup group, @Nullable Tenant tenant) {
    Namespace namespace = group.namespace();
    if (namespace == null
        || namespace.equals(own)
        || tenancy.ofObjects()
        || tenant == null
        || tenant.isFree()
        || tenant.mayUse(namespace.value(), own)) {
      return;
    }
    problems.add(
        Problem.at(
            group.origin(),
            ProblemCode.TENANT_GROUP_NAMESPACE,
            "metadata.namespace",
            "must be \""
                + own
                + "\" or a namespace of tenant \""
                + tenant.name()
                + "\" ("
                + String.join(", ", tenant.namespaces())
                + "); got \""
                + namespace
                + "\"",
            "Leave it out, or have it added to the tenant's `namespaces`" + IN_CONFIGURATION));
  }

  private void declared(Application application, @Nullable Tenant tenant) {
    checkAccount(application, tenant);
    if (tenant == null || tenant.isFree()) {
      return;
    }
    Namespace target = application.release().targetNamespace();
    if (!tenant.mayUse(target.value(), own)) {
      report(
          application,
          ProblemCode.TENANT_NAMESPACE,
          "spec.release.targetNamespace",
          "must be a namespace of tenant \""
              + tenant.name()
              + "\" ("
              + String.join(", ", tenant.namespaces())
              + "); got \""
              + target
              + "\"",
          "Release it into one of them, or have it added to the tenant's `namespaces`"
              + IN_CONFIGURATION);
    }
    checkNamed(application, tenant);
    if (changesObjects(application.release().inlined())) {
      report(
          application,
          ProblemCode.TENANT_POST_RENDERERS,
          "spec.release.postRenderers",
          "must have `kustomize.images` only: patches can move an object to another namespace"
              + " or make it one of another kind after it was looked at",
          "Set it by the chart's values.");
    }
  }

  /**
   * Flux and the agent read what a file names with their own rights, whoever the release runs as.
   */
  private void checkNamed(Application application, Tenant tenant) {
    application
        .chart()
        .credentials()
        .ifPresent(
            name -> checkNamed(application, tenant, "spec.chart.authSecretRef", "Secret", name));
    application
        .release()
        .valuesFrom()
        .forEach(
            from ->
                checkNamed(
                    application, tenant, "spec.release.valuesFrom", from.kind(), from.name()));
  }

  private void checkNamed(
      Application application, Tenant tenant, String field, String kind, String name) {
    if (!tenant.mayName(name)) {
      String allowed = tenant.secrets().isEmpty() ? "none" : String.join(", ", tenant.secrets());
      report(
          application,
          ProblemCode.TENANT_SECRET,
          field,
          "must name Secrets and ConfigMaps of tenant \""
              + tenant.name()
              + "\" only ("
              + allowed
              + "); got "
              + kind
              + " \""
              + name
              + "\"",
          "Name one of them, or have it added to the tenant's `secrets`" + IN_CONFIGURATION);
    }
  }

  private void checkAccount(Application application, @Nullable Tenant tenant) {
    String named = PlainData.text(application.release().inlined().tree(), Tenancy.SERVICE_ACCOUNT);
    String laidDown = tenancy.account(application.origin().file()).orElse("");
    if (named.isEmpty() && laidDown.isEmpty() && tenancy.serviceAccountRequired()) {
      report(
          application,
          ProblemCode.TENANT_SERVICE_ACCOUNT_MISSING,
          "spec.release.serviceAccountName",
          "must be given: this agent releases nothing with Flux's own rights",
          "Name a service account in the group's `spec.serviceAccountName`.");
    }
    if (!named.isEmpty() && named.equals(steps)) {
      report(
          application,
          ProblemCode.TENANT_SERVICE_ACCOUNT,
          "spec.release.serviceAccountName",
          "must not be that of the Workflow's steps; got \"" + named + "\"",
          "Who may create HelmReleases may do all that Flux may: name an account of your own.");
    } else if (tenant != null
        && !named.isEmpty()
        && !laidDown.isEmpty()
        && !named.equals(laidDown)) {
      report(
          application,
          ProblemCode.TENANT_SERVICE_ACCOUNT,
          "spec.release.serviceAccountName",
          "must be \""
              + laidDown
              + "\", as which tenant \""
              + tenant.name()
              + "\" releases; got \""
              + named
              + "\"",
          "Leave it out.");
    }
  }

  /** Whether Flux is to change rendered objects beyond their images. */
  private static boolean changesObjects(Values inlined) {
    Object renderers = inlined.tree().get("postRenderers");
    return renderers instanceof List<?> list
        ? list.stream().anyMatch(TenantRules::changesObjects)
        : renderers != null;
  }

  private static boolean changesObjects(@Nullable Object renderer) {
    Map<String, @Nullable Object> kustomize = PlainData.map(PlainData.at(renderer, "kustomize"));
    return !PlainData.map(renderer).keySet().stream().allMatch("kustomize"::equals)
        || !kustomize.keySet().stream().allMatch("images"::equals);
  }

  private void brought(
      Application application, List<Brought> objects, Map<ApiKind, Scope> scopes, Tenant tenant) {
    Map<String, Refused> refused = new TreeMap<>();
    for (Brought object : objects) {
      Scope scope = scopes.getOrDefault(object.kind(), Scope.UNKNOWN);
      if (scope != Scope.NAMESPACED && !mayBring(object, tenant)) {
        refused
            .computeIfAbsent(
                scope + object.kind().qualified(), key -> new Refused(object, scope, tenant))
            .names
            .add(object.name());
      } else if (!object.namespace().isEmpty()
          && scope != Scope.CLUSTER
          && !tenant.mayUse(object.namespace(), own)) {
        refused
            .computeIfAbsent(
                object.namespace() + "/" + object.kind().qualified(),
                key -> new Refused(object, Scope.NAMESPACED, tenant))
            .names
            .add(object.name());
      }
    }
    refused.values().forEach(each -> problems.add(each.problem(application)));
  }

  /** One that makes a namespace has to be allowed the namespace as well. */
  private boolean mayBring(Brought object, Tenant tenant) {
    boolean namespace = object.kind().qualified().equals(NAMESPACE.qualified());
    return tenant.mayBring(object.kind()) && (!namespace || tenant.mayUse(object.name(), own));
  }

  private void unreadable(Application application) {
    report(
        application,
        ProblemCode.TENANT_UNREADABLE,
        "spec.chart",
        "must render YAML that can be read: nobody can tell where its objects go",
        "See it with `segue validate`.");
  }

  private void report(
      Application application, ProblemCode code, String field, String message, String remedy) {
    problems.add(
        Problem.at(
            application.origin(),
            code,
            field,
            "of \"" + application.name() + "\" " + message,
            remedy));
  }

  /** Objects of one kind that are refused for one reason. */
  private static final class Refused {
    private static final int SHOWN = 3;

    private final Brought first;
    private final Scope scope;
    private final Tenant tenant;
    private final TreeSet<String> names = new TreeSet<>();

    Refused(Brought first, Scope scope, Tenant tenant) {
      this.first = first;
      this.scope = scope;
      this.tenant = tenant;
    }

    Problem problem(Application application) {
      return scope == Scope.NAMESPACED
          ? elsewhere(application, application.name())
          : ofTheCluster(application, application.name());
    }

    private Problem elsewhere(Application application, ReleaseName release) {
      return Problem.at(
          application.origin(),
          ProblemCode.TENANT_OBJECT_NAMESPACE,
          "spec.chart",
          "of \""
              + release
              + "\" must bring objects for namespaces of tenant \""
              + tenant.name()
              + "\" only ("
              + String.join(", ", tenant.namespaces())
              + "); it has "
              + first.kind().qualified()
              + " "
              + shown()
              + " for namespace \""
              + first.namespace()
              + "\"",
          "Set another namespace in the chart's values, or have it added to the tenant's"
              + " `namespaces`"
              + IN_CONFIGURATION);
    }

    private Problem ofTheCluster(Application application, ReleaseName release) {
      String kinds =
          tenant.clusterScoped().isEmpty() ? "none" : String.join(", ", tenant.clusterScoped());
      boolean namespace = first.kind().qualified().equals(NAMESPACE.qualified());
      return Problem.at(
          application.origin(),
          ProblemCode.TENANT_CLUSTER_SCOPED,
          "spec.chart",
          "of \""
              + release
              + "\" must not bring "
              + first.kind().qualified()
              + " "
              + shown()
              + (scope == Scope.UNKNOWN
                  ? ", a kind that neither the cluster nor the group's CRDs know, so it may be in"
                      + " no namespace"
                  : ", which is in no namespace")
              + "; of such kinds tenant \""
              + tenant.name()
              + "\" may bring "
              + kinds
              + (namespace ? ", and namespaces of its own only" : ""),
          "Turn it off in the chart's values, or have \""
              + first.kind().qualified()
              + "\" added to the tenant's `clusterScoped`"
              + IN_CONFIGURATION);
    }

    private String shown() {
      List<String> some = names.stream().limit(SHOWN).map(name -> "\"" + name + "\"").toList();
      int more = names.size() - some.size();
      return String.join(", ", some) + (more > 0 ? " and " + more + " more" : "");
    }
  }
}
