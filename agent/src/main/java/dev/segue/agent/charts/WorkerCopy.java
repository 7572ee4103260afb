// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The form in which the worker gives a chart to Helm's engine, so that {@code template} shows what
 * it otherwise leaves out and asks no cluster: {@code lookup} finds nothing, as with {@code helm
 * template}; hooks, by an annotation that it does not know as a hook's, and CRDs, as templates that
 * hold their text. {@link #show} and {@link RenderedDocuments} put both back.
 */
final class WorkerCopy {
  /** Where CRDs stand among the templates. */
  static final String CRD_FOLDER = "zz-segue-crds/";

  /** As long as the real one and in the same place of any order, so that nothing else changes. */
  private static final String HIDDEN_HOOK = "helm.sh/hooK";

  private static final String HOOK = "helm.sh/hook";

  private WorkerCopy() {}

  static String hide(String text) {
    return text.replace(HOOK, HIDDEN_HOOK);
  }

  static String show(String text) {
    return text.replace(HIDDEN_HOOK, HOOK);
  }

  static SortedMap<String, byte[]> of(ChartFiles chart) {
    SortedMap<String, byte[]> copy = new TreeMap<>();
    for (Map.Entry<String, byte[]> file : chart.all().entrySet()) {
      String root = chartFolder(file.getKey());
      String path = file.getKey().substring(root.length());
      if (path.startsWith("crds/") && path.matches(".*\\.(ya?ml|json)")) {
        String text = ChartFiles.text(file.getValue());
        String template = root + "templates/" + CRD_FOLDER + path.substring("crds/".length());
        copy.put(template, asLiteral(hide(text)).getBytes(StandardCharsets.UTF_8));
      } else if (path.startsWith("templates/") || path.equals("values.yaml")) {
        String text = TemplateScan.withoutLookup(hide(ChartFiles.text(file.getValue())));
        copy.put(file.getKey(), text.getBytes(StandardCharsets.UTF_8));
      } else {
        copy.put(file.getKey(), hide(file.getValue()));
      }
    }
    return copy;
  }

  /** A template that gives this text. */
  private static String asLiteral(String text) {
    return text.replace("{{", "{{\"{{\"}}");
  }

  /** On bytes, which may be no text: as long as before. */
  private static byte[] hide(byte[] content) {
    String latin = new String(content, StandardCharsets.ISO_8859_1);
    return latin.contains(HOOK) ? hide(latin).getBytes(StandardCharsets.ISO_8859_1) : content;
  }

  /** The folder of the (sub-)chart that a file belongs to: "" or {@code charts/x/}. */
  static String chartFolder(String path) {
    int end = 0;
    String[] segments = path.split("/", -1);
    for (int i = 0; i + 2 < segments.length && segments[i].equals("charts"); i += 2) {
      end += segments[i].length() + segments[i + 1].length() + 2;
    }
    return String.join("/", Arrays.asList(segments)).substring(0, end);
  }
}
