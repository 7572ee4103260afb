// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.testing;

import dev.segue.renderer.yaml.YamlNode;
import dev.segue.renderer.yaml.YamlReader;
import dev.segue.renderer.yaml.YamlWriter;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Plain data between two processes: a question, then its answer. Frames of a length and text. */
final class Wire implements Closeable {
  private final Socket socket;
  private final DataInputStream in;
  private final DataOutputStream out;

  Wire(Socket socket) throws IOException {
    this.socket = socket;
    socket.setTcpNoDelay(true);
    this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    this.out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
  }

  /** Returns the other's answer; one at a time. */
  synchronized Map<String, @Nullable Object> ask(Map<String, ?> question) throws IOException {
    send(question);
    return receive();
  }

  void send(Map<String, ?> data) throws IOException {
    byte[] text = YamlWriter.write(data).getBytes(StandardCharsets.UTF_8);
    out.writeInt(text.length);
    out.write(text);
    out.flush();
  }

  /** Throws EOFException once the other is gone. */
  Map<String, @Nullable Object> receive() throws IOException {
    byte[] text = in.readNBytes(in.readInt());
    YamlNode read = YamlReader.read(new String(text, StandardCharsets.UTF_8)).documents().get(0);
    return ((YamlNode.Mapping) read).data();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
