// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.model.Application;
import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.ChartRef;
import dev.segue.renderer.model.Lifecycle;
import dev.segue.renderer.model.OnFailure;
import dev.segue.renderer.model.Origin;
import dev.segue.renderer.model.Orkestra;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.parse.Parsed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** When, and how, an ApplicationGroup of Orkestra becomes ours together with what it released. */
final class TakeOver {
  private static final String SEE = ". See docs/orkestra.md";

  private final OrkestraRemains remains;

  TakeOver(OrkestraRemains remains) {
    this.remains = remains;
  }

  /** Whether the object is one of Orkestra's kind. */
  static boolean concerns(GroupObject object) {
    return object.apiVersion().equals(Orkestra.API_VERSION);
  }

  /** Says why nothing is done for the object yet: Orkestra has it; empty where it has not. */
  static Optional<Problem> held(AppliedObject object) {
    if (!concerns(object.object()) || !object.object().finalizers().contains(Orkestra.FINALIZER)) {
      return Optional.empty();
    }
    return Optional.of(
        Problem.at(
            new Origin(object.path(), 0),
            ProblemCode.DUPLICATE_GROUP,
            "metadata.finalizers",
            "must not have \""
                + Orkestra.FINALIZER
                + "\": as long as it is there \""
                + object.object().name()
                + "\" is Orkestra's",
            "Stop Orkestra, then remove the finalizer: docs/orkestra.md."));
  }

  /**
   * Says what Orkestra left of its object that does not go together with us; empty where there is
   * nothing.
   */
  Optional<String> remains(AppliedObject object) throws ClusterException {
    List<String> found = remains.of(object.object());
    return found.isEmpty()
        ? Optional.empty()
        : Optional.of("nothing is taken over from Orkestra yet: " + String.join("; ", found) + SEE);
  }

  /**
   * Returns the group as it may be released. What was there before us must not go because our first
   * attempt fails: until one succeeded everything stays as it is.
   *
   * @param released whether it was released by us, with success
   */
  static Parsed declared(ApplicationGroup group, boolean released) {
    List<Problem> problems = new ArrayList<>();
    for (Application application : group.applications()) {
      String theirs = Orkestra.release(chart(application.chart()));
      if (!application.name().value().equals(theirs)) {
        problems.add(otherName(application, theirs));
      }
    }
    return problems.isEmpty()
        ? new Parsed.Valid(released ? group : held(group))
        : new Parsed.Invalid(group.name(), List.of(group.origin()), problems);
  }

  private static String chart(ChartRef chart) {
    if (chart instanceof ChartRef.InRepository inRepository) {
      return inRepository.name();
    }
    return chart instanceof ChartRef.InRegistry inRegistry
        ? inRegistry.url().getPath().replaceFirst("^.*/", "")
        : ((ChartRef.InGit) chart).path().fileName();
  }

  private static Problem otherName(Application application, String theirs) {
    return Problem.at(
        application.origin(),
        ProblemCode.NOT_SUPPORTED_YET,
        "name",
        "of an application of Orkestra must be \""
            + theirs
            + "\", which Orkestra calls the Helm release of its chart; got \""
            + application.name()
            + "\": it would be installed once more",
        "Rename the application, also in `dependencies`.");
  }

  private static ApplicationGroup held(ApplicationGroup group) {
    Lifecycle before = group.lifecycle();
    Lifecycle lifecycle =
        new Lifecycle(
            OnFailure.HOLD,
            before.deletion(),
            before.drift(),
            before.approval(),
            before.suspend(),
            before.windows(),
            before.deadline());
    return new ApplicationGroup(
        group.name(),
        group.namespace(),
        group.origin(),
        group.interval(),
        group.parallelism(),
        lifecycle,
        group.applications());
  }
}
