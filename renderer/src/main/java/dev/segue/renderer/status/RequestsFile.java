// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.status;

import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.PlainData;
import dev.segue.renderer.yaml.YamlWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code requests.yaml}, which people write, by {@code segue approve} and the like or by hand. */
public final class RequestsFile {
  private static final String PREFIX = "segue.dev/";

  private RequestsFile() {}

  public static String write(GroupName group, Requests requests) {
    Map<String, @Nullable Object> file = new LinkedHashMap<>();
    file.put("apiVersion", "segue.dev/v1alpha1");
    file.put("kind", "Requests");
    file.put("metadata", Map.of("name", group.value()));
    Map<String, @Nullable Object> spec = new LinkedHashMap<>();
    file.put("spec", spec);
    if (requests.suspend() != null) {
      spec.put("suspend", map("", null, requests.suspend().by(), requests.suspend().at()));
    }
    if (requests.approve() != null) {
      Requests.Approve approve = requests.approve();
      spec.put("approve", map("digest", approve.digest(), approve.by(), approve.at()));
    }
    if (requests.retry() != null) {
      Requests.Retry retry = requests.retry();
      spec.put("retry", map("attempt", retry.attempt(), retry.by(), retry.at()));
    }
    if (requests.rollback() != null) {
      Requests.Rollback rollback = requests.rollback();
      Map<String, @Nullable Object> map = map("to", rollback.to(), rollback.by(), rollback.at());
      map.put("from", rollback.from());
      spec.put("rollback", map);
    }
    return YamlWriter.write(file);
  }

  private static Map<String, @Nullable Object> map(
      String key, @Nullable Object value, String by, String at) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    if (!key.isEmpty()) {
      map.put(key, value);
    }
    map.put("by", by);
    map.put("at", at);
    return map;
  }

  /** Returns what such a file asks for; empty when it is none, or asks for what cannot be. */
  public static Optional<Requests> read(String text) {
    return FileReader.read(text, RequestsFile::requests);
  }

  private static Requests requests(Manifest file) {
    Map<String, @Nullable Object> spec = file.map("spec");
    return new Requests(
        isAsked(spec, "suspend") ? suspend(file.map("spec", "suspend")) : null,
        isAsked(spec, "approve") ? approve(file.map("spec", "approve")) : null,
        isAsked(spec, "retry") ? retry(file.map("spec", "retry")) : null,
        isAsked(spec, "rollback") ? rollback(file.map("spec", "rollback")) : null);
  }

  private static boolean isAsked(Map<String, @Nullable Object> spec, String what) {
    return spec.get(what) != null && !Boolean.FALSE.equals(spec.get(what));
  }

  private static Requests.Suspend suspend(Map<String, @Nullable Object> map) {
    return new Requests.Suspend(PlainData.text(map, "by"), PlainData.text(map, "at"));
  }

  private static Requests.Approve approve(Map<String, @Nullable Object> map) {
    return new Requests.Approve(
        Digest.parse(PlainData.text(map, "digest")).hex(),
        PlainData.text(map, "by"),
        PlainData.text(map, "at"));
  }

  private static Requests.Retry retry(Map<String, @Nullable Object> map) {
    if (!(map.get("attempt") instanceof Long attempt)) {
      throw new IllegalArgumentException("an attempt must be a number");
    }
    return new Requests.Retry(
        Math.toIntExact(attempt), PlainData.text(map, "by"), PlainData.text(map, "at"));
  }

  private static Requests.Rollback rollback(Map<String, @Nullable Object> map) {
    return new Requests.Rollback(
        CommitId.parse(PlainData.text(map, "to")).hex(),
        Digest.parse(PlainData.text(map, "from")).hex(),
        PlainData.text(map, "by"),
        PlainData.text(map, "at"));
  }

  /**
   * Returns what the annotations of {@code object} ask for: {@code segue.dev/suspend: "true"},
   * {@code segue.dev/approve: <digest>}, {@code segue.dev/retry: "<attempt>"}. What cannot be read
   * is passed over.
   */
  public static Requests ofAnnotations(Manifest object) {
    String by = "an annotation";
    return new Requests(
        object.annotation(PREFIX + "suspend").filter("true"::equals).isPresent()
            ? new Requests.Suspend(by, "")
            : null,
        object
            .annotation(PREFIX + "approve")
            .map(digest -> new Requests.Approve(digest, by, ""))
            .orElse(null),
        object
            .annotation(PREFIX + "retry")
            .filter(attempt -> attempt.matches("[0-9]{1,9}"))
            .map(attempt -> new Requests.Retry(Integer.parseInt(attempt), by, ""))
            .orElse(null),
        null);
  }
}
