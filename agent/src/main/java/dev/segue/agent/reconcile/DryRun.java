// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.model.Manifest;
import java.util.List;

/**
 * The API server as somebody who says whether it would take objects. Nothing is stored by asking.
 */
public interface DryRun {
  /** As whom an object is given, as its managed fields would say it. */
  enum Writer {
    SEGUE("segue"),
    /** Flux's, which makes Helm's objects. */
    HELM_CONTROLLER("helm-controller");

    private final String text;

    Writer(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }
  }

  /**
   * An object that would be given.
   *
   * @param namespace where it is if its kind has namespaces and it names none
   * @param anew whether one of its name would be deleted before
   */
  record Candidate(Manifest object, String namespace, Writer writer, boolean anew) {
    /** Without what it holds, which may be secret. */
    @Override
    public String toString() {
      return object.kind() + " " + object.name();
    }
  }

  /** What becomes of it. */
  sealed interface Verdict {
    record Taken() implements Verdict {}

    /**
     * @param reason the API server's words, in short, without what a Secret holds; names fields
     */
    record Refused(String reason) implements Verdict {}

    /** The API server does not know the kind. */
    record UnknownKind() implements Verdict {}

    record NoNamespace(String namespace) implements Verdict {}

    /**
     * We must not ask; others may be allowed to do it.
     *
     * @param right what we lack, such as {@code verb "patch" on resource …}
     */
    record Forbidden(String right) implements Verdict {}

    /**
     * @param reason why it cannot be asked, a clause
     */
    record Unable(String reason) implements Verdict {}
  }

  /**
   * Asks for each by a server-side apply with {@code dryRun=All}, force and strict validation, a
   * few at a time: one request each, and one for each API whose kinds are not known yet.
   *
   * @return in the order of {@code candidates}
   */
  List<Verdict> ask(List<Candidate> candidates) throws ClusterException;
}
