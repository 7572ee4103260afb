// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.preview;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.diff.ObjectChange;
import dev.segue.renderer.diff.Operation;
import dev.segue.renderer.diff.ReleaseDiff;
import dev.segue.renderer.diff.ReleaseObjects;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.ReleaseSettings;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.model.Values;
import dev.segue.renderer.plan.Plan;
import dev.segue.renderer.plan.Planner;
import dev.segue.renderer.render.BundleRenderer;
import dev.segue.renderer.resolve.DesiredGroup;
import dev.segue.renderer.testing.Products;
import dev.segue.renderer.testing.Renders;
import dev.segue.renderer.yaml.YamlWriter;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class PreviewSecretsTest {
  private static final ReleaseName WEB = ReleaseName.parse("web");

  @Property(tries = 60)
  void noViewShowsASecretWhereverItStands(
      @ForAll("secrets") String before, @ForAll("secrets") String after) {
    ReleaseDiff diff = ReleaseDiff.of(Operation.UPGRADE, rendered(before), rendered(after));
    GroupPreview preview = preview(desired(after), diff);
    assertThat(views(preview))
        .allSatisfy(view -> hides(view, before))
        .allSatisfy(view -> hides(view, after));
    assertThat(diff.isEmpty()).isEqualTo(before.equals(after));
  }

  @Property(tries = 60)
  void theStatusBranchHidesItAndSaysThatItIsNotKnown(@ForAll("secrets") String secret) {
    DesiredGroup desired = desired(secret);
    String recorded =
        Objects.requireNonNull(
            BundleRenderer.render(plan(desired), 1, Products.SETTINGS, Map.of(WEB, output(secret)))
                .files()
                .get(RepoPath.parse("manifests/web.yaml")));
    hides(recorded, secret);
    ReleaseObjects before = ReleaseObjects.recorded(recorded, Namespace.parse("shop"));
    ReleaseDiff diff = ReleaseDiff.of(Operation.UPGRADE, before, rendered(secret));
    assertThat(diff.notices()).isEmpty();
    assertThat(diff.objects())
        .hasSize(3)
        .allSatisfy(object -> assertThat(object.kind()).isEqualTo(ObjectChange.Kind.UNKNOWN));
    assertThat(views(preview(desired, diff))).allSatisfy(view -> hides(view, secret));
  }

  /** Of several lines too, with what YAML, JSON and Markdown write in another way. */
  @Provide
  Arbitrary<String> secrets() {
    Arbitrary<String> words =
        Arbitraries.strings().withChars("QXZ\"'\\:#{}|`*&é<>").ofMinLength(5).ofMaxLength(12);
    return Arbitraries.oneOf(
        words.map(word -> "Q" + word),
        words.list().ofMinSize(2).ofMaxSize(4).map(lines -> String.join("\n", lines) + "\nZZZZZ"));
  }

  private static void hides(String view, String secret) {
    assertThat(view)
        .doesNotContain(
            Base64.getEncoder().encodeToString(secret.getBytes(StandardCharsets.UTF_8)));
    for (String line : secret.lines().toList()) {
      assertThat(view)
          .doesNotContain(line)
          .doesNotContain(line.replace("\\", "\\\\").replace("\"", "\\\""));
    }
  }

  private static List<String> views(GroupPreview preview) {
    List<GroupPreview> all = List.of(preview);
    return List.of(
        PreviewText.write(all, Palette.PLAIN, Detail.ALL),
        PreviewText.write(all, Palette.COLOURED, Detail.CHANGES),
        PreviewMarkdown.write(all, Detail.CHANGES, PreviewMarkdown.GITLAB),
        YamlWriter.write(PreviewJson.data(all)),
        PreviewJson.data(all).toString(),
        SitesTable.markdown(all));
  }

  private static GroupPreview preview(DesiredGroup desired, ReleaseDiff diff) {
    SortedMap<ReleaseName, ReleaseDiff> diffs = new TreeMap<>(Map.of(WEB, diff));
    return new GroupPreview(
        desired.group().name(),
        "site-a",
        null,
        Products.COMMIT_1,
        plan(desired),
        "",
        List.of(),
        List.of(),
        diffs,
        Map.of());
  }

  private static Plan plan(DesiredGroup desired) {
    return Planner.plan(desired, Products.inventory(empty()), Map.of(), name -> Optional.empty());
  }

  private static DesiredGroup empty() {
    return Products.group("shop").desired();
  }

  private static DesiredGroup desired(String secret) {
    return Products.group("shop")
        .app(
            "web",
            "1.0.0",
            new Values(Map.of("auth", Map.of("password", secret))),
            List.of("auth.password"),
            Values.EMPTY)
        .desired();
  }

  private static ReleaseObjects rendered(String secret) {
    ReleaseSettings settings =
        Renders.settings(
            Map.of("auth", Map.of("password", secret)), List.of("auth.password"), Map.of());
    return ReleaseObjects.rendered(output(secret), settings);
  }

  private static HelmOutput output(String secret) {
    String base64 = Base64.getEncoder().encodeToString(secret.getBytes(StandardCharsets.UTF_8));
    return Renders.output(
        object("Secret", "a", Map.of("data", Map.of("p", base64))),
        object("ConfigMap", "b", Map.of("data", Map.of("p", "a " + secret + "\nb", "q", secret))),
        object(
            "Pod",
            "c",
            Map.of(
                "spec",
                Map.of("containers", List.of(Map.of("name", "c", "args", List.of(secret)))))));
  }

  private static String object(String kind, String name, Map<String, Object> more) {
    Map<String, Object> object = new TreeMap<>(more);
    object.put("apiVersion", "v1");
    object.put("kind", kind);
    object.put("metadata", Map.of("name", name));
    return YamlWriter.write(object);
  }
}
