// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.validate;

import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ProblemCode;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Findings as SARIF 2.1.0: what GitHub, GitLab and editors read. */
public final class SarifReport {
  private static final String SCHEMA =
      "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

  private final Validation validation;
  private final Path root;
  private final Rules rules;
  private final List<ProblemCode> codes;

  private SarifReport(Validation validation, Path root, Rules rules) {
    this.validation = validation;
    this.root = root.toAbsolutePath().normalize();
    this.rules = rules;
    this.codes =
        List.copyOf(
            new TreeSet<>(
                validation.findings().stream().map(finding -> finding.problem().code()).toList()));
  }

  /**
   * Returns what is to be written as JSON.
   *
   * @param root what file names are told relative to, such as the Git work tree
   * @param version of Segue; "" when it is not known
   */
  public static Map<String, @Nullable Object> of(
      Validation validation, Path root, Rules rules, String version) {
    return new SarifReport(validation, root, rules).log(version);
  }

  private Map<String, @Nullable Object> log(String version) {
    Map<String, @Nullable Object> driver = new LinkedHashMap<>();
    driver.put("name", "segue");
    if (!version.isEmpty()) {
      driver.put("version", version);
    }
    driver.put("rules", codes.stream().map(this::rule).toList());
    Map<String, @Nullable Object> run = new LinkedHashMap<>();
    run.put("tool", Map.of("driver", driver));
    run.put("invocations", List.of(invocation()));
    run.put("columnKind", "utf16CodeUnits");
    run.put("results", validation.findings().stream().map(this::result).toList());
    Map<String, @Nullable Object> log = new LinkedHashMap<>();
    log.put("$schema", SCHEMA);
    log.put("version", "2.1.0");
    log.put("runs", List.of(run));
    return log;
  }

  private Map<String, @Nullable Object> rule(ProblemCode code) {
    Rules.Text text = rules.of(code);
    Map<String, @Nullable Object> help = new LinkedHashMap<>();
    help.put("text", text.plain());
    help.put("markdown", text.markdown());
    Map<String, @Nullable Object> rule = new LinkedHashMap<>();
    rule.put("id", code.id());
    rule.put("name", name(code));
    rule.put("shortDescription", Map.of("text", text.title()));
    rule.put("help", help);
    return rule;
  }

  /** {@code UNKNOWN_FIELD} as {@code UnknownField}. */
  private static String name(ProblemCode code) {
    StringBuilder name = new StringBuilder();
    for (String word : code.name().split("_", -1)) {
      name.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
    }
    return name.toString();
  }

  private Map<String, @Nullable Object> invocation() {
    Map<String, @Nullable Object> invocation = new LinkedHashMap<>();
    invocation.put("executionSuccessful", true);
    invocation.put(
        "toolExecutionNotifications",
        validation.notes().stream()
            .map(note -> Map.of("level", "note", "message", Map.of("text", note)))
            .map(SarifReport::sorted)
            .toList());
    return invocation;
  }

  private static Map<String, @Nullable Object> sorted(Map<String, ?> map) {
    return new java.util.TreeMap<>(map);
  }

  private Map<String, @Nullable Object> result(Finding finding) {
    Problem problem = finding.problem();
    Map<String, @Nullable Object> result = new LinkedHashMap<>();
    result.put("ruleId", problem.code().id());
    result.put("ruleIndex", (long) codes.indexOf(problem.code()));
    result.put("level", finding.severity().name().toLowerCase(Locale.ROOT));
    result.put("message", Map.of("text", finding.sentence()));
    if (!problem.path().isEmpty()) {
      Map<String, @Nullable Object> place = new LinkedHashMap<>();
      place.put("artifactLocation", artifact(problem.path()));
      if (problem.line() > 0) {
        place.put("region", Map.of("startLine", (long) problem.line()));
      }
      result.put("locations", List.of(Map.of("physicalLocation", place)));
    }
    return result;
  }

  /** Relative to the root where it lies below it; elsewhere absolute. */
  private Map<String, @Nullable Object> artifact(String file) {
    Path absolute = Path.of(file).toAbsolutePath().normalize();
    Map<String, @Nullable Object> artifact = new LinkedHashMap<>();
    if (absolute.startsWith(root)) {
      artifact.put("uri", uri(null, root.relativize(absolute)));
      artifact.put("uriBaseId", "%SRCROOT%");
    } else {
      artifact.put("uri", uri("file", absolute));
    }
    return artifact;
  }

  private static String uri(@Nullable String scheme, Path path) {
    String text = path.toString().replace(path.getFileSystem().getSeparator(), "/");
    try {
      // A colon before the first slash would be taken for a scheme's.
      String escaped =
          new URI(
                  scheme,
                  scheme == null ? null : "",
                  text.startsWith("/") ? text : "/" + text,
                  null)
              .toASCIIString();
      return scheme == null ? escaped.substring(1) : escaped;
    } catch (URISyntaxException e) {
      throw new IllegalStateException("a path is always escaped: " + text, e);
    }
  }
}
