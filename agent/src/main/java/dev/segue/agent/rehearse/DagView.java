// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import dev.segue.renderer.model.Labels;
import dev.segue.renderer.model.Manifest;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Shows people how Workflows get on, from what stands in them and their status, so for a real
 * cluster too. On a terminal each Workflow is a block of tasks, level by level, and all blocks are
 * drawn anew in their place until every Workflow in them has ended; what comes later is drawn
 * below. Elsewhere every change of state is a line that names its group. Not safe for several
 * threads.
 */
public final class DagView {
  private static final String ESCAPE = "\u001b[";
  private static final int FEWEST_ROWS = 24;

  private final PrintStream out;
  private final Style style;
  private final String prefix;
  private final int rows;
  private final Map<String, String> shown = new HashMap<>();
  private final Map<String, DagBlock> blocks = new LinkedHashMap<>();
  private final Map<String, DagBlock> left = new HashMap<>();
  private int height;

  /** As the other one, on a terminal of 24 lines. */
  public DagView(PrintStream out, Style style, String prefix) {
    this(out, style, prefix, FEWEST_ROWS);
  }

  /**
   * @param prefix begins every line, such as {@link EmbeddedCluster#PREFIX}; "" for none
   * @param rows of the terminal: what is drawn anew must fit, and is shortened where it does not
   */
  public DagView(PrintStream out, Style style, String prefix, int rows) {
    this.out = out;
    this.style = style;
    this.prefix = prefix.isEmpty() ? "" : prefix + " ";
    this.rows = rows;
  }

  /**
   * How it is drawn.
   *
   * @param terminal whether the list may be drawn anew in its place
   * @param colour whether states are coloured; on a terminal only
   * @param unicode whether symbols beyond ASCII may be used
   */
  public record Style(boolean terminal, boolean colour, boolean unicode) {
    /** A line for every change, in ASCII. */
    public static final Style PLAIN = new Style(false, false, false);

    /**
     * Returns the style that suits.
     *
     * @param redraws whether what was printed can be printed over
     * @param colour whether colours are wanted
     * @param environment looked at for the locale ({@code LC_ALL}, {@code LC_CTYPE}, {@code LANG})
     */
    public static Style of(boolean redraws, boolean colour, Map<String, String> environment) {
      if (!redraws) {
        return PLAIN;
      }
      String locale = "";
      for (String name : List.of("LC_ALL", "LC_CTYPE", "LANG")) {
        if (locale.isEmpty()) {
          locale = environment.getOrDefault(name, "");
        }
      }
      String charset = locale.toUpperCase(Locale.ROOT).replace("-", "");
      return new Style(true, colour, charset.contains("UTF8"));
    }
  }

  /** Shows the Workflow as it is now; prints nothing when nothing has changed. */
  public void show(Manifest workflow) {
    if (style.terminal()) {
      draw(workflow);
    } else {
      printChanges(workflow);
    }
  }

  private void printChanges(Manifest workflow) {
    for (DagLayout.Line line : DagLayout.of(workflow)) {
      TaskState.of(workflow, line.task())
          .ifPresent(
              now -> printChange(workflow, line.task(), now.phase(), now.since(), now.message()));
    }
    workflow
        .text("status", "finishedAt")
        .ifPresent(
            end ->
                printChange(
                    workflow,
                    "workflow " + workflow.name(),
                    workflow.text("status", "phase").orElse(""),
                    TaskState.offset(workflow, end),
                    workflow.text("status", "message").orElse("")));
  }

  private void printChange(
      Manifest workflow, String what, String phase, String since, String message) {
    if (!phase.equals(shown.put(workflow.name() + "/" + what, phase))) {
      boolean isFailure = phase.equals("Failed") || phase.equals("Error");
      String why = isFailure && !message.isEmpty() ? ": " + printable(message) : "";
      String group = workflow.label(Labels.GROUP).orElse(workflow.name());
      out.print(prefix + group + " " + since + " " + what + " " + phase + why + "\n");
      out.flush();
    }
  }

  /** One line, without anything that would steer a terminal. */
  private static String printable(String message) {
    return message.replaceAll("\\p{Cntrl}+", " ").strip();
  }

  private void draw(Manifest workflow) {
    DagBlock now = DagBlock.of(workflow, style, prefix);
    String name = workflow.name();
    if (now.equals(blocks.get(name)) || now.equals(left.get(name))) {
      return;
    }
    blocks.put(name, now);
    boolean ended = blocks.values().stream().allMatch(DagBlock::ended);
    List<String> lines = ended ? full() : fitting();
    if (height > 0) {
      out.print(ESCAPE + height + "A" + ESCAPE + "J");
    }
    out.print(String.join("", lines));
    out.flush();
    height = lines.size();
    if (ended) {
      left.putAll(blocks);
      blocks.clear();
      height = 0;
    }
  }

  private List<String> full() {
    return blocks.values().stream().flatMap(block -> block.full().stream()).toList();
  }

  /**
   * The most that can be drawn anew: a line that has left the screen at the top is out of reach.
   */
  private List<String> fitting() {
    List<String> lines = full();
    if (lines.size() >= rows) {
      lines = blocks.values().stream().flatMap(block -> block.shortened().stream()).toList();
    }
    return lines.size() < rows ? lines : lines.subList(0, Math.max(1, rows - 1));
  }
}
