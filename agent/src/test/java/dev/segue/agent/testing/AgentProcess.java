// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.testing;

import static java.util.Objects.requireNonNull;

import dev.segue.renderer.model.GroupName;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An agent in a process of its own beside the lab's cluster, which survives it. It is killed by
 * SIGKILL where it is to die.
 */
public final class AgentProcess implements Life, AutoCloseable {
  private final ReleaseLab lab;
  private final Predicate<String> deadly;
  private final ServerSocket server;
  private final Process process;
  private final List<Object> changed = new ArrayList<>();
  private @Nullable Thread serving;
  private boolean poll;
  private boolean settled;
  private boolean dead;
  private boolean ended;
  private String failure = "";

  /**
   * Starts the process; the agent's life in it begins with {@link #begin}.
   *
   * @param mirror folder of the agent's copy of the repository, which outlives it
   * @param deadly says of each boundary of an effect whether the agent dies there
   * @param complaints takes what the process prints
   */
  public AgentProcess(
      ReleaseLab lab, Path mirror, Path chartCache, Predicate<String> deadly, File complaints)
      throws IOException {
    this.lab = lab;
    this.deadly = deadly;
    this.server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    this.process =
        new ProcessBuilder(
                QuickJava.command(
                    AgentMain.class,
                    List.of("-Xmx256m"),
                    Integer.toString(server.getLocalPort()),
                    lab.bare().toString(),
                    mirror.toString(),
                    chartCache.toString()))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(complaints))
            .start();
  }

  public AgentProcess begin() {
    serving = new Thread(this::serve, "agent-process");
    serving.setDaemon(true);
    serving.start();
    return this;
  }

  private void serve() {
    try (Wire wire = new Wire(server.accept())) {
      while (true) {
        Map<String, @Nullable Object> question = wire.receive();
        if (isFatal(question)) {
          kill();
          return;
        }
        wire.send(answer(question));
        if (hasEnded()) {
          return;
        }
      }
    } catch (IOException | RuntimeException e) {
      fail(e);
    }
  }

  private boolean isFatal(Map<String, @Nullable Object> question) {
    return "boundary".equals(question.get("call"))
        && deadly.test(String.valueOf(question.get("name")));
  }

  private void kill() {
    process.destroyForcibly().onExit().join();
    synchronized (this) {
      dead = true;
    }
  }

  private Map<String, @Nullable Object> answer(Map<String, @Nullable Object> question) {
    return switch (String.valueOf(question.get("call"))) {
      case "begin", "boundary" -> new LinkedHashMap<>(Map.of("result", true));
      case "time" -> new LinkedHashMap<>(Map.of("result", lab.now().toString()));
      case "next" -> next(Boolean.TRUE.equals(question.get("settled")));
      default -> RemoteCluster.answer(lab.cluster(), question, this::noteChange);
    };
  }

  private synchronized Map<String, @Nullable Object> next(boolean nowSettled) {
    Map<String, @Nullable Object> order = new LinkedHashMap<>();
    order.put("changed", List.copyOf(changed));
    if (poll) {
      order.put("poll", true);
    }
    if (ended) {
      order.put("end", true);
    }
    settled = nowSettled && changed.isEmpty() && !poll;
    changed.clear();
    poll = false;
    return order;
  }

  private synchronized void noteChange(GroupName group) {
    changed.add(group.value());
    settled = false;
  }

  private synchronized boolean hasEnded() {
    return ended;
  }

  private synchronized void fail(Exception e) {
    failure = ended ? "" : "the process is gone: " + e;
  }

  @Override
  public synchronized void poll() {
    poll = true;
    settled = false;
  }

  @Override
  public synchronized boolean dead() {
    if (!failure.isEmpty()) {
      throw new IllegalStateException(failure);
    }
    return dead;
  }

  @Override
  public synchronized boolean settled() {
    return settled;
  }

  /** Kills the process where it still is there; nothing is ended in order. */
  @Override
  public void close() {
    synchronized (this) {
      ended = true;
    }
    process.destroyForcibly().onExit().join();
    try {
      server.close();
      if (serving != null) {
        requireNonNull(serving).join();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
