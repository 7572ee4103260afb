// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.agent.reconcile.GroupObjects.Happening;
import dev.segue.agent.reconcile.GroupObjects.Tone;
import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Labels;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.Origin;
import dev.segue.renderer.model.PlainData;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.model.SourceFile;
import dev.segue.renderer.parse.Parsed;
import dev.segue.renderer.schema.Crd;
import dev.segue.renderer.status.Condition;
import dev.segue.renderer.status.DeclaredSpecs;
import dev.segue.renderer.status.GroupStatus;
import dev.segue.renderer.status.StatusReport;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the object of a group say what a pass came to. Nothing is written that is there already.
 * Safe for several threads, of which each has another group.
 */
final class MirroredGroup {
  private static final Logger LOG = LoggerFactory.getLogger(MirroredGroup.class);
  private static final String NOT_DECLARED = "NotDeclared";
  private static final String LEFT =
      "showed a group of Git, which declares it no more, and has lost its label \""
          + Labels.SOURCE
          + "\": it is neither released nor deleted. Delete it; a group of your own must be applied"
          + " anew";

  private static final long MAX_FILE_BYTES = 3L * 1024 * 1024;

  /**
   * What a pass came to.
   *
   * @param outcome empty when nothing of the group is there any more
   * @param report what the status branch says of it
   */
  record Look(Declared declared, Optional<Outcome> outcome, Optional<StatusReport> report) {}

  /** A file as it was when its spec was applied, and the object as that left it. */
  private record Applied(String file, String uid, long generation) {}

  private final GroupObjects objects;
  private final SourceRepo source;
  private final Namespace namespace;
  private final String branch;
  private final Clock clock;
  private final Map<GroupName, Applied> applied = new ConcurrentHashMap<>();
  private final Map<GroupName, String> refused = new ConcurrentHashMap<>();
  private final Map<GroupName, CommitId> reached = new ConcurrentHashMap<>();
  private final Map<GroupName, TwoOwners> conflicts = new ConcurrentHashMap<>();

  /**
   * @param namespace where the objects are
   * @param branch that groups are read from; "" for none
   */
  MirroredGroup(
      GroupObjects objects, SourceRepo source, Namespace namespace, String branch, Clock clock) {
    this.objects = objects;
    this.source = source;
    this.namespace = namespace;
    this.branch = branch;
    this.clock = clock;
  }

  /** The groups of Git of which somebody applied an object as well; it is left as it is. */
  Map<GroupName, TwoOwners> conflicts() {
    return Map.copyOf(conflicts);
  }

  private GroupObject.Ref ref(GroupName group) {
    return new GroupObject.Ref(Crd.API_VERSION, namespace.value(), group.value());
  }

  /** Forgets what is known of the group, which is another agent's from now on. */
  void forget(GroupName group) {
    applied.remove(group);
    refused.remove(group);
    reached.remove(group);
    conflicts.remove(group);
  }

  /** Shows it. */
  void show(GroupName group, Look look) throws PortException {
    Optional<GroupObject> live = objects.find(ref(group));
    if (live.filter(object -> !TwoOwners.isMirror(object)).isPresent()) {
      tellConflict(group, live.get(), look);
      return;
    }
    conflicts.remove(group);
    if (look.outcome().isEmpty()) {
      forget(group);
      if (live.filter(TwoOwners::isLabelled).isPresent()) {
        remove(live.get(), look);
      } else if (live.isPresent()) {
        leave(live.get());
      }
      return;
    }
    Parsed parsed = look.declared().groups().get(group);
    Optional<GroupObject> object =
        parsed instanceof Parsed.Valid valid
            ? declared(valid.group(), look.declared().commit(), live)
            : live;
    if (object.isPresent()) { // there is none of a group that never was valid
      say(group, object.get(), look.outcome().get(), look);
    }
  }

  private void tellConflict(GroupName group, GroupObject object, Look look)
      throws ClusterException {
    Parsed parsed = look.declared().groups().get(group);
    if (parsed == null) {
      conflicts.remove(group);
      return; // it is being removed from Git: whoever applied it is the owner
    }
    Origin file =
        parsed instanceof Parsed.Valid valid
            ? valid.group().origin()
            : ((Parsed.Invalid) parsed).origins().get(0);
    TwoOwners conflict = new TwoOwners(object, file);
    TwoOwners before = conflicts.put(group, conflict);
    if (before == null || !before.message().equals(conflict.message())) {
      LOG.warn("{}: {}", group, conflict.message());
      tell(object, new Happening(Tone.WARNING, TwoOwners.REASON, conflict.message(), ""));
    }
  }

  private void remove(GroupObject object, Look look) throws ClusterException {
    String message =
        look.report()
            .map(report -> report.ready().message())
            .orElse("no file of Git declares it any more");
    tell(object, new Happening(Tone.NORMAL, "Removed", message, occasion(look)));
    objects.delete(object);
  }

  /** Who took its label off may want it; it is nobody's group all the same. */
  private void leave(GroupObject object) throws ClusterException {
    List<Condition> conditions =
        Stream.of("Ready", "Stalled")
            .map(
                type ->
                    new Condition(
                        type,
                        type.equals("Ready") ? Condition.Status.FALSE : Condition.Status.TRUE,
                        NOT_DECLARED,
                        LEFT,
                        ""))
            .toList();
    GroupStatus.About about =
        new GroupStatus.About(object.generation(), "", object.status(), clock.instant());
    Map<String, @Nullable Object> status = GroupStatus.of(null, conditions, about);
    if (!moment(status).equals(moment(object.status()))) {
      LOG.warn("ApplicationGroup \"{}\" {}", object.ref().place(), LEFT);
      tell(object, new Happening(Tone.WARNING, NOT_DECLARED, LEFT, ""));
    }
    objects.status(object, status);
  }

