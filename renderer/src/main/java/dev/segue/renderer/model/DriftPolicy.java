// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

/** What is done about a release that is no longer what was released. */
public enum DriftPolicy {
  /** It is mended, in a Workflow of its own. */
  CORRECT,
  /** The status says so. */
  REPORT,
  /** Nothing. */
  IGNORE
}
