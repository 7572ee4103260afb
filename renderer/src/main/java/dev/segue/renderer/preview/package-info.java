// SPDX-License-Identifier: Apache-2.0
/** What a commit would do to a site, before it does: for a terminal, a pull request, a machine. */
@NullMarked
package dev.segue.renderer.preview;

import org.jspecify.annotations.NullMarked;
