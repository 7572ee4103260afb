// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import dev.segue.agent.reconcile.ChartException;
import dev.segue.agent.reconcile.ChartStore.RenderRequest;
import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.HelmOutput;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Renders by the engine once and from the cache after, by the digest of all that goes in. */
final class Renders {
  private static final String KIND = "render-1";
  private static final int SCANS_KEPT = 500;
  private static final String ENGINE = engine();

  private final DiskCache cache;
  private final RenderEngine engine;
  private final Map<Digest, TemplateScan> scans =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Digest, TemplateScan> eldest) {
          return size() > SCANS_KEPT;
        }
      };

  Renders(DiskCache cache, RenderEngine engine) {
    this.cache = cache;
    this.engine = engine;
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

  private HelmOutput fresh(RenderRequest request, String values, RenderEngine.Files files)
      throws ChartException {
    TemplateScan scan = scan(request.chart().content(), files);
    RenderEngine.Job job =
        new RenderEngine.Job(
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

  private TemplateScan scan(Digest chart, RenderEngine.Files files) throws ChartException {
    synchronized (scans) {
      TemplateScan known = scans.get(chart);
      if (known != null) {
        return known;
      }
    }
    TemplateScan scan;
    try {
      scan = TemplateScan.of(ChartFiles.fromBytes(files.get()));
    } catch (IOException e) {
      throw ChartLibrary.evicted(chart);
    }
    synchronized (scans) {
      scans.put(chart, scan);
    }
    return scan;
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
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      for (List<String> texts :
          List.of(output.manifests(), output.hooks(), output.crds(), output.notices())) {
        out.writeInt(texts.size());
        for (String text : texts) {
          byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
          out.writeInt(encoded.length);
          out.write(encoded);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return bytes.toByteArray();
  }

  /** Empty when an earlier release wrote it in another form. */
  private static Optional<HelmOutput> decode(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      return Optional.of(new HelmOutput(texts(in), texts(in), texts(in), texts(in)));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static List<String> texts(DataInputStream in) throws IOException {
    List<String> texts = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      texts.add(new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8));
    }
    return texts;
  }
}
