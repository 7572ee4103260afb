// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

/** Whether somebody must say yes before a plan is carried out. */
public enum Approval {
  AUTOMATIC,
  /** Only a plan whose very digest was approved is carried out. */
  MANUAL
}
