// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.operate;

import static dev.segue.agent.testing.StatusLab.attempt;
import static dev.segue.agent.testing.StatusLab.commit;
import static dev.segue.agent.testing.StatusLab.digest;
import static dev.segue.agent.testing.StatusLab.record;
import static dev.segue.agent.testing.StatusLab.release;
import static dev.segue.agent.testing.StatusLab.report;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.agent.reconcile.RepoException;
import dev.segue.agent.reconcile.StatusBranch;
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
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests on a real status branch, with an agent and other people who write to it too. */
class AsksTest {
  private static final GroupName SHOP = GroupName.parse("shop");
  private static final InstantSource CLOCK = () -> StatusLab.BEGIN;
  private static final String NOW = StatusLab.BEGIN.toString();
  private static final Attempt FIRST =
      attempt(1, Purpose.RELEASE, Result.SUCCEEDED, "aaaaaaa1", "d1");
  private static final Attempt SECOND =
      attempt(2, Purpose.RELEASE, Result.SUCCEEDED, "aaaaaaa2", "d2");
  private static final Attempt FAILED =
      attempt(3, Purpose.RELEASE, Result.FAILED, "bbbbbbb3", "d3");
  private static final Attempt BACK =
      attempt(4, Purpose.ROLLBACK, Result.SUCCEEDED, "aaaaaaa2", "d2");
  private static final Attempt WAITING =
      attempt(5, Purpose.RELEASE, Result.PLANNED, "ccccccc5", "d5");

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

  private Asks jane() throws RepoException {
    return new Asks(lab.open("Jane"), "jane", CLOCK);
  }

  private Requests asked() throws RepoException {
    return RequestsFile.read(lab.read("shop", "requests.yaml")).orElseThrow();
  }

  private void ask(Requests requests) throws RepoException {
    lab.write(
        new TreeMap<>(
            Map.of(StatusLab.file(SHOP, "requests.yaml"), RequestsFile.write(SHOP, requests))),
        "by hand",
        Map.of());
  }

  /** Two releases, then a failure that was rolled back and is held. */
  private void heldAfterARollback() throws RepoException {
    Held held = new Held(commit("bbbbbbb3"), digest("d3"), 3, "attempt 3: release web failed");
    lab.tell(
        report(
            "shop",
            Phase.ROLLED_BACK,
            BACK,
            held,
            Status.FALSE,
            "RolledBack",
            "back",
            release("web", "upgrade", State.RELEASED, "")),
        "history/1.yaml",
        record("shop", FIRST, "e1", "", State.RELEASED, "1 of 1 releases are ready"),
        "history/2.yaml",
        record("shop", SECOND, "e2", "", State.RELEASED, "1 of 1 releases are ready"),
        "history/3.yaml",
        record("shop", FAILED, "e3", "", State.FAILED, "boom"),
        "history/4.yaml",
        record("shop", BACK, "e4", "", State.RELEASED, "back"));
  }

  private void waiting(String plan) throws RepoException {
    lab.tell(
        report("shop", Phase.WAITING, SECOND, null, Status.UNKNOWN, "AwaitingApproval", "waits"),
        "history/1.yaml",
        record("shop", FIRST, "e1", "", State.RELEASED, "ok"),
        "history/2.yaml",
        record("shop", SECOND, "e2", "", State.RELEASED, "ok"),
        "next/plan.yaml",
        record("shop", WAITING, plan, "", State.PENDING, "waits"));
  }

  private void released() throws RepoException {
    lab.tell(
        report("shop", Phase.RELEASED, SECOND, null, Status.TRUE, "Succeeded", "ok"),
        "history/1.yaml",
        record("shop", FIRST, "e1", "", State.RELEASED, "ok"),
        "history/2.yaml",
        record("shop", SECOND, "e2", "", State.RELEASED, "ok"));
  }

  private void assertRefused(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable ask, String message)
      throws RepoException {
    int before = lab.written().size();
    assertThatThrownBy(ask).isInstanceOf(RefusedException.class).hasMessage(message);
    assertThat(lab.written()).hasSize(before);
  }

