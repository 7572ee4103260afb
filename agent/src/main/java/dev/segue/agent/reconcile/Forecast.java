// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.ReleaseSettings;
import dev.segue.renderer.plan.Plan;
import dev.segue.renderer.status.Gate;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the agent would do about a group.
 *
 * @param plan empty when none can be made, or nothing is done whatever the commit says
 * @param sides what Helm makes of each release that changes, before and after
 * @param gate why the plan would not begin at once
 * @param notices what people should know, in no need of being mended
 * @param problems why there is no plan, or why it would be refused; sorted
 */
public record Forecast(
    GroupName group,
    Optional<Plan> plan,
    Map<ReleaseName, Sides> sides,
    Optional<Gate.Closed> gate,
    List<String> notices,
    List<Problem> problems) {
  public Forecast {
    sides = Collections.unmodifiableMap(new TreeMap<>(sides));
    notices = List.copyOf(notices);
    problems = problems.stream().sorted().toList();
  }

  /** A group of which no plan can be made. */
  static Forecast impossible(GroupName group, List<Problem> problems) {
    return new Forecast(group, Optional.empty(), Map.of(), Optional.empty(), List.of(), problems);
  }

  /** A release before and after. */
  public record Sides(Side before, Side after) {}

  /** What is known of a release's objects at one time. */
  public sealed interface Side {
    /** The release is not there. */
    record Absent() implements Side {}

    /** As Helm renders it. */
    record Rendered(HelmOutput output, ReleaseSettings settings) implements Side {}

    /** As the status branch has it, secrets masked; "" when it has nothing. */
    record Recorded(String manifests, Namespace namespace) implements Side {}
  }
}
