// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingEndEvent;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceEndEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * Reads a Helm repository's {@code index.yaml}, which may be tens of megabytes, as a stream of
 * events, and keeps of each version what finds its archive.
 */
final class IndexFile {
  /** The most bytes of an index: 64 MiB. */
  static final int MAX_BYTES = 64 * 1024 * 1024;

  private static final int MAX_DEPTH = 32;
  private static final int MAX_VERSIONS = 200_000;

  private final Iterator<Event> events;
  private final List<Version> versions = new ArrayList<>();

  private IndexFile(Iterator<Event> events) {
    this.events = events;
  }

  /**
   * A version of a chart.
   *
   * @param digest as the index says it; "" when it does not
   * @param url of the archive, relative or absolute; "" when there is none
   */
  record Version(String chart, String version, String digest, String url) {}

  /** Returns every version of every chart; throws IOException when it is no index. */
  static List<Version> read(byte[] index) throws IOException {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(MAX_BYTES);
    options.setNestingDepthLimit(MAX_DEPTH);
    options.setProcessComments(false);
    StreamReader reader =
        new StreamReader(
            new InputStreamReader(new ByteArrayInputStream(index), StandardCharsets.UTF_8));
    ParserImpl parser = new ParserImpl(reader, options);
    IndexFile file =
        new IndexFile(
            new Iterator<>() {
              @Override
              public boolean hasNext() {
                return !parser.checkEvent(Event.ID.StreamEnd);
              }

              @Override
              public Event next() {
                return parser.getEvent();
              }
            });
    try {
      file.document();
    } catch (RuntimeException e) { // SnakeYAML throws more than it declares
      throw new IOException("it is no YAML", e);
    }
    return file.versions;
  }

  private void document() throws IOException {
    events.next(); // the stream's start
    events.next(); // the document's start
    if (!events.hasNext() || !(events.next() instanceof MappingStartEvent)) {
      throw new IOException("it is no map");
    }
    boolean found = false;
    for (Event key = events.next(); !(key instanceof MappingEndEvent); key = events.next()) {
      Event value = events.next();
      if (scalar(key).equals("entries") && value instanceof MappingStartEvent) {
        found = true;
        entries();
      } else {
        skip(value, 0);
      }
    }
    if (!found) {
      throw new IOException("it has no `entries`");
    }
  }

  private void entries() throws IOException {
    for (Event key = events.next(); !(key instanceof MappingEndEvent); key = events.next()) {
      String chart = scalar(key);
      Event value = events.next();
      if (!(value instanceof SequenceStartEvent)) {
        skip(value, 0);
        continue;
      }
      for (Event item = events.next(); !(item instanceof SequenceEndEvent); item = events.next()) {
        if (item instanceof MappingStartEvent) {
          version(chart);
        } else {
          skip(item, 0);
        }
      }
    }
  }

  private void version(String chart) throws IOException {
    String version = "";
    String digest = "";
    String url = "";
    for (Event key = events.next(); !(key instanceof MappingEndEvent); key = events.next()) {
      Event value = events.next();
      switch (scalar(key)) {
        case "version" -> version = scalar(value);
        case "digest" -> digest = scalar(value);
        case "urls" -> {
          if (value instanceof SequenceStartEvent) {
            url = first();
            continue;
          }
        }
        default -> {}
      }
      skip(value, 0);
    }
    if (versions.size() >= MAX_VERSIONS) {
      throw new IOException("it has more than " + MAX_VERSIONS + " versions");
    }
    versions.add(new Version(chart, version, digest, url));
  }

  /** The first string of the list that has begun. */
  private String first() throws IOException {
    String first = "";
    for (Event item = events.next(); !(item instanceof SequenceEndEvent); item = events.next()) {
      first = first.isEmpty() ? scalar(item) : first;
      skip(item, 0);
    }
    return first;
  }

  private static String scalar(Event event) {
    return event instanceof ScalarEvent scalar ? scalar.getValue() : "";
  }

  /** Reads past a value that has begun. */
  private void skip(Event begun, int depth) throws IOException {
    if (begun instanceof ScalarEvent || begun instanceof AliasEvent) {
      return;
    }
    if (depth > MAX_DEPTH) {
      throw new IOException("it is nested more than " + MAX_DEPTH + " deep");
    }
    for (Event event = events.next();
        !(event instanceof MappingEndEvent || event instanceof SequenceEndEvent);
        event = events.next()) {
      skip(event, depth + 1);
    }
  }
}
