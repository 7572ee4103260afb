// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.bench;

import dev.segue.renderer.model.Application;
import dev.segue.renderer.model.ChartRef;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.model.SourceFile;
import dev.segue.renderer.parse.GroupReader;
import dev.segue.renderer.yaml.YamlWriter;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * {@code segue validate} of the example repository as a process, beside {@code helm lint} and
 * {@code helm template} of the same charts with the same values, one process each; by turns, and
 * prints medians and ratios. {@code -Djar=} names segue.jar, {@code -Dlauncher=} the script beside
 * it, {@code -Dhelm=} Helm's binary, {@code -Drepository=} another repository, {@code -Drounds=} how many (default: 7). Linux: processor time
 * is read from /proc.
 */
public final class ValidateBenchmark {
  private static final int ROUNDS = Integer.getInteger("rounds", 7);

  private final Path folder;
  private final Path repository = Path.of(System.getProperty("repository"));
  private final String helm = System.getProperty("helm", "helm");
  private final String jar = System.getProperty("jar");
  private final String launcher = System.getProperty("launcher");
  private final List<List<String>> releases = new ArrayList<>();

  private ValidateBenchmark(Path folder) {
    this.folder = folder;
  }

  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createTempDirectory("segue-bench-");
    try {
      new ValidateBenchmark(folder).run();
    } finally {
      delete(folder);
    }
  }

  /** Seconds and processor seconds. */
  private record Cost(double seconds, double cpu) {}

  @FunctionalInterface
  private interface Work {
    void run() throws Exception;
  }

  private record Case(String name, Work before, Work work, List<Cost> costs) {
    Case(String name, Work before, Work work) {
      this(name, before, work, new ArrayList<>());
    }

    double seconds() {
      return median(costs.stream().mapToDouble(Cost::seconds));
    }

    double cpu() {
      return median(costs.stream().mapToDouble(Cost::cpu));
    }
  }

  private void run() throws Exception {
    readReleases();
    Path cache = folder.resolve("home/.cache/segue");
    Path charts = folder.resolve("charts");
    Work nothing = () -> {};
    Work cold = () -> deleteAllButTheEngine(charts.resolve("charts"));
    List<Case> cases =
        List.of(
            new Case("helm lint, one process a release", nothing, () -> helm("lint")),
            new Case("helm template, one process a release", nothing, () -> helm("template")),
            new Case("files, java -jar", nothing, () -> segue(false, "--no-charts")),
            new Case("files, launcher, first use", () -> delete(cache), () -> segue(true, "--no-charts")),
            new Case("files, launcher", nothing, () -> segue(true, "--no-charts")),
            new Case("charts, first use, java -jar", () -> delete(charts), () -> segue(false)),
            new Case("charts, first use, launcher", () -> {
              delete(cache);
              delete(charts);
            }, () -> segue(true)),
            new Case("charts, nothing rendered, java -jar", cold, () -> segue(false)),
            new Case("charts, nothing rendered, launcher", cold, () -> segue(true)),
            new Case("charts, nothing changed, java -jar", nothing, () -> segue(false)),
            new Case("charts, nothing changed, launcher", nothing, () -> segue(true)));
    for (int round = 0; round < ROUNDS; round++) {
      for (Case one : cases) {
        one.before().run();
        double cpu = cpuSeconds();
        long start = System.nanoTime();
        one.work().run();
        one.costs().add(new Cost((System.nanoTime() - start) / 1e9, cpuSeconds() - cpu));
      }
    }
    System.out.printf(
        "%d releases of %s, medians of %d rounds, %d processors%n",
        releases.size(), repository, ROUNDS, Runtime.getRuntime().availableProcessors());
    System.out.printf("%-42s %8s %8s %10s %12s%n", "", "seconds", "CPU", "to lint", "to template");
    for (Case one : cases) {
      System.out.printf(
          "%-42s %8.2f %8.2f %10.2f %12.2f%n",
          one.name(),
          one.seconds(),
          one.cpu(),
          one.seconds() / cases.get(0).seconds(),
          one.seconds() / cases.get(1).seconds());
    }
  }

  /** Each application's name, chart and values, as arguments for Helm. */
  private void readReleases() throws IOException {
    List<SourceFile> files = new ArrayList<>();
    try (Stream<Path> below = Files.list(repository.resolve("products"))) {
      for (Path file : below.sorted().toList()) {
        files.add(
            new SourceFile(
                RepoPath.parse("products/" + file.getFileName()), Files.readString(file)));
      }
    }
    for (var group : GroupReader.read(files).valid()) {
      for (Application application : group.applications()) {
        Path values = folder.resolve(group.name() + "-" + application.name() + ".yaml");
        Files.writeString(values, YamlWriter.write(application.release().values().tree()));
        String chart =
            repository.resolve(((ChartRef.InGit) application.chart()).path().value()).toString();
        releases.add(List.of(application.name().value(), chart, values.toString()));
      }
    }
  }

  private void helm(String command) throws Exception {
    for (List<String> release : releases) {
      List<String> arguments = new ArrayList<>(List.of(helm, command));
      if (command.equals("template")) {
        arguments.add(release.get(0));
      }
      arguments.addAll(List.of(release.get(1), "--values", release.get(2)));
      start(arguments);
    }
  }

  private void segue(boolean launched, String... options) throws Exception {
    List<String> command =
        new ArrayList<>(launched ? List.of(launcher) : List.of("java", "-jar", jar));
    command.addAll(List.of("validate", "--set", "charts.cache=" + folder.resolve("charts")));
    command.addAll(Arrays.asList(options));
    command.add(repository.toString());
    start(command);
  }

  private void start(List<String> command) throws IOException, InterruptedException {
    File log = folder.resolve("log").toFile();
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log);
    builder.environment().put("HOME", folder.resolve("home").toString());
    builder.environment().keySet().removeAll(List.of("XDG_CACHE_HOME", "KUBECONFIG"));
    if (builder.start().waitFor() != 0) {
      throw new IOException(
          "fails: " + String.join(" ", command) + "\n" + Files.readString(log.toPath()));
    }
  }

  private static double median(java.util.stream.DoubleStream numbers) {
    double[] sorted = numbers.sorted().toArray();
    return sorted[sorted.length / 2];
  }

  /** What ended children have used. */
  private static double cpuSeconds() throws IOException {
    String line = Files.readString(Path.of("/proc/self/stat"));
    String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
    return (Double.parseDouble(fields[13]) + Double.parseDouble(fields[14])) / 100;
  }

  /** As if nothing was ever rendered; Helm's engine is kept, as classes are. */
  private static void deleteAllButTheEngine(Path cache) throws IOException {
    if (Files.exists(cache)) {
      try (Stream<Path> kinds = Files.list(cache)) {
        for (Path kind : kinds.toList()) {
          if (!kind.endsWith("engine")) {
            delete(kind);
          }
        }
      }
    }
  }

  private static void delete(Path path) throws IOException {
    if (Files.exists(path)) {
      try (Stream<Path> files = Files.walk(path)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
