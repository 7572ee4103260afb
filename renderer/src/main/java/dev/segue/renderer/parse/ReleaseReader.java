// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.parse;

import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.ObjectName;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.ReleaseSettings;
import dev.segue.renderer.model.Tenancy;
import dev.segue.renderer.model.Values;
import dev.segue.renderer.model.ValuesReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads how an application is released. */
final class ReleaseReader {
  private static final Duration DEFAULT_INTERVAL = Duration.ofMinutes(5);
  private static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(5);

  private static final int MAX_LENGTH = 253;

  /** Shorter texts stand in too many places by chance to be masked. */
  private static final int MIN_SENSITIVE = 8;

  private static final List<String> INLINED_OBJECTS =
      List.of(
          "install",
          "upgrade",
          "rollback",
          "uninstall",
          "test",
          "driftDetection",
          "waitStrategy",
          "commonMetadata");
  private static final List<String> INLINED_LISTS = List.of("postRenderers", "healthCheckExprs");

  // The patterns of HelmRelease v2.
  private static final Pattern VALUES_KEY = Pattern.compile("[\\-._a-zA-Z0-9]{1,253}");
  private static final Pattern TARGET_PATH =
      Pattern.compile("([a-zA-Z0-9_\\-.\\\\/]|\\[[0-9]{1,5}\\])+");
  private static final Pattern REFERENCE_NAME = Pattern.compile("[a-z0-9]([a-z0-9.-]*[a-z0-9])?");

  private ReleaseReader() {}

  /**
   * Reads the field {@code release} of an application's spec; empty where its target namespace
   * cannot be known.
   *
   * @param account the service account that it runs as unless it names one
   */
  static Optional<ReleaseSettings> read(
      FieldReader spec, Optional<GroupName> group, Optional<String> account) {
    Optional<Namespace> ofGroup = group.map(name -> Namespace.parse(name.value()));
    Optional<Field> field = spec.find("release");
    if (field.isEmpty()) {
      return ofGroup.map(
          namespace ->
              new ReleaseSettings(
                  namespace,
                  DEFAULT_INTERVAL,
                  DEFAULT_TIMEOUT,
                  Values.EMPTY,
                  List.of(),
                  List.of(),
                  withAccount(Values.EMPTY, account)));
    }
    return field.flatMap(Field::object).flatMap(reader -> readObject(reader, ofGroup, account));
  }

  private static Optional<ReleaseSettings> readObject(
      FieldReader reader, Optional<Namespace> ofGroup, Optional<String> account) {
    Optional<Field> target = reader.find("targetNamespace");
    Optional<Namespace> namespace =
        target.isPresent()
            ? target.flatMap(field -> field.parsed(ProblemCode.BAD_NAME, Namespace::parse))
            : ofGroup;
    Duration interval = reader.duration("interval").orElse(DEFAULT_INTERVAL);
    Duration timeout = reader.duration("timeout").orElse(DEFAULT_TIMEOUT);
    Values values = reader.find("values").flatMap(Field::tree).orElse(Values.EMPTY);
    List<ValuesReference> valuesFrom = new ArrayList<>();
    reader.items("valuesFrom").forEach(item -> readReference(item).ifPresent(valuesFrom::add));
    List<String> sensitive = readSensitive(reader.items("sensitiveValues"), values);
    Values inlined = withAccount(readInlined(reader), account);
    reader.finish();
    return namespace.map(
        n -> new ReleaseSettings(n, interval, timeout, values, valuesFrom, sensitive, inlined));
  }

  /** HelmRelease's own fields are passed on as they are: Flux knows them better. */
  private static Values readInlined(FieldReader reader) {
    Map<String, @Nullable Object> inlined = new TreeMap<>();
    INLINED_OBJECTS.forEach(key -> readInlined(reader, key, Field::object, inlined));
    INLINED_LISTS.forEach(key -> readInlinedList(reader, key, inlined));
    readInlined(reader, "maxHistory", field -> field.number(0, Integer.MAX_VALUE), inlined);
    serviceAccount(reader).ifPresent(name -> inlined.put(Tenancy.SERVICE_ACCOUNT, name));
    readInlined(reader, "persistentClient", Field::flag, inlined);
    return new Values(inlined);
  }

