// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.schema;

import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.schema.Form.Sign;
import dev.segue.renderer.schema.Shape.Anything;
import dev.segue.renderer.schema.Shape.Flag;
import dev.segue.renderer.schema.Shape.Listing;
import dev.segue.renderer.schema.Shape.Struct;
import dev.segue.renderer.schema.Shape.Text;
import dev.segue.renderer.schema.Shape.TextOr;
import dev.segue.renderer.schema.Shape.Tree;
import dev.segue.renderer.schema.Shape.Whole;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The fields of a chart and of its release. */
final class ReleaseFields {
  private static final int MAX_PATH = 4096;
  private static final int MAX_RANGE = 512;
  private static final int MAX_REFERENCES = 1000;

  private static final Struct SECRET_REFERENCE =
      Struct.of(
          Stream.concat(
                  Stream.of(
                      Property.of("name", Texts.OBJECT_NAME, "The Secret's name.")
                          .needed()
                          .such("registry")),
                  Stream.of(
                          "apiVersion", "fieldPath", "kind", "namespace", "resourceVersion", "uid")
                      .map(name -> Property.of(name, new Anything(), "Not used.")))
              .toArray(Property[]::new));

  static final Struct CHART =
      Struct.of(
              Property.of(
                      "path",
                      new Text(
                          "a path that is relative to the repository's root",
                          List.of("^[^/\\\\\\x00-\\x1f\\x7f][^\\\\\\x00-\\x1f\\x7f]*$"),
                          "^\\.\\.(/|$)",
                          MAX_PATH),
                      "A folder of the same commit, relative to the repository's root. It has no"
                          + " version.")
                  .such("charts/web"),
              Property.of(
                      "url",
                      Text.matching(
                          "a URL that begins with https://, http:// or oci://, without user"
                              + " information, query, fragment and tag",
                          "^(https?://[^@?#\\s/]+(/[^@?#\\s]*)?"
                              + "|oci://[^@?#\\s/]+((/[^@?#\\s/]*)*/[^@?#\\s/:]*)?)$",
                          0),
                      "An HTTP Helm repository (`https://…`) or an OCI registry"
                          + " (`oci://registry/path/chart`, without a tag).")
                  .such(
                      "oci://registry.example.com/charts/redis",
                      "https://charts.example.com/stable"),
              Property.of(
                      "name",
                      Texts.CHART_NAME,
                      "The chart's name in an HTTP repository; appended to the URL of a registry.")
                  .such("redis"),
              Property.of(
                      "version",
                      Text.matching(
                          "a semantic version or a range of them, such as \"1.2.3\", \"^1.2\" or"
                              + " \">=1.2 <2\"",
                          "^\\s*[=!<>~^]*\\s*v?[0-9xX*][0-9A-Za-z.*+=!<>~^|,\\s-]*$",
                          MAX_RANGE),
                      "A semantic version or a range as Helm reads it; the newest stable version"
                          + " (`*`) where it is not given. It is resolved when the plan is made.")
                  .such("^1.2", "1.2.3", ">=1 <2 || 3.x"),
              Property.of(
                      "authSecretRef",
                      new TextOr(Texts.OBJECT_NAME, SECRET_REFERENCE),
                      "The name of a Secret with `username` and `password`, or `tls.crt`,"
                          + " `tls.key` and `ca.crt`.")
                  .such("registry"))
          .with(
              new Form(
                  "a folder of the same commit",
                  List.of("path"),
                  List.of("url", "name", "version", "authSecretRef"),
                  new Sign.None()),
              new Form(
                  "a chart in an OCI registry",
                  List.of("url"),
                  List.of("path"),
                  new Sign.Begins("url", List.of("oci://"))),
              new Form(
                  "a chart in an HTTP Helm repository",
                  List.of("url", "name"),
                  List.of("path"),
                  new Sign.Begins("url", List.of("https://", "http://"))));

