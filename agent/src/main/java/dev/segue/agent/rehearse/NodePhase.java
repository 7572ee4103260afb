// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

/** The phase of a node of a Workflow. */
enum NodePhase {
  PENDING("Pending"),
  RUNNING("Running"),
  SUCCEEDED("Succeeded"),
  FAILED("Failed"),
  ERROR("Error"),
  SKIPPED("Skipped"),
  OMITTED("Omitted");

  private final String text;

  NodePhase(String text) {
    this.text = text;
  }

  boolean isFulfilled() {
    return this != PENDING && this != RUNNING;
  }

  /** Whether the node ran and ended. */
  boolean isCompleted() {
    return this == SUCCEEDED || isFailedOrError();
  }

  boolean isFailedOrError() {
    return this == FAILED || this == ERROR;
  }

  /** As Argo writes it. */
  @Override
  public String toString() {
    return text;
  }
}
