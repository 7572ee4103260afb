// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ProblemCode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Where a group stands after a pass: a closed set, of which each says what happens next. */
public sealed interface Outcome {
  /** One line for people. */
  String describe();

  /** Whether nothing more will happen by itself before Git or the cluster moves. */
  default boolean settled() {
    return true;
  }

  /** The cluster is what Git wants. */
  record InSync() implements Outcome {
    @Override
    public String describe() {
      return "in sync";
    }
  }

  /** A Workflow runs; its changes wake the group. */
  record Progressing(String workflow) implements Outcome {
    @Override
    public String describe() {
      return "progressing: Workflow " + workflow;
    }

    @Override
    public boolean settled() {
      return false;
    }
  }

  /** Everything was given to Flux and no Workflow runs; Flux has not finished. */
  record Waiting(String what) implements Outcome {
    @Override
    public String describe() {
      return "waiting: " + what;
    }

    @Override
    public boolean settled() {
      return false;
    }
  }

  /** Whose group it is is not known yet, just after a start: nothing is done or said of it. */
  record Undecided() implements Outcome {
    @Override
    public String describe() {
      return "waiting: not known yet who else declares the group";
    }

    @Override
    public boolean settled() {
      return false;
    }
  }

  /**
   * A plan is there and does not begin.
   *
   * @param until when it may begin by itself; empty when somebody must act
   */
  record Postponed(String reason, String message, Optional<Instant> until) implements Outcome {
    @Override
    public String describe() {
      return reason + ": " + message;
    }
  }

  /** What was released is no longer so, and is to be left so. */
  record Drifted(String what) implements Outcome {
    @Override
    public String describe() {
      return what;
    }
  }

  /** Nothing of the group is there any more. */
  record Removed() implements Outcome {
    @Override
    public String describe() {
      return "removed";
    }
  }

  /** What the commit wants failed: it is not tried again before Git moves or somebody asks. */
  record Held(String reason) implements Outcome {
    @Override
    public String describe() {
      return "held: " + reason;
    }
  }

  /** The file or its charts are wrong: somebody must mend them. */
  record Stalled(List<Problem> problems) implements Outcome {
    public Stalled {
      problems = List.copyOf(problems);
    }

    @Override
    public String describe() {
      return "stalled: "
          + problems.get(0)
          + (problems.size() > 1 ? " (and " + (problems.size() - 1) + " more)" : "");
    }
  }

  /** The outside failed; tried again, later and later. */
  record Failed(ProblemCode code, String message, boolean retryable) implements Outcome {
    @Override
    public String describe() {
      return code.id() + ": " + message;
    }

    @Override
    public boolean settled() {
      return !retryable;
    }
  }
}
