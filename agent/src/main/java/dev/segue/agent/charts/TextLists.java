// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Lists of texts as an entry of the cache. */
final class TextLists {
  private TextLists() {}

  static byte[] encode(List<List<String>> lists) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      for (List<String> texts : lists) {
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

  /** Returns {@code count} lists; empty when an earlier release wrote it in another form. */
  static Optional<List<List<String>>> decode(byte[] bytes, int count) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      List<List<String>> lists = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        lists.add(texts(in));
      }
      return Optional.of(lists);
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
