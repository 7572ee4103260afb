// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.cli.Console;
import dev.segue.agent.cli.Segue;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** The executable {@code segue}. */
public final class Main {
  private Main() {}

  /** Runs the command and exits with its code. */
  public static void main(String[] arguments) {
    Ahead.of(arguments);
    Console console =
        new Console(
            utf8(FileDescriptor.out), utf8(FileDescriptor.err), isTerminal(), System.getenv());
    System.exit(Segue.run(new AgentActions(), console, arguments));
  }

  /**
   * Until Java 21 there is a console only on a terminal; from 22 on it says itself whether it is
   * one.
   */
  @SuppressWarnings("SystemConsoleNull") // the case of Java 22 is seen to
  private static boolean isTerminal() {
    java.io.Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (boolean) java.io.Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return true;
    }
  }

  private static PrintStream utf8(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }
}
