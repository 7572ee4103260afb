// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import static dev.segue.agent.testing.StatusLab.attempt;
import static dev.segue.agent.testing.StatusLab.commit;
import static dev.segue.agent.testing.StatusLab.digest;
import static dev.segue.agent.testing.StatusLab.record;
import static dev.segue.agent.testing.StatusLab.release;
import static dev.segue.agent.testing.StatusLab.report;
import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.agent.cli.Actions;
import dev.segue.agent.reconcile.RepoException;
import dev.segue.agent.testing.StatusLab;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.plan.Purpose;
import dev.segue.renderer.status.Attempt;
import dev.segue.renderer.status.Attempt.Result;
import dev.segue.renderer.status.Condition.Status;
import dev.segue.renderer.status.Held;
import dev.segue.renderer.status.ReleaseStatus.State;
import dev.segue.renderer.status.Requests;
import dev.segue.renderer.status.RequestsFile;
import dev.segue.renderer.status.StatusReport.Phase;
import dev.segue.renderer.yaml.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The commands that work through Git alone, as people meet them, on a real status branch. */
class OperationsTest {
  private static final Attempt FIRST =
      attempt(1, Purpose.RELEASE, Result.SUCCEEDED, "aaaaaaa1", "d1");
  private static final Attempt FAILED =
      attempt(2, Purpose.RELEASE, Result.FAILED, "bbbbbbb2", "d2");
  private static final Attempt WAITING =
      attempt(3, Purpose.RELEASE, Result.PLANNED, "ccccccc3", "d3");
  private static final String PLAN = "abcdefabcdef";
  private static final Map<String, String> JANE = Map.of("HOME", "/nowhere", "SEGUE_USER", "jane");

  @TempDir private Path folder;
  private StatusLab lab;

