// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.renderer.model.Glob;
import dev.segue.renderer.model.ObjectName;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.Tenant;
import dev.segue.renderer.parse.Field;
import dev.segue.renderer.parse.FieldReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the list {@code tenancy.tenants} of {@code segue.yaml}. */
final class TenantsReader {
  private static final Pattern NAMESPACES = Pattern.compile("[a-z0-9*]([a-z0-9*-]*[a-z0-9*])?");
  private static final Pattern NAMED = Pattern.compile("[a-z0-9*]([a-z0-9.*-]*[a-z0-9*])?");
  private static final Pattern OBJECT = Pattern.compile("[a-z0-9.*-]+/[a-z0-9.*-]+");
  private static final int MAX_NAMESPACE = 63;

  /** A kind, perhaps with its API group, or all kinds. */
  private static final Pattern KIND =
      Pattern.compile("[A-Z][A-Za-z0-9]*(\\.[a-z0-9]([a-z0-9.-]*[a-z0-9])?)?|\\*");

  private final TreeSet<String> names = new TreeSet<>();
  private final TreeSet<String> paths = new TreeSet<>();

  private TenantsReader() {}

  /** Returns the tenants that are right, in the file's order; the others are reported. */
  static List<Tenant> read(Field field) {
    TenantsReader reader = new TenantsReader();
    List<Field> items = field.items();
    if (field.isList() && items.isEmpty()) {
      report(field, "must have at least one tenant", "Leave it out if files may release anything.");
    }
    List<Tenant> tenants = new ArrayList<>();
    items.forEach(item -> item.object().flatMap(reader::tenant).ifPresent(tenants::add));
    return tenants;
  }

  private Optional<Tenant> tenant(FieldReader reader) {
    Optional<Field> nameField = reader.require("name");
    Optional<String> name = nameField.flatMap(Field::text);
    name.filter(text -> !names.add(text))
        .ifPresent(
            text ->
                report(
                    nameField.orElseThrow(),
                    "must be another than that of a tenant before; got \"" + text + "\"",
                    ""));
    List<String> objects = texts(reader, "objects", false, TenantsReader::object);
    List<String> globs =
        texts(reader, "paths", reader.find("objects").isEmpty(), TenantsReader::path);
    List<String> namespaces = texts(reader, "namespaces", true, TenantsReader::namespace);
    List<String> clusterScoped = texts(reader, "clusterScoped", false, TenantsReader::kind);
    List<String> secrets = texts(reader, "secrets", false, TenantsReader::secret);
    @Nullable String account =
        reader
            .find("serviceAccount")
            .flatMap(
                field ->
                    field.parsed(ProblemCode.CONFIG_INVALID, text -> ObjectName.check("it", text)))
            .orElse(null);
    for (String key : List.of("paths", "objects")) {
      reader
          .find(key)
          .filter(Field::isList)
          .ifPresent(field -> field.items().forEach(this::checkNew));
    }
    reader.finish();
    return name.map(
        text -> new Tenant(text, globs, objects, namespaces, clusterScoped, secrets, account));
  }

  /** The tenant before would have every file. */
  private void checkNew(Field path) {
    if (path.data() instanceof String text && !paths.add(text)) {
      report(path, "must not stand with two tenants; got \"" + text + "\"", "Remove one of them.");
    }
  }

  private static List<String> texts(
      FieldReader reader, String key, boolean needed, Function<String, String> check) {
    Optional<Field> field = needed ? reader.require(key) : reader.find(key);
    List<Field> items = field.map(Field::items).orElse(List.of());
    if (needed && items.isEmpty()) {
      field.filter(Field::isList).ifPresent(f -> report(f, "must have at least one item", ""));
    }
    return items.stream()
        .flatMap(item -> item.parsed(ProblemCode.CONFIG_INVALID, check).stream())
        .toList();
  }

  private static String path(String text) {
    Glob.parse(text);
    return text;
  }

  private static String object(String text) {
    return check(
        OBJECT.matcher(text).matches(),
        "it must be NAMESPACE/NAME of an ApplicationGroup, in which `*` stands for any characters",
        text);
  }

  private static String namespace(String text) {
    return check(
        text.length() <= MAX_NAMESPACE && NAMESPACES.matcher(text).matches(),
        "it must be a namespace, in which `*` stands for any characters",
        text);
  }

  private static String secret(String text) {
    return check(
        text.length() <= ObjectName.MAX_LENGTH && NAMED.matcher(text).matches(),
        "it must be the name of a Secret or ConfigMap, in which `*` stands for any characters but"
            + " a dot",
        text);
  }

  private static String kind(String text) {
    return check(
        KIND.matcher(text).matches(),
        "it must be a kind (`ClusterRole`), one with its API group"
            + " (`ClusterRole.rbac.authorization.k8s.io`) or `*`",
        text);
  }

  private static String check(boolean right, String rule, String text) {
    if (!right) {
      throw new IllegalArgumentException(rule + "; got \"" + text + "\"");
    }
    return text;
  }

  private static void report(Field field, String message, String remedy) {
    field.report(ProblemCode.CONFIG_INVALID, message, remedy);
  }
}
