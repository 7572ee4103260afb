// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.Review.Reviewed;
import dev.segue.agent.cli.Actions;
import dev.segue.agent.cli.Actions.Page;
import dev.segue.agent.cli.Console;
import dev.segue.agent.operate.Answer;
import dev.segue.agent.operate.Format;
import dev.segue.agent.operate.RefusedException;
import dev.segue.agent.operate.RehearsalPage;
import dev.segue.agent.reconcile.ChartStore;
import dev.segue.agent.reconcile.Declared;
import dev.segue.agent.reconcile.PortException;
import dev.segue.agent.reconcile.Preview;
import dev.segue.agent.reconcile.StatusBranch.Snapshot;
import dev.segue.agent.rehearse.RehearsedSite;
import dev.segue.agent.rehearse.RehearsedSource;
import dev.segue.agent.rehearse.Trials;
import dev.segue.renderer.diff.Hint;
import dev.segue.renderer.diff.ReleaseDiff;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.preview.GroupPreview;
import dev.segue.renderer.status.Rehearsed;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a commit would do, and what would follow a failure: nothing of it really happens. */
final class Rehearse {
  private final AgentConfig config;
  private final Set<String> options;
  private final Checkout checkout;
  private final Console console;
  private final Clock clock;

  /**
   * @param options see {@link Review}
   */
  Rehearse(
      AgentConfig config, Set<String> options, Checkout checkout, Console console, Clock clock) {
    this.config = config;
    this.options = options;
    this.checkout = checkout;
    this.console = console;
    this.clock = clock;
  }

  /** Prints the page. Returns 0 when every case ends as it is to. */
  int run(Actions.Rehearsal asked) {
    Review review = new Review(config, options, checkout, clock);
    try {
      Map.Entry<String, Snapshot> site = review.site(asked.cluster(), review.sites());
      Snapshot status = site.getValue();
      if (status.commit().isEmpty()) {
        console
            .err()
            .println(
                "No status branch is in this clone, so everything is released for the first time."
                    + " If there are some, fetch them: "
                    + Review.FETCH);
      }
      return rehearse(review, site.getKey(), status, asked);
    } catch (RefusedException e) {
      tell(ProblemCode.REQUEST_REFUSED, e.getMessage());
      return Actions.USAGE;
    } catch (RefusedRehearsal e) {
      tell(e.code(), e.getMessage());
      return Actions.USAGE;
    } catch (PortException e) {
      tell(e.code(), e.getMessage());
      return 1;
    } catch (IOException e) {
      tell(
          ProblemCode.CONFIG_INVALID,
          "the files of the working folder cannot be read: " + EmptyFolders.reason(e));
      return 1;
    }
  }

  private int rehearse(Review review, String cluster, Snapshot status, Actions.Rehearsal asked)
      throws PortException, IOException, RefusedException, RefusedRehearsal {
    Reviewed reviewed = review.reviewed(cluster, status, asked.to());
    checkout.notice().lines().forEach(console.err()::println);
    reviewed.whatIf().lines().forEach(console.err()::println);
    try (RehearsedSource source = new RehearsedSource(reviewed.source());
        ChartStore charts = review.charts(source)) {
      return rehearse(
          RehearsedSite.of(source, status, charts, reviewed.settings(), clock.instant()), asked);
    }
  }

  private int rehearse(RehearsedSite site, Actions.Rehearsal asked)
      throws PortException, RefusedRehearsal {
    List<Problem> problems = site.declared().problems();
    problems.forEach(problem -> console.err().println(problem));
    Map<GroupName, Trials> groups = new TreeMap<>();
    List<GroupName> quiet = new ArrayList<>();
    List<Rehearsed> rehearsed;
    try (Cases cases = new Cases(console)) {
      List<GroupName> names = names(site.declared(), asked.groups());
      List<Trials> begun = cases.each(names, name -> Trials.begin(site, name));
      for (int i = 0; i < names.size(); i++) {
        if (begun.get(i).isQuiet() && asked.groups().isEmpty()) {
          quiet.add(names.get(i));
        } else {
          groups.put(names.get(i), begun.get(i));
        }
      }
      rehearsed = failing(groups, refusals(site, groups.keySet()), asked, begun, cases);
    }
    Answer answer = answer(new RehearsalPage(rehearsed, quiet), asked.page());
    console.out().print(answer.text());
    return answer.fine() && problems.isEmpty() ? 0 : 1;
  }

