// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.migrate;

import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.parse.Findings;
import dev.segue.renderer.yaml.YamlNode;
import java.util.ArrayList;
import java.util.List;

/** What a release's {@code needs} mean: {@code [[CONTEXT/]NAMESPACE/]NAME} of another release. */
final class HelmfileNeeds {
  private final List<HelmfileRelease> releases;

  HelmfileNeeds(List<HelmfileRelease> releases) {
    this.releases = releases;
  }

  /** The names of applications that this one depends on, in the file's order. */
  List<String> of(HelmfileRelease release) {
    List<String> names = new ArrayList<>();
    for (YamlNode need : release.needs()) {
      String text = Nodes.text(need);
      List<HelmfileRelease> found =
          releases.stream().filter(other -> isMeant(text, other, release)).toList();
      if (found.size() != 1) {
        release
            .around()
            .problems()
            .add(
                need.line(),
                ProblemCode.MIGRATION_NO_COUNTERPART,
                release.path() + ".needs",
                (found.isEmpty()
                        ? "must name a release of this file; got "
                        : "must name one release, with its namespace; several are called ")
                    + Findings.quote(text),
                found.isEmpty() ? "Give the output of `helmfile build` for all of them." : "");
      } else if (found.get(0).isInstalled()) {
        names.add(found.get(0).name());
      } else {
        release
            .around()
            .lost(
                need.line(),
                release.path() + ".needs",
                "names " + Findings.quote(text) + ", which is not installed, and is left out",
                "");
      }
    }
    return names.stream().distinct().toList();
  }

  private static boolean isMeant(String need, HelmfileRelease other, HelmfileRelease release) {
    String[] parts = need.split("/", -1);
    boolean named = other.name().equals(parts[parts.length - 1]) && other != release;
    return named && (parts.length < 2 || other.isIn(parts[parts.length - 2]));
  }
}
