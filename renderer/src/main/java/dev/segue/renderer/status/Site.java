// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.status;

import dev.segue.renderer.render.RenderSettings;
import java.util.List;

/**
 * What an agent works for, as far as a plan depends on it: the content of the status branch's
 * {@code site.yaml}. With it a plan can be made by who has the branch alone.
 *
 * @param cluster its name
 * @param kubeVersion what charts are rendered for, such as {@code v1.34.4}
 * @param render how it renders
 * @param paths globs of the files that declare groups
 * @param removalPercent how many of all groups may be removed at once without somebody's approval
 */
public record Site(
    String cluster,
    String kubeVersion,
    RenderSettings render,
    List<String> paths,
    int removalPercent) {
  public Site {
    paths = List.copyOf(paths);
  }
}
