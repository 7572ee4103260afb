// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.model.SourceFile;
import dev.segue.renderer.schema.Property;
import dev.segue.renderer.schema.Shape;
import dev.segue.renderer.testing.EditorSchema;
import dev.segue.renderer.testing.SampleDocuments;
import dev.segue.renderer.testing.SampleDocuments.Place;
import dev.segue.renderer.testing.SampleDocuments.Sample;
import dev.segue.renderer.yaml.YamlNode;
import dev.segue.renderer.yaml.YamlReader;
import dev.segue.renderer.yaml.YamlWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.Arguments;

/** The schema's source and the parser say the same of every field and of the same files. */
class ParserAndSchemaTest {
  private static final String UNKNOWN = "zzzzzzzzzzzzzzzzzzzz";
  private static final Pattern TEXT_BLOCK = Pattern.compile("\"\"\"\\n(.*?)\"\"\"", Pattern.DOTALL);
  private static final Pattern CODE_BLOCK = Pattern.compile("```yaml\\n(.*?)```", Pattern.DOTALL);

  /** Right in one field, wrong in another, at the bounds of what each is. */
  private static final List<String> TEXTS =
      List.of(
          "a".repeat(53),
          "a".repeat(54),
          "a".repeat(63),
          "a".repeat(64),
          "a".repeat(253),
          "a".repeat(254),
          "-a",
          "a-",
          "a.b",
          "0s",
          "1.h",
          ".5h1m",
          "1h 1m",
          "999ms",
          "169h",
          "v1.2",
          "=>1 || <2, 3",
          "1 - 2",
          "* * * * *",
          "@daily",
          "UTC",
          "+02:00",
          "./a//b/",
          "../c",
          "..c",
          "a/../../b",
          "/a",
          "a\\b",
          "a[0].b",
          "https://h:80/a:b/",
          "https://h",
          "HTTPS://h/a",
          "https:///a",
          "https://u@h/a",
          "https://h/a?b",
          "https://h/a#b",
          "oci://h:80/a",
          "oci://h/a:b/c",
          "oci://h/a:1",
          "oci://h");

  private static List<Problem> problems(String text) {
    return GroupReader.read(List.of(new SourceFile(RepoPath.parse("a.yaml"), text))).problems();
  }

  private static List<Problem> problems(Map<String, @Nullable Object> document) {
    return problems(YamlWriter.write(document));
  }

  @Test
  void theParserReadsEveryField() {
    assertThat(SampleDocuments.all())
        .hasSize(6)
        .allSatisfy(sample -> assertThat(problems(sample.document())).isEmpty())
        .allSatisfy(sample -> assertThat(EditorSchema.complaints(sample.document())).isEmpty());
  }

  /** The parser itself tells which fields it knows, where none is near. */
  @Test
  void theParserKnowsTheSameFieldsOfEveryObject() {
    for (Sample sample : SampleDocuments.all()) {
      for (Place place : sample.places()) {
        List<Object> path = new ArrayList<>(place.path());
        path.add(UNKNOWN);
        Map<String, @Nullable Object> document = SampleDocuments.with(sample.document(), path, 1);

        Set<String> fields =
            place.struct().properties().stream()
                .map(Property::name)
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(problems(document))
            .extracting(Problem::code, Problem::field, Problem::remedy)
            .containsExactly(
                tuple(
                    ProblemCode.UNKNOWN_FIELD,
                    text(path),
                    "Known here: " + String.join(", ", fields) + "."));
        assertThat(EditorSchema.complaints(document)).as(text(path)).isNotEmpty();
      }
    }
  }

  @Test
  void theParserMissesTheSameFields() {
    for (Sample sample : SampleDocuments.all()) {
      for (Place place : sample.places()) {
        for (Property property : place.struct().properties()) {
          List<Object> path = new ArrayList<>(place.path());
          path.add(property.name());
          Map<String, @Nullable Object> document = SampleDocuments.without(sample.document(), path);
          if (property.required()) {
            assertThat(problems(document))
                .extracting(Problem::code, Problem::field)
                .contains(tuple(ProblemCode.MISSING_FIELD, text(path)));
            assertThat(EditorSchema.complaints(document)).as(text(path)).isNotEmpty();
          }
        }
      }
    }
  }

