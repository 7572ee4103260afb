// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.model.RepoPath;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Files as they were parsed last, by path: a text that did not change is not parsed again. A memory
 * of work, not of state: equal text gives an equal answer without it. Safe for several threads.
 */
final class ParsedFiles<T> {
  private final Function<String, Optional<T>> parser;
  private final Map<RepoPath, Parsed<T>> files = new ConcurrentHashMap<>();

  private record Parsed<T>(String text, Optional<T> content) {}

  /**
   * @param parser a pure function; what it gives is shared and must be immutable
   */
  ParsedFiles(Function<String, Optional<T>> parser) {
    this.parser = parser;
  }

  /** Returns what {@code text}, which stands at {@code path}, says. */
  Optional<T> parse(RepoPath path, String text) {
    Parsed<T> before = files.get(path);
    if (before == null || !before.text().equals(text)) {
      before = new Parsed<>(text, parser.apply(text));
      files.put(path, before);
    }
    return before.content();
  }
}
