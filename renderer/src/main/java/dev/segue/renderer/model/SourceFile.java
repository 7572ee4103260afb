// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

/** A file of the repository, as text. */
public record SourceFile(RepoPath path, String text) {}
