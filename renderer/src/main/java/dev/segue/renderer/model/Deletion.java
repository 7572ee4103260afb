// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

/** What becomes of a release that is no longer declared. */
public enum Deletion {
  /** It is uninstalled. */
  REMOVE,
  /** It stays as it is, and is nobody's. */
  ORPHAN
}