  /**
   * Puts what is wrong, odd or nothing into every field. What an editor marks, the parser refuses;
   * the list is what the parser refuses and no schema can.
   */
  @Test
  void refuseTheSameValues() {
    Set<String> seen = new TreeSet<>();
    Set<String> parserOnly = new TreeSet<>();
    for (Sample sample : SampleDocuments.all()) {
      for (Place place : sample.places()) {
        for (Property property : place.struct().properties()) {
          List<Object> path = new ArrayList<>(place.path());
          path.add(property.name());
          if (!seen.add(text(path)) && !path.contains("chart")) {
            continue; // a chart alone is different in the next sample
          }
          for (Object value : values(property.shape())) {
            Map<String, @Nullable Object> document =
                SampleDocuments.with(sample.document(), path, value);
            boolean refused = !problems(document).isEmpty();
            boolean marked = !EditorSchema.complaints(document).isEmpty();
            assertThat(marked && !refused).as("%s: %s", text(path), value).isFalse();
            if (refused && !marked) {
              parserOnly.add(text(path).replaceAll("\\[\\d+]", "[]") + ": " + shortened(value));
            }
          }
        }
      }
    }
    String chart = "spec.applications[].spec.chart";
    String release = "spec.applications[].spec.release";
    assertThat(parserOnly)
        .containsExactly(
            chart + ".path: a/../../b",
            chart + ".version: 0s",
            chart + ".version: 1.h",
            chart + ".version: 169h",
            chart + ".version: 1h 1m",
            chart + ".version: 999ms",
            release + ".sensitiveValues: [a, a]",
            release + ".values: null", // to which `sensitiveValues` leads
            release + ".values: {a=7}",
            release + ".values: {}",
            "spec.deadline: 999ms",
            "spec.windows[].duration: 169h",
            "spec.windows[].duration: 999ms",
            "spec.windows[].timeZone: a-",
            "spec.windows[].timeZone: aaa…");
  }

  private static String shortened(@Nullable Object value) {
    return String.valueOf(value).replaceAll("a{4,}", "aaa…");
  }

  private static List<@Nullable Object> values(Shape shape) {
    List<@Nullable Object> values =
        new ArrayList<>(
            Arrays.asList(
                null,
                true,
                7L,
                "",
                "Not a Name",
                List.of(),
                List.of(7L),
                Map.of(),
                Map.of("a", 7L)));
    if (shape instanceof Shape.Whole) {
      values.addAll(List.of(-1L, 0L, 1.5, (long) Integer.MAX_VALUE, 1L + Integer.MAX_VALUE));
    } else if (shape instanceof Shape.Listing) {
      values.add(List.of("a", "a"));
    } else if (shape instanceof Shape.Text || shape instanceof Shape.TextOr) {
      values.addAll(TEXTS);
    }
    return values;
  }

  @Test
  void anEditorMarksNoFileThatIsRight() throws IOException {
    List<String> right = texts().filter(text -> problems(text).isEmpty()).toList();

    assertThat(right.size()).isGreaterThan(6);
    right.forEach(ParserAndSchemaTest::assertNotMarked);
  }

  /** What the parser takes, an editor takes, of documents of our own kind. */
  static void assertNotMarked(String text) {
    for (Map<String, @Nullable Object> document : ours(text)) {
      assertThat(EditorSchema.complaints(document)).as(text).isEmpty();
    }
  }

  @Test
  void anEditorMarksNoVersionThatIsRight() throws IOException {
    Sample sample = SampleDocuments.all().get(2);
    List<Object> version = List.of("spec", "applications", 0, "spec", "chart", "version");
    List<String> lines;
    try (Stream<String> all =
        Files.lines(Path.of("src/test/resources/dev/segue/renderer/model/version-ranges.tsv"))) {
      lines = all.skip(2).toList();
    }
    assertThat(lines).hasSizeGreaterThan(50);
    for (String line : lines) {
      String[] cells = line.split("\t", -1);
      Map<String, @Nullable Object> document =
          SampleDocuments.with(sample.document(), version, cells[0]);
      if (!cells[1].equals("INVALID")) {
        assertThat(EditorSchema.complaints(document)).as(cells[0]).isEmpty();
      }
    }
  }

