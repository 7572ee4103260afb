// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.plan.Inventory;
import dev.segue.renderer.render.RenderSettings;
import dev.segue.renderer.resolve.Resolver;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** What a group asks for and cannot have. */
final class Unsupported {
  private Unsupported() {}

  /**
   * Returns what this version or this agent cannot do with a group, sorted.
   *
   * @param namespace where its objects are to be
   * @param reaches whether the agent sees what is in a namespace
   */
  static List<Problem> of(
      ApplicationGroup group,
      Namespace namespace,
      Inventory inventory,
      Predicate<Namespace> reaches,
      RenderSettings settings) {
    List<Problem> problems = new ArrayList<>(Resolver.unsupported(group));
    if (!reaches.test(namespace)) {
      problems.add(
          Problem.at(
              group.origin(),
              ProblemCode.NOT_SUPPORTED_YET,
              "metadata.namespace",
              "must be one that this agent watches, such as \""
                  + settings.namespace()
                  + "\"; got \""
                  + namespace
                  + "\"",
              "Leave it out: the agent's `cluster.namespace` then holds the group's objects."));
    } else if (!inventory.namespace().equals(namespace)) {
      problems.add(
          Problem.at(
              group.origin(),
              ProblemCode.NOT_SUPPORTED_YET,
              "metadata.namespace",
              "must stay \""
                  + inventory.namespace()
                  + "\", where the group's releases are; got \""
                  + namespace
                  + "\"",
              "Set it back: this version moves no release to another namespace."));
    }
    return problems.stream().sorted().toList();
  }
}
