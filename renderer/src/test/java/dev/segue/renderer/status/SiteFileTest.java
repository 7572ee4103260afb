// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.Tenancy;
import dev.segue.renderer.model.Tenant;
import dev.segue.renderer.testing.Products;
import java.util.List;
import org.junit.jupiter.api.Test;

class SiteFileTest {
  private static Site site(Tenancy tenancy) {
    return new Site("lab", "v1.34.4", Products.SETTINGS.with(tenancy), List.of("products/**"), 50);
  }

  @Test
  void readsBackWhatItWrote() {
    Tenant shop =
        new Tenant(
            "shop",
            List.of("a", "b/*"),
            List.of("team/*"),
            List.of("shop-*"),
            List.of("ClusterRole"),
            List.of("shop-*"),
            "deployer");
    Tenant platform = new Tenant("platform", List.of("**"), List.of("*"), List.of(), null);
    for (Tenancy tenancy :
        List.of(
            Tenancy.NONE,
            new Tenancy(true, null, List.of()),
            new Tenancy(false, "least", List.of(shop, platform)))) {
      assertThat(SiteFile.read(SiteFile.write(site(tenancy)))).contains(site(tenancy));
    }
  }

  @Test
  void saysNothingOfTenantsWhereThereAreNone() {
    assertThat(SiteFile.write(site(Tenancy.NONE))).doesNotContain("tenancy");
  }
}
