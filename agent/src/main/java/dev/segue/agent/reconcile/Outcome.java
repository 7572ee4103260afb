// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ProblemCode;
import java.util.List;

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

  /** The last attempt at this very content failed: it is not tried again before Git moves. */
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
