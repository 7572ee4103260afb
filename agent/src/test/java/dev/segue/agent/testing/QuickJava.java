// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How tests start programs of ours in processes of their own: with what lets Java start fast. */
public final class QuickJava {
  private QuickJava() {}

  /**
   * The command that runs the class with this JVM's Java and class path.
   *
   * @param options further ones of the JVM
   */
  public static List<String> command(Class<?> main, List<String> options, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData"));
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    return command;
  }
}