  /** Reads the account that HelmReleases run as, of a group's spec or of a release. */
  static Optional<String> serviceAccount(FieldReader reader) {
    return reader
        .find(Tenancy.SERVICE_ACCOUNT)
        .flatMap(
            field ->
                field.parsed(
                    ProblemCode.BAD_NAME, text -> ObjectName.check("a service account", text)));
  }

  private static Values withAccount(Values inlined, Optional<String> account) {
    return account.map(name -> Tenancy.withAccount(inlined, name)).orElse(inlined);
  }

  private static void readInlined(
      FieldReader reader,
      String key,
      Function<Field, Optional<?>> check,
      Map<String, @Nullable Object> inlined) {
    Optional<Field> field = reader.find(key);
    if (field.isPresent() && check.apply(field.get()).isPresent()) {
      inlined.put(key, field.get().data());
    }
  }

  private static void readInlinedList(
      FieldReader reader, String key, Map<String, @Nullable Object> inlined) {
    Optional<Field> field = reader.find(key);
    if (field.isPresent()) {
      field.get().items();
      inlined.put(key, field.get().data());
    }
  }

  private static Optional<ValuesReference> readReference(Field item) {
    Optional<FieldReader> object = item.object();
    if (object.isEmpty()) {
      return Optional.empty();
    }
    FieldReader reader = object.get();
    Optional<String> kind =
        reader.require("kind").flatMap(field -> field.oneOf(List.of("ConfigMap", "Secret")));
    Optional<String> name =
        reader
            .require("name")
            .flatMap(field -> matching(field, ProblemCode.BAD_NAME, REFERENCE_NAME, "a name"));
    Optional<String> valuesKey =
        reader
            .find("valuesKey")
            .flatMap(field -> matching(field, ProblemCode.BAD_VALUE, VALUES_KEY, "a data key"));
    Optional<String> targetPath =
        reader
            .find("targetPath")
            .flatMap(field -> matching(field, ProblemCode.BAD_VALUE, TARGET_PATH, "a dotted path"));
    boolean optional = reader.find("optional").flatMap(Field::flag).orElse(false);
    reader.finish();
    return kind.flatMap(
        k ->
            name.map(
                n ->
                    new ValuesReference(
                        k, n, valuesKey.orElse(null), targetPath.orElse(null), optional)));
  }

  private static Optional<String> matching(
      Field field, ProblemCode code, Pattern pattern, String wanted) {
    Optional<String> text = field.text();
    if (text.isEmpty()
        || (text.get().length() <= MAX_LENGTH && pattern.matcher(text.get()).matches())) {
      return text;
    }
    field.report(
        code,
        "must be " + wanted + " as Kubernetes has them; got " + Findings.quote(text.get()),
        "");
    return Optional.empty();
  }

  /** The values themselves are shown in no problem. */
  private static List<String> readSensitive(List<Field> items, Values values) {
    List<String> paths = new ArrayList<>();
    for (Field item : items) {
      Optional<String> path = item.text();
      if (path.isEmpty()) {
        continue;
      }
      paths.add(path.get());
      if (!(at("", values.tree(), path.get()) instanceof String text)) {
        item.report(
            ProblemCode.BAD_VALUE,
            "must name a string in `values`; got " + Findings.quote(path.get()),
            "Write the keys that lead to it with dots between them, such as auth.password.");
      } else if (text.length() < MIN_SENSITIVE) {
        item.report(
            ProblemCode.BAD_VALUE,
            "must name a string of at least "
                + MIN_SENSITIVE
                + " characters; the one at "
                + Findings.quote(path.get())
                + " is shorter",
            "Choose a longer secret: a short text cannot be masked reliably.");
      }
    }
    return paths;
  }

  /** A key may have dots in it: the whole path is compared. */
  private static @Nullable Object at(String prefix, Map<?, ?> tree, String path) {
    for (Map.Entry<?, ?> entry : tree.entrySet()) {
      String here = prefix.isEmpty() ? (String) entry.getKey() : prefix + "." + entry.getKey();
      if (here.equals(path)) {
        return entry.getValue();
      }
      if (entry.getValue() instanceof Map<?, ?> map && path.startsWith(here + ".")) {
        Object below = at(here, map, path);
        if (below != null) {
          return below;
        }
      }
    }
    return null;
  }
}
