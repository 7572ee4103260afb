// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.parse;

import dev.segue.renderer.model.Application;
import dev.segue.renderer.model.ApplicationGroup;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Lifecycle;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.Origin;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.yaml.YamlNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads one document that is ours. */
final class DocumentReader {
  private static final String KIND = "ApplicationGroup";
  private static final String SEGUE = "segue.dev";
  private static final String ORKESTRA = "orkestra.azure.microsoft.com";
  private static final List<String> VERSIONS = List.of(SEGUE + "/v1alpha1", ORKESTRA + "/v1alpha1");

  private final YamlNode.Mapping document;
  private final RepoPath file;
  private final Findings findings;

  private DocumentReader(YamlNode.Mapping document, RepoPath file, Findings findings) {
    this.document = document;
    this.file = file;
    this.findings = findings;
  }

  /** Whether the document is an ApplicationGroup, or claims to be something of ours. */
  static boolean isOurs(YamlNode.Mapping document) {
    String apiVersion = textOf(document.get("apiVersion"));
    String apiGroup = apiVersion.substring(0, Math.max(0, apiVersion.indexOf('/')));
    return apiGroup.equals(SEGUE)
        || apiGroup.equals(ORKESTRA)
        || textOf(document.get("kind")).equals(KIND);
  }

  /** Reads a document for which {@link #isOurs}. */
  static Draft read(YamlNode.Mapping document, RepoPath file, Findings findings) {
    return new DocumentReader(document, file, findings).read();
  }

  private Draft read() {
    boolean orkestra = textOf(document.get("apiVersion")).startsWith(ORKESTRA + "/");
    FieldReader root = FieldReader.ofRoot(document, findings, orkestra);
    Optional<FieldReader> metadata = root.require("metadata").flatMap(Field::object);
    Optional<Field> nameField = metadata.flatMap(reader -> reader.require("name"));
    Optional<GroupName> name =
        nameField.flatMap(field -> field.parsed(ProblemCode.BAD_NAME, GroupName::parse));
    Origin origin = new Origin(file, nameField.map(Field::line).orElse(document.line()));
    if (!isKnownKind(root)) {
      return new Draft(name, origin, Optional.empty(), List.of(), findings);
    }
    Optional<Namespace> namespace = metadata.flatMap(DocumentReader::namespaceIn);
    Spec spec = new Spec(null, 0, Lifecycle.DEFAULT, List.of(), List.of());
    Optional<FieldReader> specReader = root.require("spec").flatMap(Field::object);
    if (specReader.isPresent()) {
      spec = readSpec(specReader.get(), name);
    }
    root.ignore("status");
    root.finish();
    Optional<ApplicationGroup> group = Optional.empty();
    if (name.isPresent() && findings.isEmpty()) {
      group =
          Optional.of(
              new ApplicationGroup(
                  name.get(),
                  namespace.orElse(null),
                  origin,
                  spec.interval(),
                  spec.parallelism(),
                  spec.lifecycle(),
                  spec.applications()));
    }
    return new Draft(name, origin, group, spec.claims(), findings);
  }

  private boolean isKnownKind(FieldReader root) {
    Optional<Field> apiVersion = root.require("apiVersion");
    Optional<Field> kind = root.require("kind");
    boolean known = apiVersion.isPresent() && kind.isPresent();
    if (apiVersion.isPresent()) {
      known &= isOneOf(apiVersion.get(), VERSIONS);
    }
    if (kind.isPresent()) {
      known &= isOneOf(kind.get(), List.of(KIND));
    }
    return known;
  }

  private static boolean isOneOf(Field field, List<String> known) {
    Optional<String> text = field.text();
    if (text.isPresent() && !known.contains(text.get())) {
      field.report(
          ProblemCode.UNKNOWN_KIND,
          "must be " + String.join(" or ", known) + "; got " + Findings.quote(text.get()),
          Findings.didYouMean(text.get(), known, ""));
    }
    return text.isPresent() && known.contains(text.get());
  }

  private static Optional<Namespace> namespaceIn(FieldReader metadata) {
    metadata.find("labels").ifPresent(Field::textMap);
    metadata.find("annotations").ifPresent(Field::textMap);
    metadata.ignore(ServerFields.OF_METADATA.toArray(String[]::new));
    Optional<Namespace> namespace =
        metadata
            .find("namespace")
            .flatMap(field -> field.parsed(ProblemCode.BAD_NAME, Namespace::parse));
    metadata.finish();
    return namespace;
  }

  private record Spec(
      @Nullable Duration interval,
      int parallelism,
      Lifecycle lifecycle,
      List<Application> applications,
      List<Draft.Claim> claims) {}

  private Spec readSpec(FieldReader spec, Optional<GroupName> group) {
    Optional<Duration> interval = spec.duration("interval");
    Optional<Long> parallelism =
        spec.find("parallelism").flatMap(field -> field.number(0, Integer.MAX_VALUE));
    Lifecycle lifecycle = LifecycleReader.read(spec);
    Optional<String> account = ReleaseReader.serviceAccount(spec);
    List<ApplicationReader> readers = new ArrayList<>();
    Optional<Field> field = spec.require("applications");
    if (field.isPresent()) {
      for (Field item : field.get().items()) {
        item.object()
            .ifPresent(reader -> readers.add(new ApplicationReader(reader, file, group, account)));
      }
      if (field.get().isList() && field.get().items().isEmpty()) {
        field.get().report(ProblemCode.BAD_VALUE, "must have at least one application", "");
      }
    }
    spec.finish();
    List<Application> applications = new ArrayList<>();
    List<Draft.Claim> claims = new ArrayList<>();
    List<Dependencies.Node> nodes = new ArrayList<>();
    for (ApplicationReader reader : readers) {
      reader.read().ifPresent(applications::add);
      reader.claim().ifPresent(claims::add);
      reader.node().ifPresent(nodes::add);
    }
    Dependencies.check(Dependencies.Kind.APPLICATION, nodes);
    return new Spec(
        interval.orElse(null),
        parallelism.map(Long::intValue).orElse(0),
        lifecycle,
        applications,
        claims);
  }

  private static String textOf(@Nullable YamlNode node) {
    return node instanceof YamlNode.Scalar scalar ? scalar.text() : "";
  }
}
