// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What agent and render worker say to each other: a length, a number that ties an answer to its
 * request, a kind, and parts of bytes.
 */
record WorkerFrame(long id, Kind kind, List<byte[]> parts) {
  private static final int MAX_BYTES = 96 * 1024 * 1024;

  /** What a frame says. */
  enum Kind {
    /** From the worker, first of all: Helm's engine is loaded. */
    READY(1),
    /** To the worker: digest and files of a chart. */
    LOAD(2),
    /** To the worker: digest of the chart, release, namespace, Kubernetes version, values file. */
    RENDER(3),
    /** From the worker: what Helm gave. */
    RENDERED(4),
    /** From the worker: Helm's message. */
    REFUSED(5);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    static Kind of(int code) throws IOException {
      for (Kind kind : values()) {
        if (kind.code == code) {
          return kind;
        }
      }
      throw new IOException("a frame must be of a known kind; got " + code);
    }
  }

  static WorkerFrame of(long id, Kind kind, byte[]... parts) {
    return new WorkerFrame(id, kind, List.of(parts));
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  String text(int part) {
    return new String(parts.get(part), StandardCharsets.UTF_8);
  }

  /** Writes the frame whole; callers take turns. */
  void writeTo(DataOutputStream out) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    try (DataOutputStream data = new DataOutputStream(head)) {
      data.writeLong(id);
      data.writeByte(kind.code);
      data.writeByte(parts.size());
      for (byte[] part : parts) {
        data.writeInt(part.length);
      }
    }
    int length = head.size() + parts.stream().mapToInt(part -> part.length).sum();
    out.writeInt(length);
    head.writeTo(out);
    for (byte[] part : parts) {
      out.write(part);
    }
    out.flush();
  }

  /** Returns the next frame; empty at the end. Fails when it is none. */
  static Optional<WorkerFrame> readFrom(DataInputStream in) throws IOException {
    int length;
    try {
      length = in.readInt();
    } catch (EOFException e) {
      return Optional.empty();
    }
    if (length < 10 || length > MAX_BYTES) {
      throw new IOException("a frame must have 10 to " + MAX_BYTES + " bytes; got " + length);
    }
    long id = in.readLong();
    Kind kind = Kind.of(in.readByte());
    int[] sizes = new int[in.readByte()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = in.readInt();
    }
    List<byte[]> parts = new ArrayList<>();
    for (int size : sizes) {
      byte[] part = in.readNBytes(size);
      if (part.length != size) {
        throw new EOFException("a frame ended early");
      }
      parts.add(part);
    }
    return Optional.of(new WorkerFrame(id, kind, parts));
  }
}
