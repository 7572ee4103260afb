// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.cli;

import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** A manual page as roff's macros for them want it, made of the same words as {@code --help}. */
final class ManPage {
  private final CommandSpec spec;
  private final StringBuilder page = new StringBuilder();

  private ManPage(CommandSpec spec) {
    this.spec = spec;
  }

  static String of(CommandSpec spec) {
    ManPage page = new ManPage(spec);
    page.write();
    return page.page.toString();
  }

  private void write() {
    String name = spec.qualifiedName("-");
    String version = String.join(" ", spec.root().version());
    macro("TH", name.toUpperCase(Locale.ROOT), "1", "", version, "Segue");
    section("NAME");
    text(name + " - " + String.join(" ", spec.usageMessage().description()));
    section("SYNOPSIS");
    Help help = new Help(spec, Help.defaultColorScheme(Help.Ansi.OFF));
    text(help.synopsis(0).replaceAll("\\s+", " ").strip());
    if (!spec.positionalParameters().isEmpty()) {
      section("ARGUMENTS");
      spec.positionalParameters().forEach(this::parameter);
    }
    section("OPTIONS");
    spec.options().stream().filter(option -> !option.hidden()).forEach(this::option);
    if (!spec.subcommands().isEmpty()) {
      section("COMMANDS");
      spec.subcommands().forEach(this::command);
    }
    section("NOTES");
    macro("nf");
    List.of(spec.usageMessage().footer()).stream().skip(1).forEach(this::text);
    macro("fi");
    section("SEE ALSO");
    text(spec.parent() == null ? "segue help COMMAND" : "segue(1)");
  }

  private void parameter(PositionalParamSpec parameter) {
    item(parameter.paramLabel(), parameter.description());
  }

  private void option(OptionSpec option) {
    String value = option.arity().max() > 0 ? "=" + option.paramLabel() : "";
    item(String.join(", ", option.names()) + value, option.description());
  }

  private void command(String name, CommandLine command) {
    item(name, command.getCommandSpec().usageMessage().description());
  }

  private void item(String name, String[] description) {
    macro("TP");
    page.append("\\fB").append(escaped(name)).append("\\fR\n");
    text(String.join(" ", description));
  }

  private void section(String title) {
    macro("SH", title);
  }

  private void macro(String name, String... arguments) {
    page.append('.').append(name);
    for (String argument : arguments) {
      page.append(" \"").append(escaped(argument).replace("\"", "\\(dq")).append('"');
    }
    page.append('\n');
  }

  /** An empty line is one, and a line that begins as a request does is none. */
  private void text(String line) {
    boolean request = line.startsWith(".") || line.startsWith("'");
    page.append(line.isEmpty() ? ".sp" : (request ? "\\&" : "") + escaped(line)).append('\n');
  }

  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    text.replace("%n", " ")
        .codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '\\' -> escaped.append("\\e");
                case '-' -> escaped.append("\\-");
                case '\'' -> escaped.append("\\(aq");
                case '`' -> escaped.append("\\(ga");
                case '^' -> escaped.append("\\(ha");
                case '~' -> escaped.append("\\(ti");
                default -> {
                  if (c < 0x80) {
                    escaped.append((char) c);
                  } else {
                    escaped.append(String.format(Locale.ROOT, "\\[u%04X]", c));
                  }
                }
              }
            });
    return escaped.toString();
  }
}
