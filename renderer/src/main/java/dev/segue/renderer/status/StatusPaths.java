// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.status;

import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.RepoPath;

/**
 * Where things stand on the status branch. What is of a group is named relative to its folder; see
 * also {@link HistoryFile#path}.
 */
public final class StatusPaths {
  /** The page that opens with the branch. */
  public static final RepoPath README = RepoPath.parse("README.md");

  /** What the agent works for: a {@link SiteFile}. */
  public static final RepoPath SITE = RepoPath.parse("site.yaml");

  /** The folder of the groups' folders. */
  public static final RepoPath GROUPS = RepoPath.parse("groups");

  /** How the group stands: a {@link StatusFile}. */
  public static final RepoPath STATUS = RepoPath.parse("status.yaml");

  /** What Flux was given and came of it: an {@link InventoryFile}. */
  public static final RepoPath INVENTORY = RepoPath.parse("inventory.yaml");

  /** What the last plan was to give to Flux: an {@link InventoryFile}. */
  public static final RepoPath PLANNED = RepoPath.parse("planned.yaml");

  /** Where the group was last as a commit wanted it: an {@link InventoryFile}. */
  public static final RepoPath GOOD = RepoPath.parse("good.yaml");

  /** What people ask for: a {@link RequestsFile}. */
  public static final RepoPath REQUESTS = RepoPath.parse("requests.yaml");

  /** A plan for people. */
  public static final RepoPath PLAN_PAGE = RepoPath.parse("plan.md");

  /** The folder of a plan that does not begin yet. */
  public static final RepoPath NEXT = RepoPath.parse("next");

  /** In {@link #NEXT}, the plan as the attempt that it would be: a {@link HistoryFile}. */
  public static final RepoPath PLAN = RepoPath.parse("plan.yaml");

  private StatusPaths() {}

  /** Returns the folder of the charts that a group's sub-charts are released with. */
  public static RepoPath charts(GroupName group) {
    return RepoPath.parse("charts/" + group);
  }

  /** Returns where {@code file} of a plan that does not begin yet stands. */
  public static RepoPath next(RepoPath file) {
    return RepoPath.parse(NEXT + "/" + file);
  }

  /** Returns where {@code file} of a group stands on the branch. */
  public static RepoPath of(GroupName group, RepoPath file) {
    return RepoPath.parse(GROUPS + "/" + group + "/" + file);
  }
}
