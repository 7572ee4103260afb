// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.schema;

/**
 * What an API server checks of an object.
 *
 * @param cel an expression in which {@code self} is the object
 * @param message what to say where it is false
 */
public record Rule(String cel, String message) {}
