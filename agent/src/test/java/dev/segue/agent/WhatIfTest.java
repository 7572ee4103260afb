// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.agent.reconcile.ReconcilerSettings;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.Tenancy;
import dev.segue.renderer.render.RenderSettings;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which option changes what of a site's settings. */
class WhatIfTest {
  private static final ReconcilerSettings SITE = settings("there", 1, "v1.34.0", false);
  private static final ReconcilerSettings OURS = settings("here", 2, "v1.35.0", true);

  /** All of it another for another word and number. */
  private static ReconcilerSettings settings(
      String word, int number, String kubeVersion, boolean required) {
    String url = "https://" + word + ".example.org/products.git";
    RenderSettings render =
        new RenderSettings(
            Namespace.parse("ns-" + word),
            "account-" + word,
            number,
            Duration.ofHours(number),
            "gc-" + word,
            url,
            "branch-" + word,
            "secret-" + word,
            url,
            "status-" + word,
            "secret-" + word,
            new Tenancy(required, "default-" + word, List.of()));
    return new ReconcilerSettings(
        "site-a", List.of(word), kubeVersion, Duration.ofMinutes(5), 4, number, render);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "source.paths,                   paths=[there],                 paths=[here]",
    "cluster.kubeVersion,            kubeVersion=v1.34.0,           kubeVersion=v1.35.0",
    "reconcile.removalPercent,       removalPercent=1,              removalPercent=2",
    "cluster.namespace,              namespace=ns-there,            namespace=ns-here",
    "cluster.workflowServiceAccount, serviceAccount=account-there,  serviceAccount=account-here",
    "workflow.parallelism,           parallelism=1,                 parallelism=2",
    "workflow.ttl,                   timeToLive=PT1H,               timeToLive=PT2H",
    "workflow.podGC,                 gc-there,                      gc-here",
    "source.url,                     https://there.,                https://here.",
    "source.fluxUrl,                 https://there.,                https://here.",
    "web.git.url,                    https://there.,                https://here.",
    "source.branch,                  branch-there,                  branch-here",
    "source.fluxSecretRef,           secret-there,                  secret-here",
    "web.git.secretRef,              secret-there,                  secret-here",
    "status.url,                     statusUrl=https://there.,      statusUrl=https://here.",
    "status.branch,                  status-there,                  status-here",
    "tenancy.serviceAccountRequired, Required=false,                Required=true",
    "tenancy.defaultServiceAccount,  default-there,                 default-here",
  })
  void anOptionChangesItsOwnAndIsNamed(String option, String there, String here) {
    WhatIf whatIf = new WhatIf(SITE, OURS, Set.of(option, "charts.cache"));

    assertThat(whatIf.settings()).hasToString(SITE.toString().replace(there, here));
    assertThat(whatIf.settings()).isNotEqualTo(SITE);
    assertThat(whatIf.notice()).startsWith("what if: `--set " + option + "` says otherwise");
  }

  @Test
  void aStatusBranchElsewhereStaysThere() {
    RenderSettings render = SITE.render();
    RenderSettings apart =
        new RenderSettings(
            render.namespace(),
            render.serviceAccount(),
            render.parallelism(),
            render.timeToLive(),
            render.podGarbageCollection(),
            render.sourceUrl(),
            render.sourceBranch(),
            render.sourceSecretRef(),
            "https://status.example.org/status.git",
            render.statusBranch(),
            null);
    ReconcilerSettings site =
        new ReconcilerSettings("site-a", SITE.paths(), "v1.34.0", SITE.interval(), 4, 1, apart);

    RenderSettings changed = new WhatIf(site, OURS, Set.of("source.url")).settings().render();

    assertThat(changed.sourceUrl()).isEqualTo(OURS.render().sourceUrl());
    assertThat(changed.statusUrl()).isEqualTo("https://status.example.org/status.git");
  }

  @Test
  void nothingIsSaidWithoutAnOptionOrOfOneThatSaysTheSame() {
    assertThat(new WhatIf(SITE, OURS, Set.of()).notice()).isEmpty();
    assertThat(new WhatIf(SITE, OURS, Set.of()).settings()).isEqualTo(SITE);
    assertThat(new WhatIf(SITE, SITE, Set.of("cluster.namespace")).notice()).isEmpty();
  }
}
