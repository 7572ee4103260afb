// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.agent.testing.ReleaseLab;
import dev.segue.renderer.model.CommitId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people ask by the command line is done by an agent that only shares the repository. */
class HandsOnIT {
  @TempDir static Path chartCache;
  @TempDir Path folder;
  private ReleaseLab lab;

  @BeforeEach
  void open() throws Exception {
    lab = new ReleaseLab(folder, chartCache);
  }

  @AfterEach
  void close() {
    lab.close();
  }

  /** Returns what the command printed; it must not complain. */
  private String segue(String... command) {
    List<String> arguments = new ArrayList<>(List.of(command));
    for (String setting :
        List.of(
            "source.url=" + folder.resolve("product.git"),
            "status.branch=segue/lab",
            "charts.cache=" + folder.resolve("people"))) {
      arguments.add("--set");
      arguments.add(setting);
    }
    Map<String, String> environment = Map.of("HOME", "/nowhere", "SEGUE_USER", "jane");
    CommandLineRun run = CommandLineRun.here(environment, arguments.toArray(String[]::new));
    assertThat(run.err()).isEmpty();
    return run.out();
  }

  @Test
  void suspendsAndResumes() throws Exception {
    lab.group("shop", "db=red").push();
    lab.start(2, Duration.ZERO).release();
    segue("suspend", "shop");
    lab.group("shop", "db=blue").push();
    lab.release();

    assertThat(segue("status", "shop", "--why"))
        .startsWith("shop: Waiting, Ready Unknown (Suspended)")
        .contains("shop is suspended by jane at ");
    assertThat(lab.workflows("shop")).hasSize(1);

    segue("resume", "shop");
    lab.release();
    assertThat(segue("status", "shop")).startsWith("shop: Released, Ready True");
    assertThat(lab.workflows("shop")).hasSize(2);
  }

  @Test
  void rollsBackAndTakesItBack() throws Exception {
    CommitId first = lab.group("shop", "db=red", "web=red<db").push();
    lab.start(2, Duration.ZERO).release();
    CommitId second = lab.group("shop", "db=blue", "web=blue<db").push();
    lab.release();

    segue("rollback", "shop", "--to", first.shortHex());
    lab.release();
    assertThat(segue("status", "shop"))
        .startsWith("shop: RolledBack, Ready False")
        .contains("back at commit " + first.shortHex(), "asked    back to commit " + first);

    segue("retry", "shop");
    lab.release();
    assertThat(segue("status", "shop")).startsWith("shop: Released").contains("commit   " + second);
    assertThat(segue("history", "shop").lines().map(line -> line.replaceFirst("(\\w) .*", "$1")))
        .containsExactly("ATTEMPT", "4", "3", "2", "1");
    assertThat(segue("history", "shop", "--attempt", "3"))
        .startsWith("shop, attempt 3: rollback succeeded");
    assertThat(segue("status", "shop", "--at", second.hex())).contains("shop: Released");
  }
}
