// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import dev.segue.agent.reconcile.ChartException;
import dev.segue.agent.reconcile.ChartStore.RenderRequest;
import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.HelmOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Renders by the engine once and from the cache after, by the digest of all that goes in. */
final class Renders {
  private static final String KIND = "render-2";
  private static final int SCANS_KEPT = 500;

  /** Which Helm this is: 64 hexadecimal digits, or "unknown". */
  static final String ENGINE = engine();

  private final DiskCache cache;
  private final Renderer engine;
  private final Recent<Digest, TemplateScan> scans = new Recent<>(SCANS_KEPT);

  Renders(DiskCache cache, Renderer engine) {
    this.cache = cache;
    this.engine = engine;
  }

  /** Whether something was ever rendered with the cache in that folder. */
  static boolean anyIn(Path cache) {
    return Files.isDirectory(cache.resolve(KIND));
  }

  HelmOutput render(RenderRequest request, RenderEngine.Files files) throws ChartException {
    String values = ValuesJson.of(request.values());
    Digest key = key(request, values);
    Optional<HelmOutput> before = cache.get(KIND, key).flatMap(Renders::decode);
    if (before.isPresent()) {
      return before.get();
    }
    HelmOutput output = fresh(request, values, files);
    cache.put(KIND, key, encode(output));
    return output;
  }

  /** Renders once, whatever is in the cache, and keeps nothing; says nothing of the templates. */
  HelmOutput once(RenderRequest request, RenderEngine.Files files) throws ChartException {
    String values = ValuesJson.of(request.values());
    return RenderedDocuments.of(engine.render(job(request, values, files)), List.of());
  }

  private HelmOutput fresh(RenderRequest request, String values, RenderEngine.Files files)
      throws ChartException {
    TemplateScan scan = scan(request.chart().content(), files);
    RenderEngine.Job job = job(request, values, files);
    String output = engine.render(job);
    List<String> notices = new ArrayList<>();
    scan.clock().forEach(use -> notices.add(use + ": what is released depends on the time"));
    if (scan.mayDiffer(values) && !engine.render(job).equals(output)) {
      scan.chance().forEach(use -> notices.add(use + ": two renders of this chart differ"));
      if (notices.isEmpty()) {
        notices.add("a template in the values: two renders of this chart differ");
      }
    }
    return RenderedDocuments.of(output, notices);
  }

  private static RenderEngine.Job job(
      RenderRequest request, String values, RenderEngine.Files files) {
    return new RenderEngine.Job(
        request.chart().content(),
        files,
        request.release().value(),
        request.namespace().value(),
        request.kubeVersion(),
        values,
        "release \""
            + request.release()
            + "\" (chart \""
            + request.chart().name()
            + "\" "
            + request.chart().version()
            + ")");
  }

  /** Returns what the chart's templates depend on, once for each chart. */
  TemplateScan scan(Digest chart, RenderEngine.Files files) throws ChartException {
    Optional<TemplateScan> known = scans.get(chart);
    if (known.isPresent()) {
      return known.get();
    }
    TemplateScan scan;
    try {
      scan = TemplateScan.of(ChartFiles.fromBytes(files.get()));
    } catch (IOException e) {
      throw ChartLibrary.evicted(chart);
    }
    scans.put(chart, scan);
    return scan;
  }

  /** The digest of all that goes into the output, Helm itself included. */
  static Digest key(RenderRequest request) {
    return key(request, ValuesJson.of(request.values()));
  }

  /** Notes what a chart's templates depend on. */
  void scanned(Digest chart, TemplateScan scan) {
    scans.put(chart, scan);
  }

  private static Digest key(RenderRequest request, String values) {
    String inputs =
        String.join(
            "\n",
            ENGINE,
            request.chart().content().hex(),
            request.release().value(),
            request.namespace().value(),
            request.kubeVersion(),
            Digest.of(values).hex());
    return Digest.of(inputs);
  }

  /** What says which Helm this is: the version of helm-java, by the file that it carries for it. */
  private static String engine() {
    try (InputStream in =
        com.marcnuri.helm.jni.HelmLib.class.getResourceAsStream(
            "/META-INF/native-libraries.properties")) {
      return in == null ? "unknown" : Digest.of(in.readAllBytes()).hex();
    } catch (IOException e) {
      throw new UncheckedIOException("the agent's own jar cannot be read", e);
    }
  }

  private static byte[] encode(HelmOutput output) {
    return TextLists.encode(
        List.of(output.manifests(), output.hooks(), output.crds(), output.notices()));
  }

  private static Optional<HelmOutput> decode(byte[] bytes) {
    return TextLists.decode(bytes, 4)
        .map(lists -> new HelmOutput(lists.get(0), lists.get(1), lists.get(2), lists.get(3)));
  }
}