  /** Returns the object with the spec of the file; empty when there is and can be none. */
  private Optional<GroupObject> declared(
      ApplicationGroup group, CommitId commit, Optional<GroupObject> live) throws PortException {
    GroupName name = group.name();
    if (live.filter(GroupObject::deleting).isPresent()) {
      return live; // it is made again once it is gone
    }
    RepoPath path = group.origin().file();
    RepoTree tree = source.tree(commit);
    String file = path + "@" + tree.objectId(path).orElse("");
    Applied last = applied.get(name);
    if (live.isPresent()
        && TwoOwners.isLabelled(live.get())
        && last != null
        && last.equals(new Applied(file, live.get().uid(), live.get().generation()))) {
      return live;
    }
    if (file.equals(refused.get(name))) {
      return live;
    }
    String text = new String(tree.read(path, MAX_FILE_BYTES), StandardCharsets.UTF_8);
    Map<String, @Nullable Object> spec = DeclaredSpecs.of(new SourceFile(path, text)).get(name);
    if (spec == null) {
      return live;
    }
    Manifest wanted = manifest(name, path, commit, spec);
    Optional<GroupObject> object =
        live.filter(there -> says(there, wanted)).isPresent()
            ? live
            : write(name, file, wanted, live);
    object.ifPresent(
        there -> applied.put(name, new Applied(file, there.uid(), there.generation())));
    return object;
  }

  /** The commit is not compared: it is that of the last change. */
  private static boolean says(GroupObject there, Manifest wanted) {
    return TwoOwners.isLabelled(there)
        && there.spec().equals(wanted.map("spec"))
        && there.annotation(Labels.FILE).equals(wanted.annotation(Labels.FILE))
        && there.label(Labels.GROUP).equals(wanted.label(Labels.GROUP));
  }

  private Optional<GroupObject> write(
      GroupName name, String file, Manifest wanted, Optional<GroupObject> live)
      throws ClusterException {
    try {
      refused.remove(name);
      return live.isPresent() ? Optional.of(objects.apply(wanted)) : objects.create(wanted);
    } catch (ClusterException e) {
      if (e.code() != ProblemCode.CLUSTER_REJECTED || e.retryable()) {
        throw e;
      }
      refused.put(name, file); // the same file again would be the same again
      LOG.warn("{}: its object stays as it is: {}", name, e.getMessage());
      return live;
    }
  }

  private Manifest manifest(
      GroupName name, RepoPath path, CommitId commit, Map<String, @Nullable Object> spec) {
    Map<String, @Nullable Object> labels = new LinkedHashMap<>();
    labels.put(Labels.MANAGED_BY, Labels.SEGUE);
    labels.put(Labels.GROUP, name.value());
    labels.put(Labels.SOURCE, Labels.GIT);
    Map<String, @Nullable Object> metadata = new LinkedHashMap<>();
    metadata.put("name", name.value());
    metadata.put("namespace", namespace.value());
    metadata.put("labels", labels);
    metadata.put("annotations", Map.of(Labels.FILE, path.value(), Labels.COMMIT, commit.hex()));
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("apiVersion", Crd.API_VERSION);
    fields.put("kind", Crd.KIND);
    fields.put("metadata", metadata);
    fields.put("spec", spec);
    return new Manifest(fields);
  }

  private void say(GroupName group, GroupObject object, Outcome outcome, Look look)
      throws ClusterException {
    CommitId commit = look.declared().commit();
    if (outcome instanceof Outcome.InSync) {
      reached.put(group, commit);
    }
    boolean current =
        commit.equals(reached.get(group))
            || look.report().filter(report -> report.commit().equals(commit.hex())).isPresent();
    List<Condition> conditions = GroupView.conditions(outcome, look.report(), current);
    GroupStatus.About about =
        new GroupStatus.About(object.generation(), branch, object.status(), clock.instant());
    Map<String, @Nullable Object> status =
        GroupStatus.of(look.report().orElse(null), conditions, about);
    if (!moment(status).equals(moment(object.status()))) {
      tell(object, happening(conditions, look)); // before the status: after it nobody would know
    }
    objects.status(object, status);
  }

  /** What an Event tells of when it changes. */
  private static List<String> moment(Map<String, @Nullable Object> status) {
    return List.of(
        PlainData.text(status, "phase"),
        GroupStatus.reason(status),
        String.valueOf(status.get("attempt")));
  }

  private static Happening happening(List<Condition> conditions, Look look) {
    Condition ready =
        conditions.stream().filter(c -> c.type().equals("Ready")).findFirst().orElseThrow();
    Tone tone = ready.status() == Condition.Status.FALSE ? Tone.WARNING : Tone.NORMAL;
    return new Happening(tone, ready.reason(), ready.message(), occasion(look));
  }

  private static String occasion(Look look) {
    return look.report()
        .map(report -> report.commit() + "/" + report.attempt().number())
        .orElse(look.declared().commit().hex());
  }

  /** An Event that cannot be written is no reason to be silent about the status. */
  private void tell(GroupObject object, Happening happening) {
    try {
      objects.event(object, happening);
    } catch (ClusterException e) {
      LOG.warn("an Event is left out: {}", e.getMessage());
    }
  }
}
