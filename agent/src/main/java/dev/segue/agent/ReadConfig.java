// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ProblemCode;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A configuration as it was read.
 *
 * @param file its name, for messages; "" for none
 * @param settings every setting that has a value, by its key
 */
record ReadConfig(String file, Map<String, ConfigValue> settings, ConfigReading reading) {
  ReadConfig {
    settings = Collections.unmodifiableMap(new TreeMap<>(settings));
  }

  /** The setting's texts; empty when it has none. */
  List<String> texts(String key) {
    ConfigValue value = settings.get(key);
    return value == null ? List.of() : value.texts();
  }

  /** Says what is wrong with a setting, where it is said. */
  Problem problem(String key, String message, String remedy) {
    @Nullable ConfigValue value = settings.get(key);
    int line = value == null ? 0 : value.line();
    return new Problem(ProblemCode.CONFIG_INVALID, file, line, key, message, remedy);
  }
}
