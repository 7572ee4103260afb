// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.cli.Console;
import dev.segue.renderer.migrate.Migration;
import dev.segue.renderer.model.ProblemCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a file that was made goes: to standard output or into a new file; what is to be said of it,
 * to standard error.
 */
final class DraftOutput {
  private final Console console;
  private final @Nullable Path file;

  /**
   * @param file null for standard output
   */
  DraftOutput(Console console, @Nullable Path file) {
    this.console = console;
    this.file = file;
  }

  /** Writes all of them, or nothing when one has a problem. Returns 0 when they were written. */
  int write(List<Migration> made) {
    made.forEach(one -> one.problems().forEach(console.err()::println));
    made.forEach(one -> one.notices().forEach(console.err()::println));
    if (made.stream().anyMatch(one -> !one.problems().isEmpty())) {
      return 1;
    }
    List<String> texts = new ArrayList<>();
    made.forEach(one -> texts.add(one.text()));
    String text = String.join("---\n", texts);
    if (file == null) {
      console.out().print(text);
      return 0;
    }
    return write(file, text);
  }

  private int write(Path target, String text) {
    try {
      Files.write(target, text.getBytes(StandardCharsets.UTF_8), StandardOpenOption.CREATE_NEW);
      return 0;
    } catch (FileAlreadyExistsException e) {
      console
          .err()
          .println(
              ProblemCode.DRAFT_FILE_EXISTS.id()
                  + ": `--file` must name a new file, so that nothing of yours is replaced; got \""
                  + target
                  + "\"");
      return 1;
    } catch (IOException e) {
      console
          .err()
          .println(
              ProblemCode.CONFIG_INVALID.id()
                  + ": cannot write \""
                  + target
                  + "\": "
                  + EmptyFolders.reason(e));
      return 1;
    }
  }
}
