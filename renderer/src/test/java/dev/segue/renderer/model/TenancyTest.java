// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TenancyTest {
  private static final Namespace OWN = Namespace.parse("segue");

  private static Tenant tenant(String name, @Nullable String account, String... paths) {
    return new Tenant(name, List.of(paths), List.of(name), List.of(), account);
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "teams/a, teams/a/x/y.yaml, true",
    "teams/a, teams/ab/x.yaml, false",
    "teams/a/, teams/a/x.yaml, true",
    "teams/a.yaml, teams/a.yaml, true",
    "teams/*/prod.yaml, teams/a/prod.yaml, true",
    "teams/*/prod.yaml, teams/a/b/prod.yaml, false",
    "teams/**, teams/a/b/prod.yaml, true",
    "., anything.yaml, true"
  })
  void aFileBelongsToWhoHasItsPath(String path, String file, boolean has) {
    Tenancy tenancy = new Tenancy(false, null, List.of(tenant("a", null, path)));
    assertThat(tenancy.tenant(RepoPath.parse(file)).isPresent()).isEqualTo(has);
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "team-a/*, team-a/shop.yaml, true",
    "team-a/*, team-ab/shop.yaml, false",
    "team-a/shop, team-a/shop.yaml, true",
    "team-a/shop, team-a/shop/web.yaml, false",
    "team-a/shop, team-a/shopping.yaml, false",
    "*/shop, team-b/shop.yaml, true",
    "*/*, orkestra.azure.microsoft.com/shop.yaml, true"
  })
  void anAppliedObjectBelongsToWhoHasItAndNeverToWhoHasItsPath(
      String objects, String file, boolean has) {
    Tenant tenant =
        new Tenant(
            "a", List.of("**", "team-a"), List.of(objects), List.of(), List.of(), List.of(), null);
    Tenancy tenancy = new Tenancy(false, null, List.of(tenant)).asOfObjects();
    assertThat(tenancy.tenant(RepoPath.parse(file)).isPresent()).isEqualTo(has);
  }

  @Test
  void theFirstTenantThatHasAFileHasIt() {
    Tenancy tenancy =
        new Tenancy(
            false,
            "least",
            List.of(tenant("a", "deployer", "teams/a"), tenant("rest", null, "teams/**")));

    assertThat(tenancy.account(RepoPath.parse("teams/a/x.yaml"))).contains("deployer");
    assertThat(tenancy.account(RepoPath.parse("teams/b/x.yaml"))).contains("least");
    assertThat(tenancy.tenant(RepoPath.parse("x.yaml"))).isEmpty();
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "shop-db, shop-db, true",
    "shop-*, shop-db, true",
    "shop-*, bank-db, false",
    "shop-*, shop-x.web-0123456789, false",
    "*, bank, true",
    "*, shop.web-0123456789, false",
    "*.*, shop.web-0123456789, true",
    "*, segue-git-credentials, false",
    "*, segue-memory-bank, false",
    "segue-*, segue-memory-bank, false",
    "segue-git-credentials, segue-git-credentials, true"
  })
  void aWildcardNeverStandsForASecretOfOurOwn(String pattern, String named, boolean may) {
    Tenant tenant =
        new Tenant("a", List.of("."), List.of(), List.of("a"), List.of(), List.of(pattern), null);
    assertThat(tenant.mayName(named)).isEqualTo(may);
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "shop, shop, true",
    "shop, shop-dev, false",
    "shop-*, shop-dev, true",
    "shop-*, shop, false",
    "*-dev, shop-dev, true",
    "s*-d*v, shop-dev, true",
    "*, kube-system, true",
    "*, segue, false",
    "seg*, segue, false",
    "segue, segue, true"
  })
  void aWildcardNeverStandsForTheNamespaceOfOurOwnObjects(
      String pattern, String namespace, boolean may) {
    Tenant tenant = new Tenant("a", List.of("."), List.of(pattern), List.of(), null);
    assertThat(tenant.mayUse(namespace, OWN)).isEqualTo(may);
  }

  @ParameterizedTest(name = "{0} {1}/{2}")
  @CsvSource({
    "ClusterRole, rbac.authorization.k8s.io, ClusterRole, true",
    "ClusterRole.rbac.authorization.k8s.io, rbac.authorization.k8s.io, ClusterRole, true",
    "ClusterRole.example.com, rbac.authorization.k8s.io, ClusterRole, false",
    "Namespace, '', Namespace, true",
    "*, example.com, Anything, true",
    "clusterrole, rbac.authorization.k8s.io, ClusterRole, false"
  })
  void aKindIsNamedAloneOrWithItsGroup(String listed, String group, String kind, boolean may) {
    Tenant tenant = new Tenant("a", List.of("."), List.of("*"), List.of(listed), null);
    assertThat(tenant.mayBring(new ApiKind(group, "v1", kind))).isEqualTo(may);
  }
}
