// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.testing;

import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.PlainData;
import dev.segue.renderer.yaml.YamlReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What one service account asked of an API server, as that recorded it.
 *
 * @param used verbs by API group and resource, as roles have them
 * @param names of objects that were asked for, by API group and resource
 * @param other paths that are no resources
 * @param forbidden what was refused
 */
public record RecordedCalls(
    Map<String, Set<String>> used,
    Map<String, Set<String>> names,
    Set<String> other,
    List<String> forbidden) {
  private static final int CREATED = 201;

  public static RecordedCalls of(ClusterUnderTest target, Namespace namespace, String account)
      throws IOException {
    String user = "system:serviceaccount:" + namespace + ":" + account;
    RecordedCalls calls =
        new RecordedCalls(new TreeMap<>(), new TreeMap<>(), new TreeSet<>(), new ArrayList<>());
    for (String line : target.audited()) {
      if (line.contains('"' + user + '"')) {
        calls.add(PlainData.map(YamlReader.read(line).documents().get(0).data()));
      }
    }
    return calls;
  }

  private void add(Map<String, @Nullable Object> event) {
    String verb = PlainData.text(event, "verb");
    String uri = PlainData.text(event, "requestURI");
    if (!PlainData.text(event, "annotations", "authorization.k8s.io/decision").equals("allow")) {
      forbidden.add(verb + " " + uri);
      return;
    }
    if (PlainData.at(event, "objectRef") == null) {
      other.add(uri.replaceAll("\\?.*", ""));
      return;
    }
    String part = PlainData.text(event, "objectRef", "subresource");
    String resource =
        PlainData.text(event, "objectRef", "apiGroup")
            + "/"
            + PlainData.text(event, "objectRef", "resource")
            + (part.isEmpty() ? "" : "/" + part);
    Set<String> verbs = used.computeIfAbsent(resource, unused -> new TreeSet<>());
    verbs.add(verb);
    // Whoever makes an object by applying it needs the right to create it as well.
    if (verb.equals("patch") && Long.valueOf(CREATED).equals(code(event))) {
      verbs.add("create");
    }
    String name = PlainData.text(event, "objectRef", "name");
    if (!name.isEmpty()) {
      names.computeIfAbsent(resource, unused -> new TreeSet<>()).add(name);
    }
  }

  private static @Nullable Object code(Map<String, @Nullable Object> event) {
    return PlainData.at(event, "responseStatus", "code");
  }
}
