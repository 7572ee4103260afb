// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.diff;

import dev.segue.renderer.model.PlainData;
import dev.segue.renderer.yaml.YamlNode;
import dev.segue.renderer.yaml.YamlReader;
import dev.segue.renderer.yaml.YamlStream;
import dev.segue.renderer.yaml.YamlWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A text that Helm renders, as it may be shown. */
public final class MaskedDocument {
  /** What stands where a document cannot be shown. */
  private static final String NOT_SHOWN_START = "# not shown: ";

  private static final String NOT_SHOWN =
      NOT_SHOWN_START + "it may hold a secret and is no YAML that can be masked\n";

  private final Mask mask;

  private MaskedDocument(Mask mask) {
    this.mask = mask;
  }

  /**
   * Returns the document as it is written where that hides all and stays YAML, and written anew
   * otherwise; it ends in a line break.
   */
  public static String text(String document, Mask mask) {
    return new MaskedDocument(mask).text(document);
  }

  /** Whether a recorded text stands for a document that cannot be shown. */
  static boolean isNotShown(String text) {
    return text.contains(NOT_SHOWN_START) && text.lines().allMatch(line -> line.startsWith("#"));
  }

  private String text(String document) {
    if (mask.hidesSecretsOnly() && !mentionsSecret(document)) {
      return document.strip() + "\n";
    }
    Optional<List<@Nullable Object>> data = data(document);
    if (data.isEmpty()) {
      return NOT_SHOWN;
    }
    List<@Nullable Object> masked = new ArrayList<>();
    data.get().forEach(node -> masked.add(masked(node)));
    String replaced = mask.text(document).strip() + "\n";
    if (data(replaced).filter(masked::equals).isPresent()) {
      return replaced;
    }
    return masked.stream().map(YamlWriter::write).collect(Collectors.joining("---\n"));
  }

  /**
   * Cheap, and never wrong in the one direction that matters: a Secret cannot be written without
   * the word or an escape.
   */
  private static boolean mentionsSecret(String document) {
    return document.contains("Secret") || document.contains("\\");
  }

  private static Optional<List<@Nullable Object>> data(String document) {
    YamlStream stream = YamlReader.read(document);
    if (!stream.faults().isEmpty()) {
      return Optional.empty();
    }
    List<@Nullable Object> data = new ArrayList<>();
    stream.documents().stream().map(YamlNode::data).forEach(data::add);
    return Optional.of(data);
  }

  private @Nullable Object masked(@Nullable Object data) {
    Map<String, @Nullable Object> object = PlainData.map(data);
    if (object.get("items") instanceof List<?> items) {
      Map<String, @Nullable Object> list = new TreeMap<>(object);
      List<@Nullable Object> shown = new ArrayList<>(items.size());
      items.forEach(item -> shown.add(masked(item)));
      list.put("items", shown);
      return mask.object(list);
    }
    return data instanceof Map<?, ?> ? mask.object(object) : mask.data(data);
  }
}
