// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.diff;

import dev.segue.renderer.diff.RenderedObject.Role;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Compares the objects of a release before and after. */
final class Comparison {
  private final Operation operation;
  private final ReleaseObjects before;
  private final ReleaseObjects after;
  private final Mask mask;
  private final Hints hints;
  private final List<ObjectChange> changes = new ArrayList<>();
  private final Set<ObjectId> changedHooks = new HashSet<>();

  Comparison(Operation operation, ReleaseObjects before, ReleaseObjects after) {
    this.operation = operation;
    this.before = before;
    this.after = after;
    this.mask = before.mask().and(after.mask());
    this.hints = new Hints(operation, before, after, mask);
  }

  ReleaseDiff diff() {
    Map<Key, RenderedObject> old = byKey(before.objects());
    Map<Key, RenderedObject> now = byKey(after.objects());
    now.forEach(
        (key, object) -> {
          RenderedObject was = old.get(key);
          if (was == null) {
            add(object);
          } else {
            compare(was, object);
          }
        });
    old.forEach(
        (key, object) -> {
          if (!now.containsKey(key)) {
            remove(object);
          }
        });
    ReleaseObjects run = operation == Operation.DELETE ? before : after;
    return new ReleaseDiff(
        operation, changes, Hooks.of(operation, run, changedHooks), hints.sorted(), notices());
  }

  /** The same object in the same place, the n-th of its identity. */
  private record Key(Role role, ObjectId id, int occurrence) {}

  private static Map<Key, RenderedObject> byKey(List<RenderedObject> objects) {
    Map<Key, RenderedObject> byKey = new LinkedHashMap<>();
    for (RenderedObject object : objects) {
      int occurrence = 0;
      while (byKey.containsKey(new Key(object.role(), object.id().key(), occurrence))) {
        occurrence++;
      }
      byKey.put(new Key(object.role(), object.id().key(), occurrence), object);
    }
    return byKey;
  }

  private void add(RenderedObject object) {
    if (object.role() == Role.HOOK) {
      changedHooks.add(object.id());
    }
    changes.add(whole(object, ObjectChange.Kind.ADDED));
    hints.added(object);
  }

  private void remove(RenderedObject object) {
    if (operation == Operation.ADOPT
        || (object.role() == Role.HOOK && operation == Operation.DELETE)) {
      return; // it stays with whom it is given by; a hook is no part of what is deleted
    }
    if (operation.leaves()
        || object.role() == Role.CRD
        || (object.role() == Role.OBJECT && object.isKept())) {
      changes.add(whole(object, ObjectChange.Kind.LEFT));
      hints.left(object);
      return;
    }
    changes.add(whole(object, ObjectChange.Kind.REMOVED));
    if (object.role() == Role.OBJECT) {
      hints.removed(object);
    }
  }

  private ObjectChange whole(RenderedObject object, ObjectChange.Kind kind) {
    return new ObjectChange(
        Shown.id(object.id(), mask), part(object), kind, List.of(), Shown.content(object, mask));
  }

  private static String part(RenderedObject object) {
    return object.role().name().toLowerCase(Locale.ROOT);
  }

  private void compare(RenderedObject was, RenderedObject now) {
    boolean secret = Mask.isSecret(now.data());
    List<FieldChange> sure = new ArrayList<>();
    List<FieldChange> shown = new ArrayList<>();
    for (FieldChange raw : Fields.compare(was.data(), now.data())) {
      Optional<FieldChange> field = Shown.field(raw, secret, mask);
      field.ifPresent(shown::add);
      if (field.isPresent() && field.get().kind() != FieldChange.Kind.UNKNOWN) {
        sure.add(raw);
      }
    }
    shown.addAll(Shown.maskedInBoth(was.data(), now.data()));
    if (shown.isEmpty()) {
      return;
    }
    if (now.role() == Role.HOOK && !sure.isEmpty()) {
      changedHooks.add(now.id());
    }
    changes.add(
        new ObjectChange(
            Shown.id(now.id(), mask),
            part(now),
            sure.isEmpty() ? ObjectChange.Kind.UNKNOWN : ObjectChange.Kind.CHANGED,
            shown,
            Map.of()));
    hints.changed(new Pair(was, now, sure));
  }

  private List<String> notices() {
    List<String> notices = new ArrayList<>(after.notices());
    unreadable(before, "before", notices);
    unreadable(after, "after", notices);
    notices.replaceAll(notice -> Shown.text(notice, mask));
    return notices;
  }

  private static void unreadable(ReleaseObjects objects, String when, List<String> notices) {
    if (objects.unreadable() > 0) {
      notices.add(
          objects.unreadable()
              + (objects.unreadable() == 1 ? " document " : " documents ")
              + when
              + " cannot be read as YAML; not compared");
    }
  }
}
