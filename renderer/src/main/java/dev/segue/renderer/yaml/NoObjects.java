// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.yaml;

import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.constructor.BaseConstructor;

/**
 * Makes no object of any node: for readers that want the nodes alone, and for writers. Those of the
 * library set up the JDK's logging, which takes longer than to write a short document.
 */
final class NoObjects extends BaseConstructor {
  NoObjects(LoaderOptions options) {
    super(options);
  }
}
