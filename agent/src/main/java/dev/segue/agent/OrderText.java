// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.rehearse.DagView;
import dev.segue.renderer.graph.TextPicture;
import dev.segue.renderer.graph.TextPicture.Label;
import dev.segue.renderer.graph.TextPicture.Strokes;
import dev.segue.renderer.model.ReleaseName;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The order of a group as a terminal shows it: a picture, or a list where that does not fit. */
final class OrderText {
  private static final int DEEPEST = 12;

  private final DagView.Style style;
  private final int columns;

  OrderText(DagView.Style style, int columns) {
    this.style = style;
    this.columns = columns;
  }

  String of(GroupOrder order) {
    int size = order.graph().order().size();
    int levels = order.graph().levels().size();
    String picture =
        TextPicture.draw(
                order.graph(),
                release -> label(order, release),
                style.unicode() ? Strokes.UNICODE : Strokes.ASCII,
                columns)
            .orElseGet(() -> list(order));
    return order.group().name()
        + ": "
        + counted(size, "release")
        + " in "
        + counted(levels, "level")
        + "\n\n"
        + picture
        + "\n"
        + foot(order);
  }

  private static String counted(int count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }

  private Label label(GroupOrder order, ReleaseName release) {
    String state = order.state(release);
    return new Label(mark(state) + release, colour(state));
  }

  private String mark(String state) {
    return switch (state) {
      case "failed" -> style.unicode() ? "✖ " : "x ";
      case "omitted" -> style.unicode() ? "○ " : "- ";
      case "released" -> style.unicode() ? "✔ " : "+ ";
      default -> "";
    };
  }

  private String colour(String state) {
    if (!style.colour()) {
      return "";
    }
    return switch (state) {
      case "failed" -> "31";
      case "omitted" -> "33";
      case "released" -> "32";
      default -> "";
    };
  }

  private String painted(Label label) {
    return label.colour().isEmpty()
        ? label.text()
        : "\u001b[" + label.colour() + "m" + label.text() + "\u001b[0m";
  }

  /** Every release in its level, with what it waits for. */
  private String list(GroupOrder order) {
    List<List<ReleaseName>> levels = order.graph().levels();
    int width = 0;
    for (int level = 0; level < levels.size(); level++) {
      for (ReleaseName release : levels.get(level)) {
        width = Math.max(width, indent(level).length() + label(order, release).text().length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (int level = 0; level < levels.size(); level++) {
      for (ReleaseName release : levels.get(level)) {
        Label label = label(order, release);
        String after = after(order, release);
        String space = " ".repeat(width - indent(level).length() - label.text().length() + 2);
        text.append(indent(level)).append(painted(label));
        text.append(after.isEmpty() ? "" : space + after).append('\n');
      }
    }
    return text.toString();
  }

  private static String indent(int level) {
    return "  ".repeat(Math.min(level, DEEPEST) + 1);
  }

  private static String after(GroupOrder order, ReleaseName release) {
    List<String> parts = new ArrayList<>();
    List<ReleaseName> hard = order.after(release, false);
    List<ReleaseName> soft = order.after(release, true);
    if (!hard.isEmpty()) {
      parts.add("after: " + joined(hard, ", "));
    }
    if (!soft.isEmpty()) {
      parts.add("after the end of: " + joined(soft, ", "));
    }
    return String.join("; ", parts);
  }

  private String foot(GroupOrder order) {
    StringBuilder text = new StringBuilder();
    if (order.hasSoftEdges()) {
      text.append(
          style.unicode()
              ? "▼ waits for success   ▽ dotted: waits for the end, whatever it is\n"
              : "v waits for success   : waits for the end, whatever it is\n");
    }
    text.append("longest chain, ").append(counted(order.longestChain().size(), "release"));
    text.append(": ").append(joined(order.longestChain(), style.unicode() ? " → " : " > "));
    text.append('\n');
    order
        .failure()
        .ifPresent(
            failure -> {
              text.append('\n');
              told(text, "failed", "failed", failure.failed());
              told(text, "omitted", "not run", failure.omitted());
              told(text, "released", "released", failure.released());
              text.append("then: ").append(order.then()).append('\n');
            });
    return text.toString();
  }

  private void told(StringBuilder text, String state, String word, List<ReleaseName> releases) {
    String names = releases.isEmpty() ? "none" : joined(releases, ", ");
    text.append(painted(new Label(mark(state) + word, colour(state)))).append(": ");
    text.append(names).append('\n');
  }

  private static String joined(List<ReleaseName> releases, String separator) {
    return releases.stream().map(ReleaseName::value).collect(Collectors.joining(separator));
  }
}
