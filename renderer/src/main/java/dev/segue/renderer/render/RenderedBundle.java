// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.render;

import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.RepoPath;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything that a plan comes to.
 *
 * @param workflowName of the attempt, whether or not there is a Workflow
 * @param sources the Flux sources that the wanted releases read, then the HelmCharts made of them;
 *     each sorted
 * @param values the immutable ConfigMaps and Secrets that they refer to; sorted
 * @param helmReleases one for each wanted release, without a token; in the order of the plan
 * @param workflow empty when nothing is to be done
 * @param files what people read, relative to the group's folder; no Secret is among them
 * @param problems why it must not be released: what does not fit the API server; sorted
 */
public record RenderedBundle(
    String workflowName,
    List<Manifest> sources,
    List<Manifest> values,
    List<Manifest> helmReleases,
    Optional<Manifest> workflow,
    SortedMap<RepoPath, String> files,
    List<Problem> problems) {
  public RenderedBundle {
    sources = List.copyOf(sources);
    values = List.copyOf(values);
    helmReleases = List.copyOf(helmReleases);
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    problems = problems.stream().sorted().toList();
  }

  /** What must be there before the Workflow begins, and stay for as long as its releases do. */
  public List<Manifest> prerequisites() {
    return java.util.stream.Stream.concat(sources.stream(), values.stream()).toList();
  }
}
