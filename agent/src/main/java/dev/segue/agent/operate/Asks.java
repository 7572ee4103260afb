// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.operate;

import dev.segue.agent.reconcile.RepoException;
import dev.segue.agent.reconcile.StatusBranch;
import dev.segue.agent.reconcile.StatusBranch.Edit;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.plan.Purpose;
import dev.segue.renderer.status.Attempt;
import dev.segue.renderer.status.AttemptRecord;
import dev.segue.renderer.status.Requests;
import dev.segue.renderer.status.RequestsFile;
import dev.segue.renderer.status.StatusReport;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What people ask of a group: each writes its {@code requests.yaml} on the status branch, which the
 * agent reads at every poll, and nothing else. What others asked stays, also what they ask at the
 * same moment. Asked twice is as asked once. Each returns one line for people.
 */
public final class Asks {
  private static final String SEEN = "; the agent acts on it at its next poll";

  private final StatusBranch branch;
  private final String by;
  private final InstantSource clock;

  /**
   * @param by who asks, one line
   */
  public Asks(StatusBranch branch, String by, InstantSource clock) {
    this.branch = branch;
    this.by = by;
    this.clock = clock;
  }

  /**
   * Lets the plan begin that waits now.
   *
   * @param digest the first digits of the plan's, twelve at least
   */
  public String approve(GroupName group, String digest) throws RepoException, RefusedException {
    return ask(
        group,
        (folder, now) -> {
          Requests asked = folder.requests();
          Optional<AttemptRecord> next = folder.next();
          String plan = next.map(AttemptRecord::plan).orElse("");
          if (plan.isEmpty() || !plan.startsWith(digest)) {
            throw new RefusedException(
                group
                    + ": plan "
                    + digest
                    + " does not wait for approval; "
                    + (plan.isEmpty() ? "no plan does" : "plan " + Shown.line(plan) + " does"));
          }
          Optional<String> already = asked.approved(plan);
          if (already.isPresent()) {
            return Wish.none("plan " + plan + " is approved already, by " + already.get());
          }
          Requests.Approve approve = new Requests.Approve(plan, by, now);
          return new Wish(
              Optional.of(new Requests(asked.suspend(), approve, asked.retry(), asked.rollback())),
              "approve plan " + plan.substring(0, 12),
              "plan " + plan + " is approved" + SEEN);
        });
  }

  /** Lets nothing begin any more. What runs goes on. */
  public String suspend(GroupName group) throws RepoException, RefusedException {
    return ask(
        group,
        (folder, now) -> {
          Requests asked = folder.requests();
          Requests.Suspend before = asked.suspend();
          if (before != null) {
            return Wish.none("suspended already" + Shown.by(before.by(), before.at()));
          }
          return new Wish(
              Optional.of(
                  new Requests(
                      new Requests.Suspend(by, now),
                      asked.approve(),
                      asked.retry(),
                      asked.rollback())),
              "suspend",
              "suspended; nothing begins from the agent's next poll on, what runs goes on");
        });
  }

  /** Takes back {@link #suspend}. */
  public String resume(GroupName group) throws RepoException, RefusedException {
    return ask(
        group,
        (folder, now) -> {
          Requests asked = folder.requests();
          Optional<String> elsewhere =
              folder
                  .report()
                  .map(StatusReport::ready)
                  .filter(ready -> ready.reason().equals("Suspended"))
                  .map(ready -> "; it is " + Shown.line(ready.message()))
                  .filter(message -> message.contains("spec.suspend") || asked.suspend() == null);
          if (asked.suspend() == null) {
            return Wish.none("nobody asked to suspend it here" + elsewhere.orElse(""));
          }
          return new Wish(
              Optional.of(new Requests(null, asked.approve(), asked.retry(), asked.rollback())),
              "resume",
              "resumed" + SEEN + elsewhere.orElse(""));
        });
  }

