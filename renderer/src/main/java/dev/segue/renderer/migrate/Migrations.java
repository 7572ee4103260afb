// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.migrate;

import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.model.SourceFile;
import dev.segue.renderer.yaml.YamlNode;
import dev.segue.renderer.yaml.YamlReader;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Turns files of Orkestra and of Helmfile into files of ours. */
public final class Migrations {
  private Migrations() {}

  /**
   * Returns what {@code file} is as a file of ours.
   *
   * @param name of the group that a Helmfile becomes
   * @param folder of a Helmfile, in the repository that the new file will lie in
   * @param values reads a file of values, relative to the Helmfile; empty when it cannot be read
   */
  public static Migration of(
      SourceFile file, GroupName name, RepoPath folder, Function<String, Optional<String>> values) {
    List<YamlNode> documents = YamlReader.read(file.text()).documents();
    if (OrkestraFile.isOne(documents) || file.text().contains("orkestra.azure.microsoft.com/")) {
      return OrkestraFile.migrate(file);
    }
    if (Helmfile.isOne(file.text(), documents)) {
      return Helmfile.migrate(file, name, folder, values::apply);
    }
    return new Migration("", List.of(unknown(file)), List.of());
  }

  static Problem unknown(SourceFile file) {
    return new Problem(
        ProblemCode.MIGRATION_UNKNOWN,
        file.path().value(),
        0,
        "",
        "must be a file of Orkestra (apiVersion orkestra.azure.microsoft.com/v1alpha1) or a"
            + " Helmfile (`releases`)",
        "");
  }
}
