// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.split;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever the chart: a part is the whole with files left out, but for what is documented. */
class SplitLawsTest {
  private static final List<String> NAMES = List.of("a", "b", "c", "d");

  record Umbrella(TestChart chart, List<String> unstaged) {}

  @Provide
  Arbitrary<Umbrella> umbrellas() {
    Arbitrary<String> reference =
        Arbitraries.of(
            "",
            "{{ include \"a.x\" . }}",
            "{{ include \"b.x\" . }}",
            "{{ include \"shop.x\" . }}",
            "{{ .Values.c.y }}",
            "{{ tpl .Values.t . }}",
            "{{ include .n . }}",
            "{{ toYaml .Values }}");
    Arbitrary<List<String>> texts = reference.list().ofSize(9);
    Arbitrary<List<String>> entries =
        Arbitraries.of(
                "",
                "  alias: z\n",
                "  condition: a.enabled\n",
                "  tags: [t]\n",
                "  import-values: [{child: y, parent: b}]\n")
            .list()
            .ofSize(4);
    Arbitrary<List<String>> unstaged = Arbitraries.of(NAMES).list().ofMaxSize(2).uniqueElements();
    return net.jqwik.api.Combinators.combine(texts, entries, unstaged)
        .as((t, e, u) -> new Umbrella(chart(t, e), u));
  }

  private static TestChart chart(List<String> texts, List<String> entries) {
    StringBuilder dependencies = new StringBuilder();
    boolean aliased = false;
    for (int i = 0; i < NAMES.size(); i++) {
      boolean again = aliased && entries.get(i).contains("alias");
      aliased |= entries.get(i).contains("alias");
      dependencies.append("- name: ").append(NAMES.get(i)).append("\n  version: 1.x\n");
      dependencies.append(again ? "" : entries.get(i));
    }
    TestChart chart = TestChart.shop(dependencies.toString());
    chart.file("values.yaml", "a: {y: 1}\nb: {y: 2}\nc: {y: 3}\nglobal: {g: 1}\nt: x\n");
    chart.file("templates/s.yaml", texts.get(8));
    chart.file("templates/_s.tpl", "{{ define \"shop.x\" }}" + texts.get(4) + "{{ end }}");
    chart.file("README.md", "r");
    for (int i = 0; i < NAMES.size(); i++) {
      String folder = "charts/" + NAMES.get(i);
      chart.subchart(folder, NAMES.get(i));
      chart.file(folder + "/values.yaml", "y: {e: 5}\n");
      chart.file(folder + "/templates/t.yaml", texts.get(i));
      chart.file(
          folder + "/templates/_h.tpl",
          "{{ define \"" + NAMES.get(i) + ".x\" }}" + texts.get(4 + i) + "{{ end }}");
    }
    return chart;
  }

  @Property(tries = 100)
  void everyFileOfAPartIsTheWholesOrOneThatIsRewritten(@ForAll("umbrellas") Umbrella umbrella) {
    String[] enabled = {"a", "b", "c", "d", "z"};
    Split split = umbrella.chart().split(umbrella.unstaged(), enabled);
    List<Part> parts = new ArrayList<>(split.parts().values());
    parts.add(split.parent());
    for (Part part : parts) {
      part.files().forEach((path, content) -> check(umbrella.chart(), part, path, content));
      assertThat(part.files()).containsKeys("Chart.yaml", "values.yaml");
    }
  }

  private static void check(TestChart chart, Part part, String path, byte[] content) {
    byte[] original = chart.files().get(path);
    boolean same = original != null && Arrays.equals(original, content);
    boolean rewritten =
        path.endsWith("Chart.yaml")
            || path.equals("values.yaml")
            || (PartFiles.isRendered(path)
                && original != null
                && !part.subchart().isEmpty()
                && text(content).endsWith("{{ end }}{{ end }}" + text(original)));
    assertThat(same || rewritten)
        .as("%s of \"%s\": %s", path, part.subchart(), text(content))
        .isTrue();
  }

  private static String text(byte[] content) {
    return new String(content, StandardCharsets.UTF_8);
  }

  @Property(tries = 100)
  void equalChartsGiveEqualBytes(@ForAll("umbrellas") Umbrella umbrella) {
    String[] enabled = {"a", "b", "c", "d", "z"};
    Split one = umbrella.chart().split(umbrella.unstaged(), enabled);
    Split two = umbrella.chart().split(umbrella.unstaged(), enabled);
    assertThat(one.parts().keySet()).isEqualTo(two.parts().keySet());
    for (Map.Entry<String, Part> part : one.parts().entrySet()) {
      assertSame(part.getValue(), TestChart.part(two, part.getKey()));
    }
    assertSame(one.parent(), two.parent());
    assertThat(one.notices()).isEqualTo(two.notices());
  }

  private static void assertSame(Part one, Part two) {
    Set<String> paths = one.files().keySet();
    assertThat(paths).isEqualTo(two.files().keySet());
    assertThat(one.values()).isEqualTo(two.values());
    one.files().forEach((path, content) -> assertThat(content).isEqualTo(two.files().get(path)));
  }

  /** Every template is rendered by exactly one part. */
  @Property(tries = 100)
  void everyRenderedTemplateIsInOnePart(@ForAll("umbrellas") Umbrella umbrella) {
    Split split = umbrella.chart().split(umbrella.unstaged(), "a", "b", "c", "d", "z");
    List<Part> parts = new ArrayList<>(split.parts().values());
    parts.add(split.parent());
    umbrella.chart().files().keySet().stream()
        .filter(PartFiles::isRendered)
        .forEach(
            path ->
                assertThat(parts.stream().filter(part -> part.files().containsKey(path)))
                    .as(path)
                    .hasSize(1));
  }
}
