// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.agent.reconcile.DryRun.Candidate;
import dev.segue.agent.reconcile.DryRun.Verdict;
import dev.segue.agent.reconcile.DryRun.Writer;
import dev.segue.renderer.diff.AppliedObjects;
import dev.segue.renderer.diff.AppliedObjects.Applied;
import dev.segue.renderer.diff.Mask;
import dev.segue.renderer.diff.ReleaseDiff;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.plan.Change;
import dev.segue.renderer.plan.Plan;
import dev.segue.renderer.render.Names;
import dev.segue.renderer.render.References;
import dev.segue.renderer.render.RenderedBundle;
import dev.segue.renderer.resolve.DesiredRelease;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What the API server says of what a plan would give to it and have Flux give to it. */
final class Admission {
  private final Plan plan;
  private final DryRun server;
  private final Map<String, Manifest> own = new HashMap<>();
  private final Set<String> added = new HashSet<>();
  private final List<Asked> asked = new ArrayList<>();
  private final Set<String> defined = new HashSet<>();
  private final Set<Problem> problems = new TreeSet<>();
  private final Set<String> namespaces = new TreeSet<>();
  private final Set<String> rights = new TreeSet<>();
  private final SortedMap<String, Integer> undefined = new TreeMap<>();
  private final Set<String> unable = new TreeSet<>();
  private int taken;
  private int refused;

  private Admission(Plan plan, RenderedBundle bundle, DryRun server) {
    this.plan = plan;
    this.server = server;
    bundle.prerequisites().forEach(object -> own.put(key(object), object));
    bundle.helmReleases().forEach(object -> own.put(key(object), object));
  }

  /**
   * What came of it.
   *
   * @param problems what the API server refuses, sorted
   * @param notices what it could not say
   */
  record Said(List<Problem> problems, List<String> notices) {
    static final Said NOTHING = new Said(List.of(), List.of());
  }

  /**
   * An object.
   *
   * @param rendered null for one of our own
   */
  private record Asked(DesiredRelease release, Candidate candidate, @Nullable Applied rendered) {
    String text() {
      Manifest object = candidate.object();
      return rendered != null
          ? rendered.id().text()
          : object.apiVersion()
              + " "
              + object.kind()
              + " "
              + object.namespace().map(namespace -> namespace + "/").orElse("")
              + object.name();
    }
  }

  /**
   * Asks about the releases that change: their sources, values and HelmReleases, and of their
   * objects those that come or change.
   *
   * @param after Helm's output for them
   * @param diffs theirs
   */
  static Said ask(
      Plan plan,
      RenderedBundle bundle,
      Map<ReleaseName, HelmOutput> after,
      Map<ReleaseName, ReleaseDiff> diffs,
      DryRun server)
      throws ClusterException {
    Admission admission = new Admission(plan, bundle, server);
    for (Change change : plan.changes()) {
      if (change instanceof Change.Apply) {
        DesiredRelease release = plan.desired().release(change.release());
        String object = Names.helmRelease(plan.desired().group().name(), release.name());
        admission.addOwn(
            release, Objects.requireNonNull(admission.own.get("HelmRelease/" + object)));
        HelmOutput output = after.get(change.release());
        ReleaseDiff diff = diffs.get(change.release());
        if (output != null && diff != null) {
          admission.addRendered(release, AppliedObjects.of(output, release.settings(), diff));
        }
      }
    }
    return admission.said();
  }

  /** What it refers to first. What several refer to is asked about once. */
  private void addOwn(DesiredRelease release, Manifest object) {
    for (Manifest reference : References.of(object)) {
      Manifest referred = own.get(key(reference));
      if (referred != null) {
        addOwn(release, referred);
      }
    }
    if (added.add(key(object))) {
      String namespace = plan.inventory().namespace().value();
      asked.add(new Asked(release, new Candidate(object, namespace, Writer.SEGUE, false), null));
    }
  }

  private static String key(Manifest object) {
    return object.kind() + "/" + object.name();
  }

  private void addRendered(DesiredRelease release, List<Applied> objects) {
    String namespace = release.settings().targetNamespace().value();
    for (Applied rendered : objects) {
      if (!rendered.defines().isEmpty()) {
        defined.add(rendered.defines());
      }
      Candidate candidate =
          new Candidate(rendered.object(), namespace, Writer.HELM_CONTROLLER, rendered.hook());
      asked.add(new Asked(release, candidate, rendered));
    }
  }

  private Said said() throws ClusterException {
    List<Asked> checkable = new ArrayList<>();
    for (Asked object : asked) {
      if (object.rendered() != null && defined.contains(object.rendered().kind())) {
        undefined.merge(object.rendered().kind(), 1, Integer::sum);
      } else {
        checkable.add(object);
      }
    }
    List<Verdict> verdicts = server.ask(checkable.stream().map(Asked::candidate).toList());
    for (int i = 0; i < checkable.size(); i++) {
      note(checkable.get(i), verdicts.get(i));
    }
    return asked.isEmpty() ? Said.NOTHING : new Said(List.copyOf(problems), notices());
  }

  private void note(Asked object, Verdict verdict) {
    if (verdict instanceof Verdict.Taken) {
      taken++;
    } else if (verdict instanceof Verdict.Refused no) {
      refuse(object, ProblemCode.CLUSTER_REJECTED, no.reason());
    } else if (verdict instanceof Verdict.UnknownKind) {
      refuse(
          object,
          ProblemCode.CLUSTER_CRD_MISSING,
          "it does not serve the kind, and no CRD of it comes with the plan");
    } else if (verdict instanceof Verdict.NoNamespace nowhere) {
      namespaces.add(nowhere.namespace());
    } else if (verdict instanceof Verdict.Forbidden forbidden) {
      rights.add(forbidden.right());
    } else if (verdict instanceof Verdict.Unable not) {
      unable.add(shown(object, object.text() + " was not checked: " + not.reason()));
    }
  }

  private void refuse(Asked object, ProblemCode code, String reason) {
    refused++;
    DesiredRelease release = object.release();
    problems.add(
        Problem.at(
            release.application().origin(),
            code,
            "",
            shown(
                object,
                "application \""
                    + release.name()
                    + "\": the API server refuses "
                    + object.text()
                    + ": "
                    + reason),
            ""));
  }

  private static String shown(Asked object, String text) {
    return Mask.of(object.release().settings()).text(text);
  }

  private List<String> notices() {
    List<String> notices = new ArrayList<>();
    notices.add(
        "server-side dry run of "
            + asked.size()
            + (asked.size() == 1 ? " object: " : " objects: ")
            + taken
            + " taken, "
            + refused
            + " refused, "
            + (asked.size() - taken - refused)
            + " not checked");
    namespaces.forEach(
        name ->
            notices.add(
                "namespace \"" + name + "\" does not exist yet: what goes there was not checked"));
    rights.forEach(right -> notices.add("not everything was checked: our user must have " + right));
    undefined.forEach(
        (kind, count) ->
            notices.add(
                kind
                    + ": "
                    + (count == 1 ? "1 object is" : count + " objects are")
                    + " not checkable yet: the CRD comes with the same plan"));
    notices.addAll(unable);
    return notices;
  }
}