  @Test
  void approvesThePlanThatWaits() throws Exception {
    waiting("abcdefabcdef");

    assertThat(jane().approve(SHOP, "abcdefabcdef"))
        .isEqualTo(
            "shop: plan "
                + digest("abcdefabcdef")
                + " is approved; the agent acts on it at its next poll");

    assertThat(asked())
        .isEqualTo(
            new Requests(
                null, new Requests.Approve(digest("abcdefabcdef"), "jane", NOW), null, null));
    assertThat(asked().approved(digest("abcdefabcdef"))).contains("jane");
    StatusBranch.Written last = lab.written().get(0);
    assertThat(last.subject()).isEqualTo("shop: approve plan abcdefabcdef (jane)");
    assertThat(last.trailers()).isEqualTo(Map.of("Group", "shop"));
  }

  @Test
  void approvesTwiceAsOnce() throws Exception {
    waiting("abcdefabcdef");
    jane().approve(SHOP, digest("abcdefabcdef"));
    int commits = lab.written().size();

    Asks jo = new Asks(lab.open("Jo"), "jo", CLOCK);
    assertThat(jo.approve(SHOP, "abcdefabcdef"))
        .isEqualTo(
            "shop: plan "
                + digest("abcdefabcdef")
                + " is approved already, by jane; nothing to change");
    assertThat(lab.written()).hasSize(commits);
  }

  @Test
  void approvesNothingButThePlanThatWaits() throws Exception {
    waiting("abcdefabcdef");
    assertRefused(
        () -> jane().approve(SHOP, "123456123456"),
        "shop: plan 123456123456 does not wait for approval; plan "
            + digest("abcdefabcdef")
            + " does");
  }

  @Test
  void approvesNothingWhenNothingWaits() throws Exception {
    released();
    assertRefused(
        () -> jane().approve(SHOP, "123456123456"),
        "shop: plan 123456123456 does not wait for approval; no plan does");
  }

  @Test
  void namesTheGroupsThatThereAre() throws Exception {
    released();
    assertRefused(
        () -> jane().suspend(GroupName.parse("shpo")),
        "there is no group \"shpo\" on the status branch; it has shop");
  }

  @Test
  void suspendsAndResumes() throws Exception {
    released();
    assertThat(jane().suspend(SHOP))
        .isEqualTo(
            "shop: suspended; nothing begins from the agent's next poll on, what runs goes on");
    assertThat(asked().suspend()).isEqualTo(new Requests.Suspend("jane", NOW));
    assertThat(jane().suspend(SHOP))
        .isEqualTo("shop: suspended already by jane at " + NOW + "; nothing to change");

    assertThat(jane().resume(SHOP))
        .isEqualTo("shop: resumed; the agent acts on it at its next poll");
    assertThat(asked()).isEqualTo(Requests.NONE);
    assertThat(jane().resume(SHOP))
        .isEqualTo("shop: nobody asked to suspend it here; nothing to change");
  }

  @Test
  void cannotResumeWhatItsFileSuspends() throws Exception {
    lab.tell(
        report(
            "shop",
            Phase.WAITING,
            SECOND,
            null,
            Status.UNKNOWN,
            "Suspended",
            "suspended by `spec.suspend`"));
    assertThat(jane().resume(SHOP))
        .isEqualTo(
            "shop: nobody asked to suspend it here; it is suspended by `spec.suspend`; nothing to"
                + " change");
  }

  @Test
  void retriesWhatIsHeldInPlaceOfARollback() throws Exception {
    heldAfterARollback();
    ask(
        new Requests(
            new Requests.Suspend("jo", "then"),
            null,
            null,
            new Requests.Rollback(commit("aaaaaaa1"), digest("d3"), "jo", "then")));

    assertThat(jane().retry(SHOP))
        .isEqualTo(
            "shop: what failed is tried again after attempt 4; the agent acts on it at its next"
                + " poll");
    assertThat(asked())
        .isEqualTo(
            new Requests(
                new Requests.Suspend("jo", "then"),
                null,
                new Requests.Retry(4, "jane", NOW),
                null));
    assertThat(asked().retries(3)).as("the attempt that is held").isTrue();
    assertThat(jane().retry(SHOP))
        .isEqualTo("shop: another try after attempt 4 is asked already; nothing to change");
  }