  /** Every wrong file of the parser's own tests; the list is what only the parser can say. */
  @Test
  void anEditorMarksEveryWrongFileThatASchemaCan() {
    Map<String, Boolean> marked = new TreeMap<>();
    GroupProblemsTest.table()
        .map(Arguments::get)
        .forEach(row -> marked.put((String) row[0], isMarked((String) row[1])));
    LifecycleReaderTest.table()
        .map(Arguments::get)
        .forEach(
            row ->
                marked.put(
                    (String) row[0],
                    isMarked(LifecycleReaderTest.file("segue.dev", (String) row[1]))));
    assertThat(marked).hasSizeGreaterThan(60);
    assertThat(marked.entrySet().stream().filter(e -> !e.getValue()).map(Map.Entry::getKey))
        .containsExactly(
            "cycle of executors",
            "cycle of sub-charts",
            "deadline at once",
            "duplicate key", // an editor's reader of YAML says it
            "misspelt zone",
            "never",
            "no such hour",
            "registry without a chart",
            "sensitive value that is not there",
            "sensitive value that is short",
            "star without quotes", // and this
            "sub-chart that waits for one that is released last",
            "too long",
            "too short");
  }

  /** Of a file that is wrong. */
  private static boolean isMarked(String text) {
    assertThat(problems(text)).isNotEmpty();
    return YamlReader.read(text).faults().isEmpty()
        && ours(text).stream().anyMatch(document -> !EditorSchema.complaints(document).isEmpty());
  }

  /** The example's files, those of the tests, in files and in Java, and of the documentation. */
  private static Stream<String> texts() throws IOException {
    List<String> texts = new ArrayList<>();
    for (String folder :
        List.of("../example-repo/products", "../agent/src/test/resources/groups")) {
      try (Stream<Path> files = Files.list(Path.of(folder))) {
        files.sorted().forEach(file -> texts.add(read(file)));
      }
    }
    try (Stream<Path> files = Files.list(Path.of("../docs"))) {
      files
          .filter(file -> file.toString().endsWith(".md"))
          .forEach(file -> texts.addAll(blocks(CODE_BLOCK, read(file))));
    }
    for (String tests : List.of("src/test/java", "../agent/src/test/java")) {
      try (Stream<Path> files = Files.walk(Path.of(tests))) {
        files
            .filter(file -> file.toString().endsWith(".java"))
            .sorted()
            .flatMap(file -> blocks(TEXT_BLOCK, read(file)).stream())
            .map(block -> block.stripIndent().replaceAll("%[sd]", "a1"))
            .forEach(texts::add);
      }
    }
    return texts.stream().filter(text -> !ours(text).isEmpty());
  }

  private static List<String> blocks(Pattern pattern, String text) {
    List<String> blocks = new ArrayList<>();
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      blocks.add(matcher.group(1));
    }
    return blocks;
  }

  private static List<Map<String, @Nullable Object>> ours(String text) {
    List<Map<String, @Nullable Object>> ours = new ArrayList<>();
    YamlReader.read(text).documents().stream()
        .map(YamlNode::data)
        .forEach(
            data -> {
              if (data instanceof Map<?, ?> map
                  && String.valueOf(map.get("apiVersion")).startsWith("segue.dev/")
                  && String.valueOf(map.get("kind")).equals("ApplicationGroup")) {
                Map<String, @Nullable Object> document = new TreeMap<>();
                map.forEach((key, value) -> document.put((String) key, value));
                ours.add(document);
              }
            });
    return ours;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(List<Object> path) {
    StringBuilder text = new StringBuilder();
    for (Object step : path) {
      text.append(step instanceof Integer ? "[" + step + "]" : (text.isEmpty() ? "" : ".") + step);
    }
    return text.toString();
  }
}
