// SPDX-License-Identifier: Apache-2.0
/**
 * What is wrong with what charts render, and the forms in which problems are told to people and to
 * CI systems; the only importer of the JSON Schema validator.
 */
@NullMarked
package dev.segue.agent.validate;

import org.jspecify.annotations.NullMarked;
