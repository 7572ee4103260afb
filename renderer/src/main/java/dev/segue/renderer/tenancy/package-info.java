// SPDX-License-Identifier: Apache-2.0
/** What a tenant's file and the output of its charts must not do. */
@NullMarked
package dev.segue.renderer.tenancy;

import org.jspecify.annotations.NullMarked;
