// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.web;

import com.sun.net.httpserver.HttpExchange;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** A request's body, whole and bounded, unpacked where the client packed it. */
final class RequestBody {
  private static final int DISCARDED_AT_MOST = 8;

  private RequestBody() {}

  /** Refuses one of more than {@code limit} bytes, and one that is not packed as it says. */
  static byte[] read(HttpExchange exchange, int limit) throws IOException, Refusal {
    InputStream raw = exchange.getRequestBody();
    String coding =
        Objects.requireNonNullElse(
            exchange.getRequestHeaders().getFirst("Content-Encoding"), "identity");
    byte[] body;
    switch (coding.toLowerCase(Locale.ROOT)) {
      case "identity" -> body = raw.readNBytes(limit + 1);
      case "gzip", "x-gzip" -> body = unpacked(raw, limit + 1);
      default -> throw new Refusal(415, "the body must be plain or packed by gzip");
    }
    if (body.length > limit) {
      discard(raw, limit);
      throw new Refusal(413, "the body must have at most " + limit + " bytes");
    }
    return body;
  }

  private static byte[] unpacked(InputStream raw, int most) throws IOException, Refusal {
    try (InputStream unpacking = new GZIPInputStream(new Unclosed(raw))) {
      return unpacking.readNBytes(most);
    } catch (ZipException | EOFException e) {
      throw new Refusal(400, "the body must be packed by gzip as its header says");
    }
  }

  /** A client that still sends does not read the answer; what it sends without end is cut off. */
  private static void discard(InputStream raw, int limit) throws IOException {
    byte[] buffer = new byte[1 << 16];
    long left = (long) DISCARDED_AT_MOST * limit;
    int read = raw.read(buffer);
    while (read >= 0 && left > 0) {
      left -= read;
      read = raw.read(buffer);
    }
  }

  /** What is unpacked may end before the body does. */
  private static final class Unclosed extends java.io.FilterInputStream {
    Unclosed(InputStream in) {
      super(in);
    }

    @Override
    public void close() {}
  }
}
