// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What files may release, and as whom.
 *
 * @param serviceAccountRequired whether a HelmRelease without a service account is refused
 * @param defaultServiceAccount that HelmReleases run as for which nothing else is said; null for
 *     none
 * @param tenants a file belongs to the first that has it; empty where every file may release
 *     anything
 * @param ofObjects whether what is told as files are applied objects
 */
public record Tenancy(
    boolean serviceAccountRequired,
    @Nullable String defaultServiceAccount,
    List<Tenant> tenants,
    boolean ofObjects) {
  /** Everybody may release everything. */
  public static final Tenancy NONE = new Tenancy(false, null, List.of());

  /** HelmRelease's field. */
  public static final String SERVICE_ACCOUNT = "serviceAccountName";

  public Tenancy {
    tenants = List.copyOf(tenants);
  }

  /** Of files. */
  public Tenancy(
      boolean serviceAccountRequired,
      @Nullable String defaultServiceAccount,
      List<Tenant> tenants) {
    this(serviceAccountRequired, defaultServiceAccount, tenants, false);
  }

  /**
   * Returns what holds for applied objects, each told as a file {@code NAMESPACE/NAME.yaml}: what a
   * tenant has of files says nothing of them.
   */
  public Tenancy asOfObjects() {
    return new Tenancy(
        serviceAccountRequired,
        defaultServiceAccount,
        tenants.stream().map(Tenant::ofObjects).toList(),
        true);
  }

  /** Returns whose the file is. */
  public Optional<Tenant> tenant(RepoPath file) {
    return tenants.stream().filter(tenant -> tenant.has(file)).findFirst();
  }

  /** Returns the account that is laid down for the file; empty where there is none. */
  public Optional<String> account(RepoPath file) {
    return tenant(file)
        .flatMap(tenant -> Optional.ofNullable(tenant.serviceAccount()))
        .or(() -> Optional.ofNullable(defaultServiceAccount));
  }

  /** Returns the group with the account that is laid down where the file names none. */
  public ApplicationGroup withAccounts(ApplicationGroup group) {
    Optional<String> account = account(group.origin().file());
    return account.isEmpty()
        ? group
        : new ApplicationGroup(
            group.name(),
            group.namespace(),
            group.origin(),
            group.interval(),
            group.parallelism(),
            group.lifecycle(),
            group.applications().stream().map(a -> withAccount(a, account.get())).toList());
  }

  private static Application withAccount(Application application, String account) {
    ReleaseSettings release = application.release();
    return application.with(
        new ReleaseSettings(
            release.targetNamespace(),
            release.interval(),
            release.timeout(),
            release.values(),
            release.valuesFrom(),
            release.sensitive(),
            withAccount(release.inlined(), account)));
  }

  /** Returns HelmRelease's fields with that account where they name none. */
  public static Values withAccount(Values inlined, String account) {
    if (inlined.tree().containsKey(SERVICE_ACCOUNT)) {
      return inlined;
    }
    Map<String, @Nullable Object> fields = new TreeMap<>(inlined.tree());
    fields.put(SERVICE_ACCOUNT, account);
    return new Values(fields);
  }
}