  /** What an API server would refuse; the embedded cluster has no validation of its own. */
  private Map<GroupName, List<String>> refusals(RehearsedSite site, Set<GroupName> groups)
      throws PortException {
    Preview preview = new Preview(site.source(), site.charts(), site.settings(), clock);
    Map<GroupName, List<String>> refusals = new TreeMap<>();
    for (GroupPreview group :
        preview.fromRecord(site.source().poll(), site.status(), groups::contains).groups()) {
      List<String> refused = new ArrayList<>();
      group.diffs().forEach((release, diff) -> refused.addAll(refusals(release, diff)));
      refusals.put(group.group(), refused);
    }
    return refusals;
  }

  private static List<String> refusals(ReleaseName release, ReleaseDiff diff) {
    return diff.hints().stream()
        .filter(hint -> hint.kind() == Hint.Kind.REFUSED)
        .map(
            hint ->
                "not rehearsed: the API server will refuse what "
                    + release
                    + " makes of "
                    + hint.object().shortText()
                    + ": "
                    + hint.reason())
        .toList();
  }

  private static List<GroupName> names(Declared declared, List<GroupName> asked)
      throws RefusedRehearsal {
    TreeSet<GroupName> known = new TreeSet<>(declared.groups().keySet());
    known.addAll(declared.undeclared().keySet());
    for (GroupName name : asked) {
      if (!known.contains(name)) {
        throw new RefusedRehearsal(
            "there is no group \""
                + name
                + "\" at commit "
                + declared.commit().shortHex()
                + ", and none was released; "
                + (known.isEmpty() ? "it declares none" : "there are " + joined(known)));
      }
    }
    return asked.isEmpty() ? List.copyOf(known) : asked.stream().distinct().sorted().toList();
  }

  /** A case with a failure. */
  private record Failing(GroupName group, Trials trials, ReleaseName release) {}

  private List<Rehearsed> failing(
      Map<GroupName, Trials> groups,
      Map<GroupName, List<String>> refusals,
      Actions.Rehearsal asked,
      List<Trials> all,
      Cases cases)
      throws PortException, RefusedRehearsal {
    for (String name : asked.failing()) {
      refuseUnknown(name, all);
    }
    List<Failing> failing = new ArrayList<>();
    groups.forEach(
        (group, trials) ->
            trials.mayFail().stream()
                .filter(release -> asked.each() || asked.failing().contains(release.value()))
                .forEach(release -> failing.add(new Failing(group, trials, release))));
    List<Trials.Failed> failed = cases.each(failing, each -> each.trials().failing(each.release()));
    List<Rehearsed> rehearsed = new ArrayList<>();
    for (Map.Entry<GroupName, Trials> group : groups.entrySet()) {
      List<Trials.Failed> own = new ArrayList<>();
      for (int i = 0; i < failing.size(); i++) {
        if (failing.get(i).group().equals(group.getKey())) {
          own.add(failed.get(i));
        }
      }
      List<String> refused = refusals.getOrDefault(group.getKey(), List.of());
      rehearsed.add(group.getValue().with(own, refused));
    }
    return rehearsed;
  }

  /** A misspelt name must not pass for a release that cannot fail. */
  private void refuseUnknown(String name, List<Trials> all) throws RefusedRehearsal {
    TreeSet<String> known = new TreeSet<>();
    boolean mayFail = false;
    for (Trials trials : all) {
      trials.releases().forEach(release -> known.add(release.value()));
      mayFail |= trials.mayFail().stream().anyMatch(release -> release.value().equals(name));
    }
    if (!known.contains(name)) {
      throw new RefusedRehearsal(
          "`--fail` must name a release of a group that is rehearsed, or be \"each\"; got \""
              + name
              + "\""
              + (known.isEmpty() ? "" : "; there are " + joined(known)));
    }
    if (!mayFail) {
      console.err().println("nothing is done with " + name + ": it cannot fail");
    }
  }

  private static String joined(Iterable<?> names) {
    List<String> texts = new ArrayList<>();
    names.forEach(name -> texts.add(name.toString()));
    return String.join(", ", texts);
  }

  private Answer answer(RehearsalPage page, Page as) {
    return switch (as) {
      case TEXT -> page.of(console.coloured() ? Format.COLOURED : Format.TEXT);
      case YAML -> page.of(Format.YAML);
      case JSON -> page.of(Format.JSON);
      case MARKDOWN -> new Answer(page.markdown(), page.of(Format.TEXT).fine());
    };
  }

  private void tell(ProblemCode code, String message) {
    console.err().println(code.id() + ": " + message);
  }

  /** What is asked cannot be rehearsed. */
  private static final class RefusedRehearsal extends Exception {
    RefusedRehearsal(String message) {
      super(message);
    }

    ProblemCode code() {
      return ProblemCode.REHEARSAL_UNKNOWN;
    }

    @Override
    public String getMessage() {
      return String.valueOf(super.getMessage());
    }
  }
}
