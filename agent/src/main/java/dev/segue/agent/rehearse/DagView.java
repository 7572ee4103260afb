// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import dev.segue.renderer.model.Manifest;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Shows people how a Workflow gets on, from what stands in it and its status, so for a real cluster
 * too. On a terminal the tasks stand in a list, level by level, which is drawn anew in its place;
 * elsewhere every change of state is a line. Not safe for several threads.
 */
public final class DagView {
  private static final String ESCAPE = "\u001b[";

  private final PrintStream out;
  private final Style style;
  private final String prefix;
  private final Map<String, String> shown = new HashMap<>();
  private String drawn = "";
  private String drawnWorkflow = "";

  /**
   * @param prefix begins every line, such as {@link EmbeddedCluster#PREFIX}; "" for none
   */
  public DagView(PrintStream out, Style style, String prefix) {
    this.out = out;
    this.style = style;
    this.prefix = prefix.isEmpty() ? "" : prefix + " ";
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
     * @param terminal whether the output is a terminal
     * @param environment looked at for {@code NO_COLOR}, {@code TERM} and the locale ({@code
     *     LC_ALL}, {@code LC_CTYPE}, {@code LANG})
     */
    public static Style of(boolean terminal, Map<String, String> environment) {
      if (!terminal || "dumb".equals(environment.get("TERM"))) {
        return PLAIN;
      }
      boolean colour = environment.getOrDefault("NO_COLOR", "").isEmpty();
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
      Optional<State> state = State.of(workflow, line.task());
      state.ifPresent(
          now -> printChange(workflow, line.task(), now.phase(), now.since(), now.message()));
    }
    String phase = workflow.text("status", "phase").orElse("");
    boolean ended = workflow.text("status", "finishedAt").isPresent();
    if (ended) {
      printChange(
          workflow,
          "workflow " + workflow.name(),
          phase,
          State.offset(workflow, workflow.text("status", "finishedAt").orElse(null)),
          workflow.text("status", "message").orElse(""));
    }
  }

  private void printChange(
      Manifest workflow, String what, String phase, String since, String message) {
    if (!phase.equals(shown.put(workflow.name() + "/" + what, phase))) {
      boolean isFailure = phase.equals("Failed") || phase.equals("Error");
      String why = isFailure && !message.isEmpty() ? ": " + printable(message) : "";
      out.print(prefix + since + " " + what + " " + phase + why + "\n");
      out.flush();
    }
  }

  private void draw(Manifest workflow) {
    StringBuilder text = new StringBuilder();
    String phase = workflow.text("status", "phase").orElse("Pending");
    text.append(prefix).append(workflow.name()).append("  ").append(painted(phase, phase));
    text.append('\n');
    List<DagLayout.Line> lines = DagLayout.of(workflow);
    int width =
        lines.stream().mapToInt(line -> line.task().length() + 2 * line.level()).max().orElse(0);
    for (DagLayout.Line line : lines) {
      State state = State.of(workflow, line.task()).orElse(State.WAITING);
      String name = "  ".repeat(line.level()) + line.task();
      text.append(prefix)
          .append("  ")
          .append(painted(state.phase(), symbol(state.phase())))
          .append(' ')
          .append(name)
          .append(" ".repeat(width - name.length() + 2))
          .append(painted(state.phase(), state.phase()))
          .append(state.times())
          .append('\n');
    }
    String now = text.toString();
    boolean sameWorkflow = drawnWorkflow.equals(workflow.name());
    if (sameWorkflow && now.equals(drawn)) {
      return;
    }
    if (sameWorkflow) {
      long height = drawn.chars().filter(c -> c == '\n').count();
      out.print(ESCAPE + height + "A" + ESCAPE + "J");
    }
    out.print(now);
    out.flush();
    drawn = now;
    drawnWorkflow = workflow.name();
  }

  private String symbol(String phase) {
    return switch (phase) {
      case "Succeeded" -> style.unicode() ? "✔" : "+";
      case "Failed", "Error" -> style.unicode() ? "✖" : "x";
      case "Running" -> style.unicode() ? "●" : "*";
      case "Pending" -> style.unicode() ? "◌" : ".";
      case "Omitted", "Skipped" -> style.unicode() ? "○" : "-";
      default -> style.unicode() ? "·" : " ";
    };
  }

  private String painted(String phase, String text) {
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

  /** One line, without anything that would steer a terminal. */
  private static String printable(String message) {
    return message.replaceAll("\\p{Cntrl}+", " ").strip();
  }

  /**
   * What the status says of a task.
   *
   * @param since when it got into this phase, from the Workflow's start
   * @param times from and to, with two spaces before; "" when it has not begun
   */
  private record State(String phase, String message, String since, String times) {
    private static final State WAITING = new State("waiting", "", "", "");

    /** Empty when the task has no node yet. */
    static Optional<State> of(Manifest workflow, String task) {
      String name = workflow.name() + "." + task;
      return workflow.map("status", "nodes").values().stream()
          .map(Fields::typed)
          .filter(node -> name.equals(node.get("name")))
          .findFirst()
          .map(node -> of(workflow, node));
    }

    private static State of(Manifest workflow, Map<String, @Nullable Object> node) {
      String phase = Fields.text(node.get("phase"));
      @Nullable String end = text(node, "finishedAt");
      String from = offset(workflow, text(node, "startedAt"));
      String to = offset(workflow, end);
      boolean neverRan = phase.equals("Omitted") || phase.equals("Skipped");
      return new State(
          phase,
          reason(workflow, node),
          end == null ? from : to,
          neverRan ? "" : "  " + from + (end == null ? "" : " to " + to));
    }

    /** The message; of a step with retries that of its last pod, which says more. */
    private static String reason(Manifest workflow, Map<String, @Nullable Object> node) {
      List<String> children = Fields.strings(node.get("children"));
      boolean isRetry = "Retry".equals(node.get("type")) && !children.isEmpty();
      Map<String, @Nullable Object> teller =
          isRetry ? workflow.map("status", "nodes", children.get(children.size() - 1)) : node;
      return Fields.text(teller.get("message"));
    }

    private static @Nullable String text(Map<String, @Nullable Object> node, String field) {
      return node.get(field) instanceof String text ? text : null;
    }

    /** Returns the time since the Workflow's start; "" when one of both is unknown. */
    static String offset(Manifest workflow, @Nullable String time) {
      Optional<String> start = workflow.text("status", "startedAt");
      if (start.isEmpty() || time == null) {
        return "";
      }
      try {
        return Timestamps.offset(Duration.between(Instant.parse(start.get()), Instant.parse(time)));
      } catch (DateTimeParseException e) {
        return "";
      }
    }
  }
}
