// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.migrate;

import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.model.SourceFile;
import dev.segue.renderer.parse.GroupReader;
import dev.segue.renderer.parse.Reading;
import java.util.List;

/**
 * A file of ours that was made of something else.
 *
 * @param text "" when there is a problem
 * @param problems why there is none, sorted
 * @param notices what has no counterpart or means something else now, by the place where it stood;
 *     sorted
 */
public record Migration(String text, List<Problem> problems, List<Problem> notices) {
  public Migration {
    problems = problems.stream().sorted().distinct().toList();
    notices = notices.stream().sorted().distinct().toList();
    if (!problems.isEmpty()) {
      text = "";
    }
  }

  /**
   * Returns the migration to {@code text}, unless our own reader refuses that.
   *
   * @param origin what it was made of, as its problems name it
   */
  static Migration checked(
      String text, String origin, List<Problem> problems, List<Problem> notices) {
    if (!problems.isEmpty()) {
      return new Migration("", problems, notices);
    }
    Reading reading =
        GroupReader.read(List.of(new SourceFile(RepoPath.parse("result.yaml"), text)));
    List<Problem> refused =
        reading.problems().stream()
            .map(
                problem ->
                    new Problem(
                        ProblemCode.MIGRATION_REFUSED,
                        origin,
                        0,
                        problem.field(),
                        "of the result " + problem.message() + " (" + problem.code().id() + ")",
                        problem.remedy()))
            .toList();
    return new Migration(text, refused, notices);
  }
}
