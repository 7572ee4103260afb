// SPDX-License-Identifier: Apache-2.0
/** What a file may say, as data: the source of the editor's JSON Schema and of the CRD. */
@NullMarked
package dev.segue.renderer.schema;

import org.jspecify.annotations.NullMarked;
