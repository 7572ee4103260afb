// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.yaml.YamlReader;
import dev.segue.renderer.yaml.YamlStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A resource template whose placeholders are filled.
 *
 * @param deadline from the pod's creation; empty for none
 * @param outputs what is declared: name and {@code valueFrom}
 * @param waits whether a deletion waits for the object's end
 */
record ResourceStep(
    String action,
    String manifest,
    String successCondition,
    String failureCondition,
    boolean waits,
    Optional<Duration> deadline,
    List<Map<String, @Nullable Object>> outputs) {
  private static final Set<String> HARMLESS_FLAGS =
      Set.of("--server-side", "--force-conflicts", "--ignore-not-found", "--wait", "--validate");

  static ResourceStep of(Map<String, @Nullable Object> template) throws WorkflowException {
    Map<String, @Nullable Object> resource = Fields.typed(template.get("resource"));
    String action = Fields.text(resource.get("action"));
    boolean waits = true;
    for (String flag : Fields.strings(resource.get("flags"))) {
      String name = flag.contains("=") ? flag.substring(0, flag.indexOf('=')) : flag;
      boolean known =
          HARMLESS_FLAGS.contains(name) || (name.equals("--field-manager") && flag.contains("="));
      if (!known) {
        throw WorkflowException.unsupported("the flag \"" + flag + "\" of a resource");
      }
      waits &= !flag.equals("--wait=false");
    }
    String success = Fields.text(resource.get("successCondition"));
    String failure = Fields.text(resource.get("failureCondition"));
    if (action.equals("delete") && !(success.isEmpty() && failure.isEmpty())) {
      throw WorkflowException.unsupported("conditions of `action: delete`");
    }
    return new ResourceStep(
        action,
        Fields.text(resource.get("manifest")),
        success,
        failure,
        waits,
        deadline(template),
        Fields.maps(Fields.typed(template.get("outputs")).get("parameters")));
  }

  /** Returns the same with a deadline that is no later than that. */
  ResourceStep within(Duration most) {
    Duration earliest = deadline.filter(own -> own.compareTo(most) < 0).orElse(most);
    return new ResourceStep(
        action,
        manifest,
        successCondition,
        failureCondition,
        waits,
        Optional.of(earliest),
        outputs);
  }

  private static Optional<Duration> deadline(Map<String, @Nullable Object> template)
      throws WorkflowException {
    Optional<Duration> earliest = Optional.empty();
    for (String field : List.of("activeDeadlineSeconds", "timeout")) {
      Object value = template.get(field);
      if (value == null) {
        continue;
      }
      String text = Fields.text(value);
      Optional<Duration> read =
          field.equals("timeout") || text.matches("[0-9]+")
              ? Timestamps.parse(text)
              : Optional.empty();
      if (read.isEmpty()) {
        throw WorkflowException.invalid(
            "`" + field + "` must be a duration (seconds); got \"" + text + "\"");
      }
      if (earliest.isEmpty() || read.get().compareTo(earliest.get()) < 0) {
        earliest = read;
      }
    }
    return earliest;
  }

  /** Reads the manifest, one object; throws IllegalArgumentException, which says the reason. */
  Manifest object() {
    YamlStream yaml = YamlReader.read(manifest);
    if (!yaml.faults().isEmpty()) {
      throw new IllegalArgumentException(
          "error parsing manifest: " + yaml.faults().get(0).message());
    }
    if (yaml.documents().size() != 1) {
      throw new IllegalArgumentException(
          "the manifest must hold one object; it holds " + yaml.documents().size());
    }
    return new Manifest(Fields.typed(yaml.documents().get(0).data()));
  }
}
