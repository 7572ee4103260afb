// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.split;

import dev.segue.renderer.split.Definitions.Winner;
import dev.segue.renderer.split.GoTokens.Token;
import dev.segue.renderer.split.TemplateText.Action;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is executed when certain templates are: the named templates that they may refer to, and what
 * those may refer to. Every string that is a name counts as a reference. When a name is put
 * together while rendering, every name that begins as it does counts.
 */
final class Reach {
  private final Definitions all;
  private final Collection<String> values;
  private final Set<String> lenders;
  private final SortedMap<String, Winner> names = new TreeMap<>();
  private final List<Span> spans = new ArrayList<>();
  private final Deque<Span> open = new ArrayDeque<>();
  private boolean tpl;

  private Reach(Definitions all, Collection<String> values, Set<String> lenders) {
    this.all = all;
    this.values = values;
    this.lenders = lenders;
  }

  /** Actions of one file that are executed. */
  record Span(Definitions.File file, List<Action> actions) {}

  /**
   * @param roots files that Helm renders
   * @param values texts that may be evaluated as templates
   * @param lenders the direct sub-charts, "" for the umbrella itself, to whose named templates
   *     values that are not known here may refer
   */
  static Reach of(
      Definitions all,
      List<Definitions.File> roots,
      Collection<String> values,
      Set<String> lenders) {
    Reach reach = new Reach(all, values, lenders);
    roots.forEach(file -> reach.open.add(new Span(file, file.text().executed())));
    while (!reach.open.isEmpty()) {
      Span span = reach.open.remove();
      reach.spans.add(span);
      span.actions().forEach(action -> reach.follow(action.tokens()));
    }
    return reach;
  }

  /** By name, those of files among them. */
  SortedMap<String, Winner> names() {
    return names;
  }

  /** Everything that may be executed. */
  List<Span> spans() {
    return spans;
  }

  /** Whether values are evaluated as templates. */
  boolean evaluatesValues() {
    return tpl;
  }

  private void follow(List<Token> tokens) {
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      if (token.kind() == GoTokens.Kind.STRING) {
        name(token.text());
        nested(token.text());
      } else if (token.is("include")) {
        include(tokens.subList(i + 1, tokens.size()));
      } else if (token.is("tpl") && !tpl) {
        tpl = true;
        values.forEach(this::nested);
        lenders.forEach(lender -> all.winnersIn(lender).forEach(this::visit));
      }
    }
  }

  private void name(String name) {
    Winner winner = all.winners().get(name);
    if (winner != null) {
      visit(winner);
    }
  }

  private void visit(Winner winner) {
    TemplateText.Definition definition = winner.definition();
    String name = definition == null ? winner.file().name() : definition.name();
    if (names.putIfAbsent(name, winner) == null) {
      TemplateText text = winner.file().text();
      open.add(
          new Span(winner.file(), definition == null ? text.executed() : text.body(definition)));
    }
  }

  /** A string that holds a template, to be evaluated by {@code tpl}. */
  private void nested(String text) {
    if (text.contains("{{")) {
      TemplateText.of(text).actions().forEach(action -> follow(action.tokens()));
    }
  }

  /**
   * A name that is no string is put together while rendering. The common {@code include (print
   * $.Template.BasePath "/config.yaml") .} means a file of the same chart.
   */
  private void include(List<Token> arguments) {
    if (!arguments.isEmpty() && arguments.get(0).kind() == GoTokens.Kind.STRING) {
      return;
    }
    if (arguments.size() > 2
        && arguments.get(0).is("(")
        && (arguments.get(1).is("print") || arguments.get(1).is("printf"))) {
      Token first = arguments.get(2);
      boolean format = arguments.get(1).is("printf");
      if (first.kind() == GoTokens.Kind.STRING) {
        String text = first.text();
        if (format
            && text.startsWith("%s")
            && arguments.size() > 3
            && arguments.get(3).text().endsWith(".Template.BasePath")) {
          return;
        }
        beginningWith(format && text.contains("%") ? text.substring(0, text.indexOf('%')) : text);
        return;
      }
      if (first.text().endsWith(".Template.BasePath")) {
        return;
      }
    }
    beginningWith("");
  }

  private void beginningWith(String prefix) {
    all.winners().tailMap(prefix).entrySet().stream()
        .takeWhile(entry -> entry.getKey().startsWith(prefix))
        .filter(entry -> entry.getValue().definition() != null)
        .forEach(entry -> visit(entry.getValue()));
  }
}
