// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.segue.renderer.model.Application;
import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.Approval;
import dev.segue.renderer.model.Deletion;
import dev.segue.renderer.model.DriftPolicy;
import dev.segue.renderer.model.Lifecycle;
import dev.segue.renderer.model.OnFailure;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ReleaseWindow;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.model.SourceFile;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LifecycleReaderTest {
  /** The given fields are the lines from 5 on. */
  static String file(String apiGroup, String fields) {
    return """
        apiVersion: %s/v1alpha1
        kind: ApplicationGroup
        metadata: {name: shop}
        spec:
        %s
          applications:
          - {name: db, deletion: orphan, spec: {chart: {path: charts/db}}}
          - {name: web, dependencies: [db], spec: {chart: {path: charts/web}}}
        """
        .formatted(apiGroup, fields.indent(2).stripTrailing());
  }

  private static Reading read(String text) {
    return GroupReader.read(List.of(new SourceFile(RepoPath.parse("a.yaml"), text)));
  }

  private static ApplicationGroup group(String apiGroup, String fields) {
    Reading reading = read(file(apiGroup, fields));
    assertThat(reading.problems()).isEmpty();
    ParserAndSchemaTest.assertNotMarked(file(apiGroup, fields));
    return reading.valid().get(0);
  }

  private static Lifecycle lifecycle(String fields) {
    return group("segue.dev", fields).lifecycle();
  }

  private static String window(String fields) {
    return "windows: [{" + fields + "}]";
  }

  @ParameterizedTest
  @ValueSource(strings = {"segue.dev", "orkestra.azure.microsoft.com"})
  void readsEveryField(String apiGroup) {
    ApplicationGroup group =
        group(
            apiGroup,
            """
            onFailure: hold
            deletion: orphan
            drift: report
            approval: manual
            suspend: true
            deadline: 1h30m
            windows:
            - {schedule: "0 22 * * 1-5", duration: 4h, timeZone: Europe/Berlin}
            - {schedule: "0 0 * * SUN", duration: 168h}
            """);
    assertThat(group.lifecycle())
        .isEqualTo(
            new Lifecycle(
                OnFailure.HOLD,
                Deletion.ORPHAN,
                DriftPolicy.REPORT,
                Approval.MANUAL,
                true,
                List.of(
                    new ReleaseWindow(
                        "0 22 * * 1-5", Duration.ofHours(4), ZoneId.of("Europe/Berlin")),
                    new ReleaseWindow("0 0 * * SUN", Duration.ofDays(7), ZoneId.of("UTC"))),
                Duration.ofMinutes(90)));
  }

  @Test
  void readsWhatBecomesOfOneApplicationAndLeavesTheOthersToTheGroup() {
    assertThat(group("segue.dev", "deletion: remove").applications())
        .extracting(Application::deletion)
        .containsExactly(Deletion.ORPHAN, null);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "onFailure:\ndeletion:\ndrift:\napproval:\nsuspend:\ndeadline:\nwindows:",
        "onFailure: rollback\ndeletion: remove\ndrift: correct\napproval: automatic\nsuspend: false"
      })
  void takesTheDefaultsWhereNothingIsSaid(String fields) {
    assertThat(lifecycle(fields)).isEqualTo(Lifecycle.DEFAULT);
  }

  @ParameterizedTest
  @CsvSource({
    "onFailure: rollback, ROLLBACK",
    "onFailure: hold, HOLD",
    "onFailure: remove, REMOVE"
  })
  void readsWhatFollowsAFailure(String field, OnFailure expected) {
    assertThat(lifecycle(field).onFailure()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"drift: correct, CORRECT", "drift: report, REPORT", "drift: ignore, IGNORE"})
  void readsWhatIsDoneAboutDrift(String field, DriftPolicy expected) {
    assertThat(lifecycle(field).drift()).isEqualTo(expected);
  }

  static Stream<Arguments> table() {
    String window = "spec.windows[0]";
    String good = "schedule: 0 22 * * 1-5, duration: 4h";
    return Stream.of(
        arguments(
            "unknown word",
            "onFailure: rolback",
            "SG1017: field `spec.onFailure` must be one of rollback, hold, remove; got \"rolback\". Did you mean \"rollback\"?"),
        arguments(
            "no such deletion",
            "deletion: keep",
            "SG1017: field `spec.deletion` must be one of remove, orphan; got \"keep\""),
        arguments(
            "upper case",
            "drift: Correct",
            "SG1017: field `spec.drift` must be one of correct, report, ignore; got \"Correct\". Did you mean \"correct\"?"),
        arguments(
            "not a word",
            "approval: true",
            "SG1005: field `spec.approval` must be a string; got \"true\", which is true or false. Put it in quotes."),
        arguments(
            "approval by nobody known",
            "approval: auto",
            "SG1017: field `spec.approval` must be one of automatic, manual; got \"auto\""),
        arguments(
            "suspended perhaps",
            "suspend: \"true\"",
            "SG1005: field `spec.suspend` must be true or false; got \"true\", which is a string"),
        arguments(
            "misspelt field",
            "deadlin: 1h",
            "SG1003: field `spec.deadlin` is not known. Did you mean \"deadline\"?"),
        arguments(
            "deadline without a unit",
            "deadline: 600",
            "SG1008: field `spec.deadline` must be a duration with a unit; got 600. Write \"600s\" if you mean seconds."),
        arguments(
            "deadline in days",
            "deadline: 1d",
            "SG1008: field `spec.deadline` must be positive and written in h, m, s or ms, such as \"90s\", \"5m\" or \"1h30m\"; got \"1d\""),
        arguments(
            "deadline at once",
            "deadline: 999ms",
            "SG1008: field `spec.deadline` must be at least 1s; got \"999ms\""),
        arguments(
            "one window, not in a list",
            "windows: {schedule: 0 22 * * 1-5, duration: 4h}",
            "SG1005: field `spec.windows` must be a list; got an object"),
        arguments(
            "no window",
            "windows: []",
            "SG1017: field `spec.windows` must have at least one window. Leave the field out if changes may begin at any time."),
        arguments(
            "too many windows",
            "windows: [" + ("{" + good + "}, ").repeat(21) + "]",
            "SG1017: field `spec.windows` must have at most 20 windows; got 21"),
        arguments(
            "window of text",
            "windows: [0 22 * * 1-5]",
            "SG1005: field `"
                + window
                + "` must be an object; got \"0 22 * * 1-5\", which is a string"),
        arguments(
            "no schedule",
            window("duration: 4h"),
            "SG1006: field `" + window + ".schedule` must be given"),
        arguments(
            "no duration",
            window("schedule: 0 22 * * 1-5"),
            "SG1006: field `" + window + ".duration` must be given"),
        arguments(
            "six fields",
            window("schedule: 0 0 22 * * 1-5, duration: 4h"),
            "SG1020: field `"
                + window
                + ".schedule` must have the five fields of a cron line in at most 256 characters: minute, hour, day of month, month, day of week; got \"0 0 22 * * 1-5\""),
        arguments(
            "no such hour",
            window("schedule: 0 24 * * 1-5, duration: 4h"),
            "SG1020: field `"
                + window
                + ".schedule` must have 0-23 for the hour, or *, or ranges, steps and lists of them; it has \"24\"; got \"0 24 * * 1-5\""),
        arguments(
            "never",
            window("schedule: 0 0 30 2 *, duration: 4h"),
            "SG1020: field `"
                + window
                + ".schedule` must come at some time; none of its months has a day \"30\"; got \"0 0 30 2 *\""),
        arguments(
            "too short",
            window("schedule: 0 22 * * *, duration: 59s"),
            "SG1008: field `" + window + ".duration` must be from 1m to 168h; got \"59s\""),
        arguments(
            "too long",
            window("schedule: 0 22 * * *, duration: 168h1s"),
            "SG1008: field `" + window + ".duration` must be from 1m to 168h; got \"168h1s\""),
        arguments(
            "misspelt zone",
            window(good + ", timeZone: Europe/Berln"),
            "SG1021: field `"
                + window
                + ".timeZone` must be a time zone of the IANA database; got \"Europe/Berln\". Did you mean \"Europe/Berlin\"?"),
        arguments(
            "offset for a zone",
            window(good + ", timeZone: \"+02:00\""),
            "SG1021: field `"
                + window
                + ".timeZone` must be a time zone of the IANA database; got \"+02:00\". Write it as in \"Europe/Berlin\" or \"UTC\"."),
        arguments(
            "misspelt field of a window",
            window(good + ", timezone: UTC"),
            "SG1003: field `" + window + ".timezone` is not known. Did you mean \"timeZone\"?"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("table")
  void saysWhatIsWrongAndHowToMendIt(String name, String fields, String expected) {
    Reading reading = read(file("segue.dev", fields));
    assertThat(reading.valid()).isEmpty();
    assertThat(reading.problems())
        .extracting(Problem::toString)
        .containsExactly("a.yaml:5: " + expected);
  }

  @Test
  void reportsEveryMistakeAtOnceOnItsLine() {
    String text =
        file("segue.dev", "drift: no way\nwindows:\n- schedule: x\n  duration: 4\n  timeZone: Moon")
            .replace("deletion: orphan", "deletion: orphaned");
    assertThat(read(text).problems())
        .extracting(Problem::toString)
        .containsExactly(
            "a.yaml:5: SG1017: field `spec.drift` must be one of correct, report, ignore; got \"no way\"",
            "a.yaml:7: SG1020: field `spec.windows[0].schedule` must have the five fields of a cron line in at most 256 characters: minute, hour, day of month, month, day of week; got \"x\"",
            "a.yaml:8: SG1008: field `spec.windows[0].duration` must be a duration with a unit; got 4. Write \"4s\" if you mean seconds.",
            "a.yaml:9: SG1021: field `spec.windows[0].timeZone` must be a time zone of the IANA database; got \"Moon\". Write it as in \"Europe/Berlin\" or \"UTC\".",
            "a.yaml:11: SG1017: field `spec.applications[0].deletion` must be one of remove, orphan; got \"orphaned\". Did you mean \"orphan\"?");
  }

  @Test
  void refusesAnEnormousScheduleQuicklyInOneShortLine() {
    String text =
        file("segue.dev", window("schedule: \"" + "1,".repeat(5000) + "\", duration: 1h"));
    List<Problem> problems =
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> read(text).problems());
    assertThat(problems).hasSize(1);
    assertThat(problems.get(0).toString()).contains("SG1020", "got \"1,1,1,").hasSizeLessThan(400);
  }
}