  private static final Struct VALUES_REFERENCE =
      Struct.of(
          Property.of(
                  "kind",
                  Texts.choice("ConfigMap", "", "Secret", ""),
                  "What holds the values in the cluster.")
              .needed(),
          Property.of("name", Texts.OBJECT_NAME, "Its name.").needed().such("site-values"),
          Property.of(
                  "valuesKey",
                  Text.matching("a data key", "^[-._a-zA-Z0-9]{1,253}$", 253),
                  "The key in its data.")
              .otherwise("values.yaml")
              .such("db.yaml"),
          Property.of(
                  "targetPath",
                  Text.matching("a dotted path", "^([a-zA-Z0-9_.\\\\/-]|\\[[0-9]{1,5}\\])+$", 253),
                  "Where in the values it is put: a dotted path. At their root where it is not"
                      + " given.")
              .such("auth.password"),
          Property.of("optional", new Flag(), "`true`: it need not be there.").otherwise(false));

  static final Struct RELEASE = release();

  private ReleaseFields() {}

  private static Struct release() {
    List<Property> properties = new ArrayList<>();
    properties.add(
        Property.of("interval", Texts.DURATION, "How often Flux looks at the release.")
            .otherwise("5m"));
    properties.add(
        Property.of(
                "timeout",
                Texts.DURATION,
                "The time for one Helm operation; the deadline of the Workflow's step comes from"
                    + " it.")
            .otherwise("5m")
            .such("10m"));
    properties.add(
        Property.of(
                "targetNamespace",
                Texts.label(Namespace.MAX_LENGTH),
                "Where the release goes. A namespace of the group's name where it is not given.")
            .such("shop"));
    properties.add(
        Property.of("values", new Tree(), "Values of the chart.")
            .such(Map.of("auth", Map.of("password", "change-me-please"))));
    properties.add(
        Property.of(
            "valuesFrom",
            new Listing(VALUES_REFERENCE, Listing.Keys.NONE, 0, 0, MAX_REFERENCES),
            "Values in the cluster. A later one is laid over an earlier one, `values` over all."));
    properties.add(
        Property.of(
                "sensitiveValues",
                new Listing(Text.ANY, Listing.Keys.NONE, 0, 0, MAX_REFERENCES),
                "Dotted paths into `values` to strings of at least 8 characters, which are masked"
                    + " wherever they would appear in output.")
            .such(List.of("auth.password")));
    properties.addAll(passedOn());
    return new Struct(properties, List.of(), List.of());
  }

  /** HelmRelease's own fields, which are passed on as they are: Flux knows them better. */
  private static List<Property> passedOn() {
    return List.of(
        tree("install", "How Helm installs", Map.of("createNamespace", true)),
        tree("upgrade", "How Helm upgrades", Map.of("cleanupOnFail", true)),
        tree("rollback", "How Helm rolls back", Map.of("cleanupOnFail", true)),
        tree("uninstall", "How Helm uninstalls", Map.of("keepHistory", false)),
        tree("test", "Whether and how Helm's tests run", Map.of("enable", true)),
        tree("driftDetection", "How drift is seen and mended by Flux", Map.of("mode", "warn")),
        tree("waitStrategy", "What Helm waits for", Map.of("name", "poller")),
        tree("commonMetadata", "Labels for every object", Map.of("labels", Map.of("team", "web"))),
        list(
            "postRenderers",
            "What is done to rendered objects",
            List.of(Map.of("kustomize", Map.of("images", List.of())))),
        list(
            "healthCheckExprs",
            "When objects of other kinds are healthy",
            List.of(Map.of("apiVersion", "v1", "kind", "Pod", "current", "true"))),
        Property.of(
                "maxHistory",
                new Whole(0, Integer.MAX_VALUE),
                upstream("How many revisions Helm keeps; 0 for all"))
            .such(5),
        Property.of(
                "serviceAccountName",
                Texts.OBJECT_NAME,
                upstream("The service account that Helm runs as, the group's if not given"))
            .such("deployer"),
        Property.of(
            "persistentClient", new Flag(), upstream("Whether Flux keeps its client for Helm")));
  }

  private static Property tree(String name, String what, Map<String, ?> example) {
    return Property.of(name, new Tree(), upstream(what)).such(example);
  }

  private static Property list(String name, String what, List<?> example) {
    return Property.of(
            name,
            new Listing(new Anything(), Listing.Keys.NONE, 0, 0, MAX_REFERENCES),
            upstream(what))
        .such(example);
  }

  private static String upstream(String what) {
    return what + ": passed on to Flux's HelmRelease v2 as it is.";
  }
}
