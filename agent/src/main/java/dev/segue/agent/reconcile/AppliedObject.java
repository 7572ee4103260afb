// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.yaml.YamlWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An ApplicationGroup that somebody applied, as the file that it would be in Git.
 *
 * @param revision another one for each other spec of each object: what a commit is to a file
 */
record AppliedObject(GroupObject object, RepoPath path, String text, CommitId revision) {
  private static final int COMMIT_DIGITS = 40;

  static AppliedObject of(GroupObject object) {
    String text = text(object);
    String identity = object.uid() + "\n" + object.generation() + "\n" + text;
    return new AppliedObject(object, path(object.manifest()), text, commit(identity));
  }

  /** Returns a commit's id that is {@code content}'s alone. */
  static CommitId commit(String content) {
    return CommitId.parse(Digest.of(content).hex().substring(0, COMMIT_DIGITS));
  }

  /**
   * Returns where such an object stands: below its namespace, or below its API's group where the
   * kind has none. No namespace has a dot in it, and each such group does.
   */
  static RepoPath path(Manifest object) {
    String api = object.apiVersion().substring(0, Math.max(0, object.apiVersion().indexOf('/')));
    return RepoPath.parse(object.namespace().orElse(api) + "/" + object.name() + ".yaml");
  }

  /** What is declared, without what the API server and other controllers add. */
  private static String text(GroupObject object) {
    Map<String, @Nullable Object> metadata = new LinkedHashMap<>();
    metadata.put("name", object.name());
    if (!object.namespace().isEmpty()) {
      metadata.put("namespace", object.namespace());
    }
    Map<String, @Nullable Object> file = new LinkedHashMap<>();
    file.put("apiVersion", object.apiVersion());
    file.put("kind", object.manifest().kind());
    file.put("metadata", metadata);
    file.put("spec", object.spec());
    return YamlWriter.write(file);
  }

  /** This, with the object as it is now, where its spec is the same. */
  AppliedObject with(GroupObject now) {
    boolean same =
        now.uid().equals(object.uid())
            && now.generation() == object.generation()
            && now.spec().equals(object.spec());
    return same ? new AppliedObject(now, path, text, revision) : of(now);
  }
}
