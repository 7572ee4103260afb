// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The archive of classes (class-data sharing) that the launcher has this process use, or make when
 * it ends. Render workers are of the same jar and the same Java, so they use it too, and what they
 * need of it is loaded here before it is made. Java checks that an archive fits, and goes without
 * otherwise.
 *
 * @param used the archive that is used, or ""
 * @param made the archive that is made, or ""
 */
record ArchivedClasses(String used, String made) {
  private static final Pattern LOADED =
      Pattern.compile("(\\S+) source: (?:file:|jrt:/).*", Pattern.DOTALL);

  /** As the launcher says by system properties. */
  static ArchivedClasses ofThisProcess() {
    return new ArchivedClasses(
        System.getProperty("segue.classes", ""), System.getProperty("segue.classes.made", ""));
  }

  boolean areMade() {
    return !made.isEmpty();
  }

  /**
   * Returns a worker's options for Java: what Java has to say of archives must not stand among its
   * answers.
   *
   * @param log where it tells the classes that it loads, if they are to be archived
   */
  List<String> options(Path log) {
    List<String> options = new ArrayList<>();
    options.addAll(List.of("-Xshare:auto", "-Xlog:disable", "-Xlog:all=error:stderr"));
    if (!used.isEmpty()) {
      options.add("-XX:SharedArchiveFile=" + used);
    }
    if (areMade()) {
      options.add("-Xlog:class+load=info:file=\"" + log + "\":none");
    }
    return options;
  }

  /** Has the loader load the classes that are told there, without running any of their code. */
  static void loadThoseOf(Path log, ClassLoader loader) throws IOException {
    for (String line : Files.readAllLines(log)) {
      Matcher matcher = LOADED.matcher(line);
      if (matcher.matches()) {
        load(matcher.group(1), loader);
      }
    }
  }

  private static void load(String name, ClassLoader loader) {
    try {
      Class.forName(name, false, loader);
    } catch (ClassNotFoundException | LinkageError e) {
      return; // made while it ran, as proxies are: it is not archived
    }
  }
}
