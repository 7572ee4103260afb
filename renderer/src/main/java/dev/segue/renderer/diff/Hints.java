// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.diff;

import dev.segue.renderer.diff.RenderedObject.Role;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** What the changes of a release do to what runs. */
final class Hints {
  private final Operation operation;
  private final ReleaseObjects before;
  private final ReleaseObjects after;
  private final Mask mask;
  private final SortedSet<Hint> hints = new TreeSet<>();

  Hints(Operation operation, ReleaseObjects before, ReleaseObjects after, Mask mask) {
    this.operation = operation;
    this.before = before;
    this.after = after;
    this.mask = mask;
  }

  /** The worst first. */
  List<Hint> sorted() {
    moved();
    return List.copyOf(hints);
  }

  private void add(Hint hint) {
    hints.add(
        new Hint(hint.kind(), Shown.id(hint.object(), mask), Shown.text(hint.reason(), mask)));
  }

  private void add(Hint.Kind kind, ObjectId id, String reason) {
    add(new Hint(kind, id, reason));
  }

  /** A hook is made anew whenever it runs. */
  void changed(Pair pair) {
    if (pair.after().role() == Role.HOOK || pair.fields().isEmpty()) {
      return;
    }
    if (pair.after().role() == Role.OBJECT) {
      Immutable.reason(pair).ifPresent(reason -> add(Hint.Kind.REFUSED, pair.id(), reason));
      Rollouts.of(pair, after).forEach(this::add);
    }
    if (Crds.is(pair.id())) {
      Crds.changed(pair, after.setting("upgrade", "crds")).forEach(this::add);
    }
  }

  void added(RenderedObject object) {
    if (object.role() == Role.CRD && !before.objects().isEmpty()) {
      Crds.added(object.id(), after.setting("upgrade", "crds")).forEach(this::add);
    }
  }

  void left(RenderedObject object) {
    if (object.role() == Role.CRD && operation == Operation.UPGRADE) {
      add(Hint.Kind.NOT_APPLIED, object.id(), "Helm never deletes what stood in `crds/`");
    }
  }

  void removed(RenderedObject object) {
    ObjectId id = object.id();
    if (id.is("", "PersistentVolumeClaim")) {
      add(Hint.Kind.DATA, id, "the claim is deleted, and its volume unless its class retains it");
    } else if (id.is("", "PersistentVolume")) {
      add(Hint.Kind.DATA, id, "the volume is deleted");
    } else if (id.is("", "Namespace")) {
      add(Hint.Kind.DATA, id, "everything in it is deleted with it");
    } else if (Crds.is(id)) {
      add(Hint.Kind.DATA, id, "every object of this kind is deleted with it, in every namespace");
    } else if (id.is("apps", "StatefulSet")
        && object
            .text("spec", "persistentVolumeClaimRetentionPolicy", "whenDeleted")
            .equals("Delete")) {
      add(Hint.Kind.DATA, id, "`whenDeleted: Delete` deletes its claims with it");
    }
  }

  /** Flux takes a release that goes elsewhere away first. */
  private void moved() {
    if (!before.namespace().isEmpty()
        && !after.namespace().isEmpty()
        && !before.namespace().equals(after.namespace())) {
      add(
          Hint.Kind.DOWNTIME,
          new ObjectId("v1", "Namespace", "", before.namespace()),
          "the release moves to namespace "
              + after.namespace()
              + ": Flux uninstalls it here and then installs it there");
    }
  }
}
