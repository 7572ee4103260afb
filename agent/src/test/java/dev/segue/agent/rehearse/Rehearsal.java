// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.yaml.YamlReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An embedded cluster with a time that is moved by hand, and what happened in it. */
final class Rehearsal implements AutoCloseable {
  static final String COMMIT = "ea54dc35c3e4" + "0".repeat(28);
  static final Duration LONG = Duration.ofMinutes(30);

  final SimpleCharts charts = new SimpleCharts().with("db", "1.1.0").with("web", "1.1.0");
  final SimulatedTime time = SimulatedTime.manual(Instant.parse("2026-01-01T00:00:00Z"));
  final List<String> events = new ArrayList<>();
  final EmbeddedCluster cluster = new EmbeddedCluster(charts, time, events::add);

  /** Returns the resource's document after every key of {@code replaced} became its value. */
  static Manifest read(String resource, Map<String, String> replaced) {
    try (InputStream in = Rehearsal.class.getResourceAsStream("/rehearse/" + resource)) {
      if (in == null) {
        throw new IllegalArgumentException("no resource " + resource);
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      for (Map.Entry<String, String> entry : replaced.entrySet()) {
        text = text.replace(entry.getKey(), entry.getValue());
      }
      return manifest(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Manifest manifest(String yaml) {
    return new Manifest(Fields.typed(YamlReader.read(yaml).documents().get(0).data()));
  }

  Rehearsal withSource() throws Exception {
    cluster.apply(
        List.of(
            manifest(
                """
                apiVersion: source.toolkit.fluxcd.io/v1
                kind: GitRepository
                metadata: {name: source, namespace: default}
                spec: {url: "http://git/repo.git", interval: 1h, ref: {commit: COMMIT}}
                """
                    .replace("COMMIT", COMMIT))));
    return this;
  }

  /** Releases db and web with that value by a Workflow of that name, to its end. */
  Manifest release(String name, String colour) throws Exception {
    return run(read("two-releases.yaml", Map.of("NAME", name, "COLOUR", colour)));
  }

  /** Runs the Workflow to its end. */
  Manifest run(Manifest workflow) throws Exception {
    cluster.create(workflow);
    time.advanceUntil(
        () -> workflow(workflow.name()).text("status", "finishedAt").isPresent(), LONG);
    return workflow(workflow.name());
  }

  Manifest workflow(String name) {
    return cluster.find("Workflow", "default", name).orElseThrow();
  }

  Manifest helmRelease(String name) {
    return cluster.find("HelmRelease", "default", name).orElseThrow();
  }

  static String phase(Manifest workflow) {
    return workflow.text("status", "phase").orElse("");
  }

  /** Returns the phase of a task's node; "" when it has none. */
  static String phase(Manifest workflow, String task) {
    return node(workflow, task).map(node -> Fields.text(node.get("phase"))).orElse("");
  }

  static String message(Manifest workflow, String task) {
    return node(workflow, task).map(node -> Fields.text(node.get("message"))).orElse("");
  }

  static Instant time(Manifest workflow, String task, String field) {
    return Instant.parse(Fields.text(node(workflow, task).orElseThrow().get(field)));
  }

  static Optional<Map<String, @Nullable Object>> node(Manifest workflow, String displayName) {
    return workflow.map("status", "nodes").values().stream()
        .map(Fields::typed)
        .filter(node -> displayName.equals(node.get("displayName")))
        .findFirst();
  }

  /** Returns {@code type=status/reason} of the release's conditions, in order. */
  static List<String> conditions(Manifest release) {
    return release.maps("status", "conditions").stream()
        .map(c -> c.get("type") + "=" + c.get("status") + "/" + c.get("reason"))
        .toList();
  }

  @Override
  public void close() {
    cluster.close();
  }
}