  /** Has what failed tried again, in place of a rollback that was asked for. */
  public String retry(GroupName group) throws RepoException, RefusedException {
    return ask(
        group,
        (folder, now) -> {
          Requests asked = folder.requests();
          StatusReport report = reported(folder);
          Attempt last = report.attempt();
          boolean failed = report.held() != null || last.result() == Attempt.Result.FAILED;
          if (!failed && asked.rollback() == null) {
            throw new RefusedException(
                group
                    + ": nothing of it is held and its last attempt did not fail; there is nothing"
                    + " to try again");
          }
          if (asked.retries(last.number()) && asked.rollback() == null) {
            return Wish.none("another try after attempt " + last.number() + " is asked already");
          }
          return new Wish(
              Optional.of(
                  new Requests(
                      asked.suspend(),
                      asked.approve(),
                      new Requests.Retry(last.number(), by, now),
                      null)),
              "retry after attempt " + last.number(),
              "what failed is tried again after attempt " + last.number() + SEEN);
        });
  }

  /**
   * Has the group go back to a commit that it was released at.
   *
   * @param to the first digits of the source commit, seven at least
   */
  public String rollback(GroupName group, String to) throws RepoException, RefusedException {
    return ask(
        group,
        (folder, now) -> {
          Requests asked = folder.requests();
          StatusReport report = reported(folder);
          List<AttemptRecord> history = folder.history(Integer.MAX_VALUE);
          CommitId commit = Goals.commit(group, history, to);
          String from = Goals.wanted(folder, report, history);
          Requests.Rollback before = asked.rollback();
          if (before != null && before.to().equals(commit.hex()) && before.from().equals(from)) {
            return Wish.none("to go back to " + commit + " is asked already");
          }
          boolean there =
              report.phase() == StatusReport.Phase.RELEASED
                  && report.attempt().purpose() == Purpose.RELEASE
                  && report.attempt().commit().equals(commit.hex());
          if (there && before == null) {
            return Wish.none("it is released at " + commit + " already");
          }
          Requests.Rollback rollback = new Requests.Rollback(commit.hex(), from, by, now);
          return new Wish(
              Optional.of(new Requests(asked.suspend(), null, null, rollback)),
              "roll back to " + commit.shortHex(),
              "goes back to " + commit + SEEN + ", and stays there until its file changes");
        });
  }

  private static StatusReport reported(GroupFolder folder) throws RepoException, RefusedException {
    return folder
        .report()
        .orElseThrow(
            () ->
                new RefusedException(
                    folder.group() + ": its `status.yaml` on the status branch cannot be read"));
  }

  /**
   * What is to be written.
   *
   * @param requests empty when nothing is to be
   * @param subject of the commit
   * @param answer for whoever asks
   */
  private record Wish(Optional<Requests> requests, String subject, String answer) {
    static Wish none(String answer) {
      return new Wish(Optional.empty(), "", answer + "; nothing to change");
    }
  }

  /** Decides on the newest files; asked again after a race. */
  private interface Decision {
    Wish of(GroupFolder folder, String now) throws RepoException, RefusedException;
  }

  private String ask(GroupName group, Decision decision) throws RepoException, RefusedException {
    String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    List<Wish> wishes = new ArrayList<>(); // one for each time that it was decided
    try {
      branch.commit(
          newest -> {
            try {
              GroupFolder folder = GroupFolder.of(newest, group);
              wishes.add(decision.of(folder, now));
              return edit(folder, wishes.get(wishes.size() - 1));
            } catch (RefusedException e) {
              throw new CarriedException(e);
            } catch (RepoException e) {
              throw new IllegalStateException(
                  "what was just fetched must be readable: " + e.getMessage(), e);
            }
          });
    } catch (CarriedException e) {
      throw e.refusal();
    }
    return group + ": " + wishes.get(wishes.size() - 1).answer();
  }

  private Edit edit(GroupFolder folder, Wish wish) throws RefusedException {
    SortedMap<RepoPath, String> files = new TreeMap<>();
    if (wish.requests().isPresent()) {
      String text = RequestsFile.write(folder.group(), wish.requests().get());
      if (RequestsFile.read(text).isEmpty()) {
        throw new RefusedException(
            folder.group() + ": its files on the status branch were edited and make no sense");
      }
      files.put(folder.requestsFile(), text);
    }
    return new Edit(
        List.of(),
        files,
        folder.group() + ": " + wish.subject() + " (" + by + ")",
        Map.of("Group", folder.group().value()));
  }

  /** Brings a refusal through a function that throws nothing checked. */
  private static final class CarriedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final RefusedException refusal;

    CarriedException(RefusedException refusal) {
      super(refusal);
      this.refusal = refusal;
    }

    RefusedException refusal() {
      return refusal;
    }
  }
}