  @BeforeEach
  void begin() throws Exception {
    lab = StatusLab.create(folder);
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private CommandLineRun segue(String... command) {
    return CommandLineRun.here(JANE, lab.arguments(command));
  }

  private CommitId released() throws RepoException {
    return lab.tell(
        report(
            "shop",
            Phase.RELEASED,
            FIRST,
            null,
            Status.TRUE,
            "Succeeded",
            "3 of 3 releases are ready",
            release("db", "install", State.RELEASED, ""),
            release("api", "install", State.RELEASED, "", "db"),
            release("web", "install", State.RELEASED, "", "api")),
        "history/1.yaml",
        record("shop", FIRST, "e1", "", State.RELEASED, "3 of 3 releases are ready"));
  }

  private CommitId failed() throws RepoException {
    lab.anHourPasses();
    return lab.tell(
        report(
            "shop",
            Phase.FAILED,
            FAILED,
            new Held(commit("bbbbbbb2"), digest("d2"), 2, "attempt 2: release db failed: boom"),
            Status.FALSE,
            "WorkflowFailed",
            "release db failed: boom; 2 not tried",
            release("db", "upgrade", State.FAILED, "boom"),
            release("api", "upgrade", State.OMITTED, "", "db"),
            release("web", "upgrade", State.OMITTED, "", "api")),
        "history/2.yaml",
        record("shop", FAILED, "e2", "jo", State.FAILED, "release db failed: boom"));
  }

  private CommitId waiting() throws RepoException {
    lab.anHourPasses();
    return lab.tell(
        report(
            "shop",
            Phase.WAITING,
            FIRST,
            null,
            Status.UNKNOWN,
            "AwaitingApproval",
            "plan " + digest(PLAN) + " waits for approval",
            release("web", "install", State.RELEASED, "")),
        "next/plan.yaml",
        record("shop", WAITING, PLAN, "", State.PENDING, "1 upgrade"));
  }

  private void golden(String name, CommandLineRun run) throws IOException {
    Path golden = Path.of("src/test/resources/golden/operate", name + ".txt");
    String text = "exit " + run.code() + "\n" + run.out();
    text = text.replaceFirst("(?m)^(Commit |commit: \"|  \"commit\": \")[0-9a-f]{40}", "$1COMMIT");
    if (Boolean.getBoolean("golden.update")) {
      Files.createDirectories(golden.getParent());
      Files.writeString(golden, text);
    }
    assertThat(run.err()).isEmpty();
    assertThat(text).isEqualTo(Files.readString(golden));
  }

  @Test
  void showsAllGroups() throws Exception {
    released();
    lab.tell(
        report(
            "core5g",
            Phase.PLANNED,
            attempt(7, Purpose.RELEASE, Result.PLANNED, "ddddddd7", "d7"),
            null,
            Status.UNKNOWN,
            "Progressing",
            "attempt 7: 2 upgrade"));
    CommitId last =
        lab.write(
            new TreeMap<>(
                Map.of(StatusLab.file(GroupName.parse("edited"), "status.yaml"), "oops: 1\n")),
            "by hand",
            Map.of());
    golden("status-all", segue("status", "--at", last.hex()));
    CommandLineRun now = segue("status");
    assertThat(now.code()).isEqualTo(1);
    assertThat(now.out().lines()).hasSize(4);
    assertThat(now.out()).startsWith("GROUP   PHASE ").doesNotContain("\u001b");
  }

  @Test
  void showsAGroupWithItsReleases() throws Exception {
    released();
    CommandLineRun now = segue("status", "shop");
    assertThat(now.code()).isZero();
    golden("status-released", segue("status", "shop", "--at", "2026-11-20"));
    golden("status-failed", segue("status", "shop", "--why", "--at", failed().hex()));
    golden("status-waiting", segue("status", "shop", "--why", "--at", waiting().hex()));
    assertThat(segue("status", "shop").code()).isEqualTo(1);
  }

  @Test
  void whyIsSaidOfAllGroupsThatWait() throws Exception {
    released();
    lab.tell(report("web", Phase.RELEASED, FIRST, null, Status.TRUE, "Succeeded", "1 of 1 ready"));
    golden("status-why", segue("status", "--why", "--at", failed().hex()));
  }

  @Test
  void writesForMachines() throws Exception {
    released();
    CommitId commit = failed();
    golden("status-yaml", segue("status", "shop", "--why", "-o", "yaml", "--at", commit.hex()));
    CommandLineRun json = segue("status", "shop", "--why", "-o", "json", "--at", commit.hex());
    CommandLineRun yaml = segue("status", "shop", "--why", "-o", "yaml", "--at", commit.hex());
    assertThat(YamlReader.read(json.out()).documents().get(0).data())
        .isEqualTo(YamlReader.read(yaml.out()).documents().get(0).data());
    golden("status-json", json);
  }

  @Test
  void rebuildsAnyMoment() throws Exception {
    CommitId first = released();
    CommitId second = failed();
    CommitId third = waiting();

    assertThat(segue("status", "shop", "--at", first.hex().substring(0, 12)).out())
        .contains("Commit " + first, "shop: Released, Ready True");
    assertThat(segue("status", "shop", "--at", "2026-11-20T13:59:59+00:00").out())
        .contains("Commit " + second, "written at 2026-11-20T13:00:00Z", "shop: Failed");
    assertThat(segue("status", "shop", "--at", "2026-11-20").out()).contains("Commit " + third);
    assertThat(segue("status", "shop", "--at", "bbbbbbb2").out())
        .as("the last that was said of a source commit")
        .contains("Commit " + second);
    assertThat(segue("status", "shop", "--at", "aaaaaaa1").out()).contains("Commit " + third);
    assertThat(segue("status", "--at", "2026-11-20T11:59:59Z").err())
        .isEqualTo("SG1503: branch \"segue/site-a\" did not exist yet at 2026-11-20T11:59:59Z\n");
    CommandLineRun unknown = segue("status", "shop", "--at", "1234567");
    assertThat(unknown.err())
        .isEqualTo(
            "SG1503: no commit \"1234567\" is known: neither branch \"segue/site-a\" has it, nor was"
                + " anything said of shop at such a source commit\n");
    assertThat(unknown.code()).isEqualTo(1);
  }

  @Test
  void tellsTheHistory() throws Exception {
    released();
    failed();
    golden("history", segue("history", "shop"));
    golden("history-attempt", segue("history", "shop", "--attempt", "2"));
    golden("history-yaml", segue("history", "shop", "-n", "1", "-o", "yaml"));
    assertThat(segue("history", "shop", "-n", "1").out().lines()).hasSize(2);
    CommandLineRun none = segue("history", "shop", "--attempt", "9");
    assertThat(none.err())
        .isEqualTo(
            "SG1503: shop: no attempt 9 is told of it; `segue history shop` shows those that are\n");
    assertThat(none.code()).isEqualTo(1);
  }

  @Test
  void asksAndSaysWhoAsked() throws Exception {
    waiting();
    CommandLineRun run = segue("approve", "shop", PLAN);
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .isEqualTo(
            "shop: plan " + digest(PLAN) + " is approved; the agent acts on it at its next poll\n");
    assertThat(run.code()).isZero();
    CommandLineRun again = segue("approve", "shop", PLAN, "--by", "Jo Doe");
    assertThat(again.out()).contains("approved already, by jane; nothing to change");
    assertThat(again.code()).isZero();
    segue("suspend", "shop", "--by", "Jo Doe");
    Requests asked = RequestsFile.read(lab.read("shop", "requests.yaml")).orElseThrow();
    assertThat(asked.approved(digest(PLAN))).contains("jane");
    assertThat(lab.read("shop", "requests.yaml")).contains("suspend:\n    by: Jo Doe\n");
    assertThat(lab.written().get(0).subject()).isEqualTo("shop: suspend (Jo Doe)");
    assertThat(segue("status", "shop").out())
        .contains("asked    suspended by Jo Doe at 2", "asked    plan " + digest(PLAN));
    assertThat(segue("resume", "shop").out()).startsWith("shop: resumed;");
  }

  @Test
  void refusesWithOneLineAndACode() throws Exception {
    released();
    CommandLineRun retry = segue("retry", "shop");
    assertThat(retry.out()).isEmpty();
    assertThat(retry.err()).startsWith("SG1503: shop: nothing of it is held").endsWith("again\n");
    assertThat(retry.code()).isEqualTo(1);
    failed();
    assertThat(segue("retry", "shop").code()).isZero();
    assertThat(segue("rollback", "shop", "--to", "bbbbbbb2").err())
        .startsWith("SG1503: shop: \"bbbbbbb2\" must be a commit at which it was released");
    assertThat(segue("rollback", "shop", "--to", "aaaaaaa").out())
        .startsWith("shop: goes back to " + commit("aaaaaaa1"));
  }

  @Test
  void needsABranch() {
    CommandLineRun run = segue("status");
    assertThat(run.err())
        .isEqualTo(
            "SG1503: branch \"segue/site-a\" does not exist yet; the agent makes it with its first"
                + " plan\n");
    assertThat(run.code()).isEqualTo(1);
  }

  @Test
  void saysWhenTheServerIsNotThere() {
    CommandLineRun run =
        CommandLineRun.here(
            JANE,
            "status",
            "--set",
            "source.url=" + folder + "/none.git",
            "--set",
            "charts.cache=" + folder + "/cache");
    assertThat(run.err()).startsWith("SG2003: ").contains("none.git").hasLineCount(1);
    assertThat(run.code()).isEqualTo(1);
  }

  @Test
  void nothingFromGitReachesTheTerminal() throws Exception {
    String evil = "\u001b[2J\u009b1mup\rgood\u202edab\nforged: yes";
    lab.tell(
        report(
            "shop",
            Phase.FAILED,
            FAILED,
            new Held(evil, evil, 2, evil),
            Status.FALSE,
            evil,
            evil,
            release("db", evil, State.FAILED, evil)),
        "history/2.yaml",
        record("shop", FAILED, "e2", evil, State.FAILED, evil),
        "requests.yaml",
        RequestsFile.write(
            GroupName.parse("shop"),
            new Requests(new Requests.Suspend(evil, evil), null, null, null)));
    for (String format : new String[] {"text", "yaml", "json"}) {
      for (String[] command :
          new String[][] {
            {"status", "--why", "-o", format},
            {"status", "shop", "--why", "-o", format},
            {"history", "shop", "-o", format},
            {"history", "shop", "--attempt", "2", "-o", format}
          }) {
        CommandLineRun run = segue(command);
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
            .as(String.join(" ", command))
            .contains("good")
            .doesNotContainPattern("[\\x00-\\x09\\x0b-\\x1f\\x7f-\\x9f]")
            .doesNotContainPattern("(?m)^forged");
        if (!format.equals("yaml")) {
          assertThat(run.out()).doesNotContain("\u202e");
        }
      }
    }
    assertThat(segue("suspend", "shop").out()).doesNotContain("\u001b").hasLineCount(1);
  }

  @Test
  void coloursOnATerminalThatAllowsIt() throws Exception {
    released();
    String[] status = lab.arguments("status");
    assertThat(CommandLineRun.here(JANE, true, status).out()).contains("\u001b[32mTrue\u001b[0m");
    Map<String, String> plain = new TreeMap<>(JANE);
    plain.put("NO_COLOR", "1");
    assertThat(CommandLineRun.here(plain, true, status).out()).doesNotContain("\u001b");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          approve shop 123       | invalid value for positional parameter at index 1 (DIGEST): must be 12 to 64 hex digits of a plan's digest; got "123". See `segue approve --help`
          approve shop           | missing required parameter: "DIGEST". See `segue approve --help`
          suspend                | missing required parameter: "GROUP". See `segue suspend --help`
          rollback shop          | missing required option: "--to=COMMIT". See `segue rollback --help`
          rollback shop --to HEAD | invalid value for option "--to": must be 7 to 64 hex digits of a commit; got "HEAD". See `segue rollback --help`
          history shop -n 0      | invalid value for option "-n": must be a whole number from 1; got "0". See `segue history --help`
          status -o xml          | invalid value for option "--output": must be "text", "yaml" or "json"; got "xml". See `segue status --help`
          status --at yesterday  | invalid value for option "--at": must be a time such as "2026-11-21T03:00:00Z", a date, or 7 to 64 hex digits of a commit; got "yesterday". See `segue status --help`
          """)
  void refusesWrongUseInOneLine(String arguments, String message) {
    CommandLineRun run = CommandLineRun.here(JANE, arguments.split(" "));
    assertThat(run.err().replace("plan\"s", "plan's")).isEqualTo("SG1501: " + message + "\n");
    assertThat(run.code()).isEqualTo(Actions.USAGE);
  }

  @Test
  void mustKnowWhoAsks() throws Exception {
    released();
    CommandLineRun run = segue("suspend", "shop", "--by", "Jane <jane@example.com>");
    assertThat(run.err()).startsWith("SG1501: option `--by` must be a name: ").hasLineCount(1);
    assertThat(run.code()).isEqualTo(Actions.USAGE);
    assertThat(lab.read("shop", "requests.yaml")).isEmpty();
  }
}
