// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code segue agent} as a process of its own, and what Linux says of it. */
final class MeasuredAgent implements AutoCloseable {
  private static final double TICKS_PER_SECOND = 100;

  private final Process process;
  private final Path log;

  private MeasuredAgent(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Starts the agent.
   *
   * @param flags of the JVM
   * @param environment the agent's configuration
   * @param log where its stderr goes
   */
  static MeasuredAgent start(
      Path jar, List<String> flags, Map<String, String> environment, Path log) throws IOException {
    return start(jar, flags, environment, List.of(), log);
  }

  /**
   * As the other.
   *
   * @param arguments of the command {@code agent}
   */
  static MeasuredAgent start(
      Path jar,
      List<String> flags,
      Map<String, String> environment,
      List<String> arguments,
      Path log)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.addAll(List.of("-jar", jar.toAbsolutePath().toString(), "agent"));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    return new MeasuredAgent(builder.start(), log);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  String log() throws IOException {
    return Files.readString(log);
  }

  /** Whether so many lines of the log hold that text. */
  boolean said(String text, int times) throws IOException {
    return log().lines().filter(line -> line.contains(text)).count() >= times;
  }

  /** The most memory that was resident until now. */
  long peakMebibytes() throws IOException {
    return mebibytes(process.pid(), "VmHWM:");
  }

  long residentMebibytes() throws IOException {
    return mebibytes(process.pid(), "VmRSS:");
  }

  /** The render worker's process id; empty when there is none. */
  Optional<Long> worker() {
    return process.children().map(ProcessHandle::pid).findFirst();
  }

  /** The most memory that the process had resident; 0 when it is gone. */
  static long peakMebibytes(long pid) {
    try {
      return mebibytes(pid, "VmHWM:");
    } catch (IOException e) {
      return 0;
    }
  }

  /** Seconds of processor time that the agent has used, its worker not counted. */
  double processorSeconds() throws IOException {
    String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
  }

  /** What is in use of the heap after a collection; by the serial collector, asked by jcmd. */
  long heapMebibytes() throws IOException {
    jcmd("GC.run");
    Matcher used =
        Pattern.compile("generation.* used (\\d+)K").matcher(jcmd("GC.heap_info"));
    long kibibytes = 0;
    while (used.find()) {
      kibibytes += Long.parseLong(used.group(1));
    }
    return kibibytes / 1024;
  }

  private String jcmd(String question) throws IOException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Process asked =
        new ProcessBuilder(jcmd, Long.toString(process.pid()), question)
            .redirectErrorStream(true)
            .start();
    return new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  long threads() throws IOException {
    return field(process.pid(), "Threads:");
  }

  private static long mebibytes(long pid, String field) throws IOException {
    return field(pid, field) / 1024;
  }

  private static long field(long pid, String field) throws IOException {
    return Arrays.stream(Files.readString(Path.of("/proc/" + pid + "/status")).split("\n", -1))
        .filter(line -> line.startsWith(field))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElse(0);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }
}
