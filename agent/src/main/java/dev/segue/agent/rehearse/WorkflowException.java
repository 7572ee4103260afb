// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

/** A Workflow, or a step of it, cannot be run as it is written. */
final class WorkflowException extends Exception {
  private final boolean unsupported;

  private WorkflowException(String message, boolean unsupported) {
    super(message);
    this.unsupported = unsupported;
  }

  /** What Argo refuses too; the Workflow fails. */
  static WorkflowException invalid(String message) {
    return new WorkflowException(message, false);
  }

  /** What Argo runs and the embedded cluster does not; the Workflow ends with Error. */
  static WorkflowException unsupported(String what) {
    return new WorkflowException("the embedded cluster does not support " + what, true);
  }

  boolean isUnsupported() {
    return unsupported;
  }

  @Override
  public String getMessage() {
    String message = super.getMessage();
    return message == null ? "" : message;
  }
}
