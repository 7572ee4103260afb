// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.cli.Console;
import dev.segue.agent.cli.Segue;
import dev.segue.agent.testing.QuickJava;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What a run of the command line came to.
 *
 * @param out standard output
 * @param err standard error
 */
record CommandLineRun(int code, String out, String err) {
  /** In this JVM, not on a terminal. */
  static CommandLineRun here(Map<String, String> environment, String... arguments) {
    return here(environment, false, arguments);
  }

  static CommandLineRun here(
      Map<String, String> environment, boolean terminal, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console = new Console(print(out), print(err), terminal, environment);
    int code = Segue.run(new AgentActions(), console, arguments);
    return new CommandLineRun(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static PrintStream print(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  /** The command that runs it as a process of its own. */
  static List<String> command(String... arguments) {
    return QuickJava.command(Main.class, List.of(), arguments);
  }

  /** Starts a process of its own; its output goes to {@code out} and {@code err} in the folder. */
  static Process start(Path folder, Map<String, String> environment, String... arguments)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command(arguments)).directory(folder.toFile());
    builder.environment().keySet().removeIf(name -> name.matches("SEGUE_.*|KUBECONFIG|NO_COLOR"));
    builder.environment().put("HOME", folder.toString());
    builder.environment().putAll(environment);
    builder.redirectOutput(folder.resolve("out").toFile());
    builder.redirectError(folder.resolve("err").toFile());
    return builder.start();
  }

  /** As a process of its own, killed after a minute. */
  static CommandLineRun process(Path folder, Map<String, String> environment, String... arguments)
      throws Exception {
    Process process = start(folder, environment, arguments);
    try {
      if (!process.waitFor(1, TimeUnit.MINUTES)) {
        throw new AssertionError("still running: " + List.of(arguments));
      }
      return ended(process, folder);
    } finally {
      process.destroyForcibly();
    }
  }

  /** What a process that has ended came to. */
  static CommandLineRun ended(Process process, Path folder) throws IOException {
    return new CommandLineRun(
        process.exitValue(),
        Files.readString(folder.resolve("out")),
        Files.readString(folder.resolve("err")));
  }
}
