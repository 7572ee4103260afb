// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.agent.reconcile.Claims.Side;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Origin;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.parse.Parsed;
import dev.segue.renderer.status.StatusReport;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The passes of one of two sources of groups: what the other one has is refused, and what was
 * released stays as it is until one of them gives the group up.
 */
final class OwnedPasses implements GroupPasses {
  private final Passes passes;
  private final Declaring declaring;
  private final Claims claims;
  private final Side side;
  private final Function<Origin, String> place;

  /** Reads what is declared. */
  @FunctionalInterface
  interface Declaring {
    Declared read(RepoTree tree) throws RepoException;
  }

  /**
   * @param place what a declaration of this side is called, for people of the other
   */
  OwnedPasses(
      Passes passes,
      Declaring declaring,
      Claims claims,
      Side side,
      Function<Origin, String> place) {
    this.passes = passes;
    this.declaring = declaring;
    this.claims = claims;
    this.side = side;
    this.place = place;
  }

  @Override
  public Declared declared(RepoTree tree) throws RepoException {
    Declared now = declaring.read(tree);
    Map<GroupName, String> all = new TreeMap<>();
    now.groups().forEach((group, parsed) -> all.put(group, place.apply(origin(parsed))));
    for (Map.Entry<GroupName, StatusReport> known : passes.reports().entrySet()) {
      if (now.undeclared().containsKey(known.getKey()) && released(known.getValue())) {
        Origin origin = StatusReader.declaredIn(known.getValue());
        all.put(known.getKey(), place.apply(origin) + ", which is being removed,");
      }
    }
    claims.claim(side, all);
    return now;
  }

  private static boolean released(StatusReport report) {
    return report.attempt().number() > 0;
  }

  private static Origin origin(Parsed parsed) {
    return parsed instanceof Parsed.Valid valid
        ? valid.group().origin()
        : ((Parsed.Invalid) parsed).origins().get(0);
  }

  @Override
  public Set<GroupName> asked() throws RepoException {
    return passes.asked();
  }

  @Override
  public Set<GroupName> known() throws RepoException {
    return passes.known();
  }

  @Override
  public Optional<StatusReport> told(GroupName group) {
    return passes.told(group);
  }

  @Override
  public Optional<Outcome> over(GroupName group, Declared now) {
    if (!claims.complete()) {
      return Optional.of(new Outcome.Undecided());
    }
    Optional<String> elsewhere = claims.elsewhere(side, group);
    if (elsewhere.isPresent()) {
      return refuse(group, now, elsewhere.get());
    }
    Optional<Outcome> outcome = passes.over(group, now);
    if (outcome.isEmpty()) {
      claims.giveUp(side, group);
    }
    return outcome;
  }

  private Optional<Outcome> refuse(GroupName group, Declared now, String elsewhere) {
    Parsed parsed = now.groups().get(group);
    if (parsed == null) {
      return mayRemove(group) ? passes.over(group, now) : Optional.empty();
    }
    Origin origin = origin(parsed);
    Problem twice =
        Problem.at(
            origin,
            ProblemCode.DUPLICATE_GROUP,
            "metadata.name",
            "must have one owner; \""
                + group
                + "\" is declared by "
                + place.apply(origin)
                + " and by "
                + elsewhere
                + " too",
            "Rename or remove one of them; until then nothing of the group is changed.");
    return passes.over(group, now.refusing(group, twice));
  }

  /** What this side released it also removes; what it never had is none of its business. */
  private boolean mayRemove(GroupName group) {
    return passes.told(group).filter(OwnedPasses::released).isPresent();
  }
}
