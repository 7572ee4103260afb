// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import dev.segue.renderer.model.Manifest;
import java.util.ArrayList;
import java.util.List;

/**
 * The picture of one Workflow, as lines that end in a line end.
 *
 * @param full a headline and every task
 * @param shortened a headline that counts, and the tasks that run or have failed
 * @param ended whether the Workflow has
 */
record DagBlock(List<String> full, List<String> shortened, boolean ended) {
  private static final String ESCAPE = "\u001b[";

  DagBlock {
    full = List.copyOf(full);
    shortened = List.copyOf(shortened);
  }

  static DagBlock of(Manifest workflow, DagView.Style style, String prefix) {
    String phase = workflow.text("status", "phase").orElse("Pending");
    boolean ended = workflow.text("status", "finishedAt").isPresent();
    String headline = prefix + workflow.name() + "  " + painted(style, phase, phase);
    List<DagLayout.Line> tasks = DagLayout.of(workflow);
    int width =
        tasks.stream().mapToInt(task -> task.task().length() + 2 * task.level()).max().orElse(0);
    List<String> full = new ArrayList<>();
    List<String> shortened = new ArrayList<>();
    full.add(headline + "\n");
    int succeeded = 0;
    for (DagLayout.Line task : tasks) {
      TaskState state = TaskState.of(workflow, task.task()).orElse(TaskState.WAITING);
      String line = line(task, width, state, style, prefix);
      full.add(line);
      if (state.phase().equals("Succeeded")) {
        succeeded++;
      } else if (isWorthALine(state.phase()) && !ended) {
        shortened.add(line);
      }
    }
    shortened.add(0, headline + "  " + succeeded + " of " + tasks.size() + " succeeded\n");
    return new DagBlock(full, shortened, ended);
  }

  private static boolean isWorthALine(String phase) {
    return switch (phase) {
      case "Running", "Failed", "Error" -> true;
      default -> false;
    };
  }

  private static String line(
      DagLayout.Line task, int width, TaskState state, DagView.Style style, String prefix) {
    String name = "  ".repeat(task.level()) + task.task();
    return prefix
        + "  "
        + painted(style, state.phase(), symbol(style, state.phase()))
        + ' '
        + name
        + " ".repeat(width - name.length() + 2)
        + painted(style, state.phase(), state.phase())
        + state.times()
        + '\n';
  }

  private static String symbol(DagView.Style style, String phase) {
    return switch (phase) {
      case "Succeeded" -> style.unicode() ? "✔" : "+";
      case "Failed", "Error" -> style.unicode() ? "✖" : "x";
      case "Running" -> style.unicode() ? "●" : "*";
      case "Pending" -> style.unicode() ? "◌" : ".";
      case "Omitted", "Skipped" -> style.unicode() ? "○" : "-";
      default -> style.unicode() ? "·" : " ";
    };
  }

  private static String painted(DagView.Style style, String phase, String text) {
    if (!style.colour()) {
      return text;
    }
    String colour =
        switch (phase) {
          case "Succeeded" -> "32";
          case "Failed", "Error" -> "31";
          case "Running" -> "36";
          default -> "2";
        };
    return ESCAPE + colour + "m" + text + ESCAPE + "0m";
  }
}
