// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.PlainData;
import dev.segue.renderer.schema.Crd;
import dev.segue.renderer.yaml.YamlNode;
import dev.segue.renderer.yaml.YamlReader;
import dev.segue.renderer.yaml.YamlStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.luaj.vm2.Globals;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.lib.jse.JsePlatform;

/** What {@code deploy/flux} and {@code deploy/argo-cd} give to others. */
final class AppliedExamplesTest {
  private static final Path DEPLOY = Path.of("..", "deploy");
  private static final String HEALTH =
      "resource.customizations.health." + Crd.API_VERSION.replaceFirst("/.*", "") + "_" + Crd.KIND;

  private static List<Map<String, @Nullable Object>> documents(String file) throws IOException {
    YamlStream stream = YamlReader.read(Files.readString(DEPLOY.resolve(file)));
    assertThat(stream.faults()).isEmpty();
    return stream.documents().stream()
        .map(document -> ((YamlNode.Mapping) document).data())
        .toList();
  }

  /** As Argo CD runs it, with another interpreter. */
  private static String health(String object) {
    YamlNode.Mapping document = (YamlNode.Mapping) YamlReader.read(object).documents().get(0);
    try {
      Globals globals = JsePlatform.standardGlobals();
      globals.set("obj", lua(document.data()));
      LuaValue health =
          globals.load(Files.readString(DEPLOY.resolve("argo-cd/health.lua")), "health").call();
      return health.get("status").checkjstring() + ": " + health.get("message").checkjstring();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static LuaValue lua(@Nullable Object node) {
    if (node instanceof Map<?, ?> map) {
      LuaTable table = new LuaTable();
      map.forEach((key, value) -> table.set(String.valueOf(key), lua(value)));
      return table;
    }
    if (node instanceof List<?> list) {
      LuaTable table = new LuaTable();
      for (int i = 0; i < list.size(); i++) {
        table.set(i + 1, lua(list.get(i)));
      }
      return table;
    }
    return node instanceof Long number
        ? LuaValue.valueOf(number)
        : LuaValue.valueOf(String.valueOf(node));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "just applied, ''                            , Progressing: Waiting for Segue",
    "an older spec, 'Ready=True=Succeeded'       , Progressing: Waiting for Segue to read generation 2",
    "released, 'Ready=True=Succeeded'            , Healthy: so",
    "under way, 'Ready=Unknown=Progressing Reconciling=True=Progressing', Progressing: so",
    "back at an older one, 'Ready=False=RolledBack Stalled=True=RolledBack', Degraded: so",
    "wrong, 'Ready=False=Invalid Stalled=True=Invalid', Degraded: so",
    "drifted, 'Drifted=True=Drifted Ready=False=Drifted', Degraded: so",
    "a plan that waits, 'Ready=Unknown=AwaitingApproval', Suspended: so",
    "suspended, 'Ready=Unknown=Suspended'        , Suspended: so",
    "stopped, 'Ready=Unknown=Stopped'            , Progressing: so"
  })
  void argoCdSeesHowAGroupStands(String what, String conditions, String health) {
    String status =
        conditions.isEmpty()
            ? "{}"
            : "{observedGeneration: "
                + (what.equals("an older spec") ? 1 : 2)
                + ", conditions: ["
                + List.of(conditions.split(" ")).stream()
                    .map(each -> each.split("="))
                    .map(
                        c ->
                            "{type: %s, status: \"%s\", reason: %s, message: so}"
                                .formatted(c[0], c[1], c[2]))
                    .collect(Collectors.joining(", "))
                + "]}";

    assertThat(health("metadata: {name: shop, generation: 2}\nstatus: " + status + "\n"))
        .isEqualTo(health);
  }

  @Test
  void thePatchOfArgoCdHasTheScriptThatIsTested() throws Exception {
    String script =
        Files.readString(DEPLOY.resolve("argo-cd/health.lua")).replaceFirst("^(--.*\n)+", "");

    assertThat(PlainData.text(documents("argo-cd/argocd-cm.yaml").get(0), "data", HEALTH))
        .isEqualTo(script);
  }

  @Test
  void theExamplesForArgoCdAndFluxAreWellFormedAndNameOurKind() throws Exception {
    assertThat(documents("argo-cd/application.yaml"))
        .extracting(document -> new Manifest(document).kind())
        .containsExactly("Application");
    List<Manifest> flux = documents("flux/shop.yaml").stream().map(Manifest::new).toList();
    assertThat(flux)
        .extracting(Manifest::kind)
        .containsExactly("GitRepository", "Kustomization", "Kustomization");
    assertThat(flux.get(1).at("spec", "wait")).isEqualTo(true);
    assertThat(flux.get(2).maps("spec", "healthChecks"))
        .singleElement()
        .satisfies(
            check ->
                assertThat(check)
                    .containsEntry("apiVersion", Crd.API_VERSION)
                    .containsEntry("kind", Crd.KIND));
  }
}