  @Test
  void retriesNothingThatDidNotFail() throws Exception {
    released();
    assertRefused(
        () -> jane().retry(SHOP),
        "shop: nothing of it is held and its last attempt did not fail; there is nothing to try"
            + " again");
  }

  @Test
  void rollsBackFromWhatIsHeld() throws Exception {
    heldAfterARollback();
    ask(
        new Requests(
            null,
            new Requests.Approve(digest("e9"), "jo", "then"),
            new Requests.Retry(3, "jo", "then"),
            null));

    assertThat(jane().rollback(SHOP, "aaaaaaa1"))
        .isEqualTo(
            "shop: goes back to "
                + commit("aaaaaaa1")
                + "; the agent acts on it at its next poll, and stays there until its file"
                + " changes");
    assertThat(asked())
        .isEqualTo(
            new Requests(
                null,
                null,
                null,
                new Requests.Rollback(commit("aaaaaaa1"), digest("d3"), "jane", NOW)));
    assertThat(jane().rollback(SHOP, commit("aaaaaaa1")))
        .isEqualTo(
            "shop: to go back to " + commit("aaaaaaa1") + " is asked already; nothing to change");
  }

  @Test
  void rollsBackFromWhatIsReleasedOrWaits() throws Exception {
    released();
    jane().rollback(SHOP, "aaaaaaa1");
    assertThat(asked().rollback())
        .isEqualTo(new Requests.Rollback(commit("aaaaaaa1"), digest("d2"), "jane", NOW));
    waiting("abcdefabcdef");
    jane().rollback(SHOP, "aaaaaaa1");
    assertThat(asked().rollback())
        .as("what waits is what is wanted")
        .isEqualTo(new Requests.Rollback(commit("aaaaaaa1"), digest("d5"), "jane", NOW));
  }

  @Test
  void staysWhereItIsReleased() throws Exception {
    released();
    int commits = lab.written().size();
    assertThat(jane().rollback(SHOP, "aaaaaaa2"))
        .isEqualTo("shop: it is released at " + commit("aaaaaaa2") + " already; nothing to change");
    assertThat(lab.written()).hasSize(commits);
  }

  @Test
  void rollsBackOnlyToWhereItWasReleased() throws Exception {
    heldAfterARollback();
    assertRefused(
        () -> jane().rollback(SHOP, "bbbbbbb3"),
        "shop: \"bbbbbbb3\" must be a commit at which it was released; those are aaaaaaa20000,"
            + " aaaaaaa10000");
    assertRefused(
        () -> jane().rollback(SHOP, "aaaaaaa"),
        "shop: \"aaaaaaa\" must be a commit at which it was released; it begins aaaaaaa20000,"
            + " aaaaaaa10000");
  }

  @Test
  void aRollbackToNothingIsNoPlaceToGoBackTo() throws Exception {
    Attempt removed = attempt(2, Purpose.ROLLBACK, Result.SUCCEEDED, "bbbbbbb3", "d9");
    lab.tell(
        report("shop", Phase.ROLLED_BACK, removed, null, Status.FALSE, "RolledBack", "removed"),
        "history/2.yaml",
        record("shop", removed, "e2", "", State.DELETED, "removed"));
    assertRefused(
        () -> jane().rollback(SHOP, "bbbbbbb3"),
        "shop: \"bbbbbbb3\" must be a commit at which it was released; it was released at none"
            + " yet");
  }

  @Test
  void keepsAFileThatItCannotRead() throws Exception {
    released();
    lab.write(
        new TreeMap<>(Map.of(StatusLab.file(SHOP, "requests.yaml"), "suspend: please\n")),
        "by hand",
        Map.of());
    assertRefused(
        () -> jane().suspend(SHOP),
        "\"groups/shop/requests.yaml\" on the status branch is no file of requests; mend or remove"
            + " it");
  }

