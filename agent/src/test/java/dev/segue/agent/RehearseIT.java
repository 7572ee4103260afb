// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.agent.testing.SiteLab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code segue rehearse} on a real repository with a real status branch, as people meet it. */
class RehearseIT {
  private static final String CORE5G = "products/core5g.yaml";
  private static final Map<String, String> NOBODY = Map.of("HOME", "/nowhere");

  @TempDir private static Path cache;
  @TempDir private Path folder;
  private SiteLab lab;

  @BeforeEach
  void begin() throws Exception {
    lab = new SiteLab(folder, cache, new TreeMap<>(Example.files()));
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private CommandLineRun rehearse(String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "rehearse";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return CommandLineRun.here(NOBODY, lab.arguments(all));
  }

  private static void golden(String name, CommandLineRun run) throws IOException {
    Path golden = Path.of("src/test/resources/golden/rehearse", name + ".txt");
    String text = "exit " + run.code() + "\n" + run.out();
    if (Boolean.getBoolean("golden.update")) {
      Files.createDirectories(golden.getParent());
      Files.writeString(golden, text);
    }
    assertThat(run.err()).isEmpty();
    assertThat(text).isEqualTo(Files.readString(golden));
  }

  @Test
  void showsWhatEveryFailureOfAnUpgradeLeadsTo() throws Exception {
    lab.commit();
    lab.release();
    lab.replace(CORE5G, "function: nrf\n", "function: nrf\n            replicaCount: 2\n").commit();
    String before = lab.refs();
    CommandLineRun run = rehearse("--fail", "each");
    System.out.println(run.err() + run.out());
    golden("upgrade", run);
    assertThat(lab.refs()).isEqualTo(before);
  }
}
