// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.parse;

import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.SourceFile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/**
 * Reads ApplicationGroups: {@code segue.dev/v1alpha1} and Orkestra's {@code
 * orkestra.azure.microsoft.com/v1alpha1}. Other documents are passed over.
 */
public final class GroupReader {
  private GroupReader() {}

  /**
   * Reads all files of a snapshot that end in {@code .yaml}, {@code .yml} or {@code .json}, in any
   * order. A broken document never takes another group down, except where both claim the same name
   * or the same release. Never throws for what is in a file.
   */
  public static Reading read(List<SourceFile> files) {
    List<Draft> drafts = new ArrayList<>();
    TreeSet<Problem> problems = new TreeSet<>();
    files.stream()
        .filter(GroupReader::isYaml)
        .sorted(Comparator.comparing(SourceFile::path))
        .map(FileReader::read)
        .forEach(
            content -> {
              drafts.addAll(content.drafts());
              problems.addAll(content.problems());
            });
    Uniqueness.check(drafts);
    drafts.forEach(draft -> problems.addAll(draft.findings().problems()));
    return new Reading(Draft.parsed(drafts), List.copyOf(problems));
  }

  private static boolean isYaml(SourceFile file) {
    String name = file.path().fileName();
    return name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json");
  }
}