  @Test
  void keepsWhatSomebodyElseAsksAtTheSameMoment() throws Exception {
    waiting("abcdefabcdef");
    Asks jo = new Asks(lab.open("Jo"), "jo", CLOCK);
    Racing branch = new Racing(lab.open("Jane"), () -> jo.suspend(SHOP));

    new Asks(branch, "jane", CLOCK).approve(SHOP, "abcdefabcdef");

    assertThat(branch.decided).isEqualTo(2);
    assertThat(asked())
        .isEqualTo(
            new Requests(
                new Requests.Suspend("jo", NOW),
                new Requests.Approve(digest("abcdefabcdef"), "jane", NOW),
                null,
                null));
  }

  @Test
  void refusesWhatIsNoLongerSoAtTheLastMoment() throws Exception {
    waiting("abcdefabcdef");
    Racing branch = new Racing(lab.open("Jane"), () -> agentsNewPlan());

    assertThatThrownBy(() -> new Asks(branch, "jane", CLOCK).approve(SHOP, "abcdefabcdef"))
        .isInstanceOf(RefusedException.class)
        .hasMessage(
            "shop: plan abcdefabcdef does not wait for approval; plan "
                + digest("fedcbafedcba")
                + " does");
    assertThat(lab.read("shop", "requests.yaml")).isEmpty();
  }

  private String agentsNewPlan() throws RepoException {
    try (StatusLab other = lab.again()) {
      other.tell(
          report("shop", Phase.WAITING, SECOND, null, Status.UNKNOWN, "AwaitingApproval", "waits"),
          "next/plan.yaml",
          record("shop", WAITING, "fedcbafedcba", "", State.PENDING, "waits"));
    }
    return "";
  }

  @Test
  void losesNoRequestOfManyPeople() throws Exception {
    List<String> groups = List.of("shop", "core5g", "web", "db");
    for (String group : groups) {
      lab.tell(report(group, Phase.RELEASED, SECOND, null, Status.TRUE, "Succeeded", "ok"));
    }
    List<Callable<String>> asks = new ArrayList<>();
    for (String group : groups) {
      Asks asks1 = new Asks(lab.open("Jane"), "jane of " + group, CLOCK);
      asks.add(() -> asks1.suspend(GroupName.parse(group)));
    }
    ExecutorService pool = Executors.newFixedThreadPool(groups.size());
    try {
      for (Future<String> each : pool.invokeAll(asks)) {
        assertThat(each.get()).contains(": suspended;");
      }
    } finally {
      pool.shutdown();
    }
    for (String group : groups) {
      assertThat(RequestsFile.read(lab.read(group, "requests.yaml")).orElseThrow().suspend())
          .isEqualTo(new Requests.Suspend("jane of " + group, NOW));
    }
  }

  private interface Rival {
    String pushes() throws RepoException, RefusedException;
  }

  /** Lets somebody push between the first decision and its push. */
  private static final class Racing implements StatusBranch {
    private final StatusBranch branch;
    private final Rival rival;
    private int decided;

    Racing(StatusBranch branch, Rival rival) {
      this.branch = branch;
      this.rival = rival;
    }

    @Override
    public Optional<CommitId> commit(Change change) throws RepoException {
      return branch.commit(
          snapshot -> {
            Edit edit = change.of(snapshot);
            if (++decided == 1) {
              try {
                rival.pushes();
              } catch (RepoException | RefusedException e) {
                throw new AssertionError(e);
              }
            }
            return edit;
          });
    }

    @Override
    public void refresh() throws RepoException {
      branch.refresh();
    }

    @Override
    public Snapshot read() throws RepoException {
      return branch.read();
    }

    @Override
    public Optional<Snapshot> find(Predicate<Written> which) throws RepoException {
      return branch.find(which);
    }

    @Override
    public void close() {
      branch.close();
    }
  }
}
