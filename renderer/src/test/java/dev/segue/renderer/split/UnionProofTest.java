// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.split;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.split.UnionProof.Comparison;
import dev.segue.renderer.split.UnionProof.Difference;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class UnionProofTest {
  private static final String CRD = "# Source: shop/crds/x.yaml\nkind: CustomResourceDefinition\n";

  private static String object(String source, String kind, String name, String more) {
    return "# Source: shop/"
        + source
        + "\napiVersion: v1\nkind: "
        + kind
        + "\nmetadata:\n  name: "
        + name
        + "\n"
        + more;
  }

  private static final String DB =
      object("charts/db/templates/a.yaml", "Service", "db", "spec: {port: 1}\n");
  private static final String WEB =
      object("templates/b.yaml", "ConfigMap", "web", "data: {a: x}\n");

  private static HelmOutput output(String... manifests) {
    return new HelmOutput(List.of(manifests), List.of(), List.of(), List.of());
  }

  private static Comparison compare(HelmOutput whole, HelmOutput db, HelmOutput parent) {
    SortedMap<String, HelmOutput> parts = new TreeMap<>();
    parts.put("db", db);
    parts.put("", parent);
    return UnionProof.compare(whole, whole, parts);
  }

  @Test
  void findsPartsThatAreTheWholeInAnyOrder() {
    Comparison comparison = compare(output(WEB, DB), output(DB), output(WEB));
    assertThat(comparison.exact()).isTrue();
    assertThat(comparison.objects()).isEqualTo(2);
    assertThat(comparison.notices()).isEmpty();
  }

  @Test
  void doesNotMindCommentsAndStyle() {
    String other = DB.replace("spec: {port: 1}", "# a port\nspec:\n  port: 1");
    assertThat(compare(output(DB), output(other), output()).differences()).isEmpty();
  }

  @Test
  void namesTheFieldThatDiffers() {
    Comparison comparison = compare(output(DB), output(DB.replace("1}", "2}")), output());
    assertThat(comparison.differences())
        .containsExactly(
            new Difference(
                "v1 Service db", "db", "spec.port", "1", "2", "shop/charts/db/templates/a.yaml"));
  }

  @Test
  void reportsWhatIsMissingAndWhatIsExtra() {
    assertThat(compare(output(DB, WEB), output(DB), output()).differences())
        .containsExactly(
            new Difference("v1 ConfigMap web", "", "", "there", "", "shop/templates/b.yaml"));
    assertThat(compare(output(DB), output(DB), output(WEB)).differences())
        .containsExactly(
            new Difference("v1 ConfigMap web", "", "", "", "there", "shop/templates/b.yaml"));
  }

  @Test
  void reportsAnObjectThatTwoPartsRender() {
    assertThat(compare(output(DB), output(DB), output(DB)).differences())
        .singleElement()
        .satisfies(difference -> assertThat(difference.parts()).isEqualTo("there"));
  }

  @Test
  void reportsAHookThatIsNoneInThePart() {
    HelmOutput hook = new HelmOutput(List.of(), List.of(DB), List.of(), List.of());
    assertThat(compare(hook, output(DB), output()).exact()).isFalse();
    assertThat(compare(hook, hook, output()).exact()).isTrue();
  }

  @Test
  void takesDefinitionsAsASet() {
    HelmOutput crd = new HelmOutput(List.of(), List.of(), List.of(CRD), List.of());
    Comparison twice = compare(crd, crd, crd);
    assertThat(twice.exact()).isTrue();
    assertThat(twice.objects()).isEqualTo(1);
    assertThat(compare(crd, output(), output()).exact()).isFalse();
    assertThat(compare(output(), crd, output()).exact()).isFalse();
  }

  @Test
  void neverShowsWhatASecretHolds() {
    String secret =
        object("a.yaml", "Secret", "s", "data: {a: aHVudGVyMg==}\nstringData: {b: hunter2}\n");
    String other = secret.replace("aHVudGVyMg==", "b3RoZXI=").replace("hunter2", "letmein");
    assertThat(compare(output(secret), output(other), output()).differences())
        .extracting(Difference::field, Difference::whole, Difference::parts)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("data.a", "(masked)", "(masked)"),
            org.assertj.core.groups.Tuple.tuple("stringData.b", "(masked)", "(masked)"));
    String broken = secret + "data: {c: hunter3}\n";
    assertThat(compare(output(secret), output(broken), output()).differences().toString())
        .doesNotContain("hunter");
  }

  @Test
  void doesNotCompareWhatIsGenerated() {
    String first = object("a.yaml", "Secret", "s", "data: {a: one}\ntype: x\n");
    SortedMap<String, HelmOutput> parts = new TreeMap<>();
    parts.put("db", output(first.replace("one", "three").replace("type: x", "type: y")));
    Comparison comparison =
        UnionProof.compare(output(first), output(first.replace("one", "two")), parts);
    assertThat(comparison.differences()).extracting(Difference::field).containsExactly("type");
    assertThat(comparison.notices())
        .containsExactly(
            "v1 Secret s is not the same in two renders of the whole chart; not compared: `data.a`");
  }

  @Test
  void doesNotCompareANameThatIsGenerated() {
    String job = object("a.yaml", "Job", "j-abc", "spec: {a: 1}\n");
    SortedMap<String, HelmOutput> parts = new TreeMap<>();
    parts.put("db", output(job.replace("abc", "xyz")));
    assertThat(UnionProof.compare(output(job), output(job.replace("abc", "def")), parts).exact())
        .isTrue();
    parts.put("db", output(job.replace("abc", "xyz").replace("a: 1", "a: 2")));
    assertThat(UnionProof.compare(output(job), output(job.replace("abc", "def")), parts).exact())
        .isFalse();
  }
}
