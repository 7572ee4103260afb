// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The line between one agent and the API server, which can fall silent. */
public final class Relay implements AutoCloseable {
  private static final Pattern SERVER = Pattern.compile("(server: *\"?)(https://[^\\s\"]+)");

  private final ServerSocket server;
  private final URI target;
  private final Path kubeconfig;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private volatile boolean stopped;

  private Relay(ServerSocket server, URI target, Path kubeconfig) {
    this.server = server;
    this.target = target;
    this.kubeconfig = kubeconfig;
    daemon(this::accept);
  }

  /** Listens for a client of the server that the kubeconfig names. */
  public static Relay to(Path kubeconfig, Path folder) throws IOException {
    String text = Files.readString(kubeconfig);
    Matcher matcher = SERVER.matcher(text);
    if (!matcher.find()) {
      throw new IllegalArgumentException("there is no server in " + kubeconfig);
    }
    URI target = URI.create(matcher.group(2));
    ServerSocket server = new ServerSocket(0, 50, InetAddress.getByName(target.getHost()));
    String address = "https://" + target.getHost() + ":" + server.getLocalPort();
    Path own = folder.resolve("relay.kubeconfig");
    Files.writeString(own, matcher.replaceFirst("$1" + address));
    return new Relay(server, target, own);
  }

  public Path kubeconfig() {
    return kubeconfig;
  }

  /** From now on nothing comes through, and nobody is told. */
  public void stop() {
    stopped = true;
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        Socket upstream = new Socket(target.getHost(), target.getPort());
        sockets.addAll(List.of(client, upstream));
        daemon(() -> copy(client, upstream));
        daemon(() -> copy(upstream, client));
      }
    } catch (IOException e) {
      close(); // as it was told
    }
  }

  private void copy(Socket from, Socket to) {
    try (InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      byte[] buffer = new byte[8192];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        if (!stopped) {
          out.write(buffer, 0, read);
        }
      }
    } catch (IOException e) {
      close(from);
      close(to);
    }
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task, "relay");
    thread.setDaemon(true);
    thread.start();
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    sockets.forEach(Relay::close);
  }
}
