// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import dev.segue.agent.reconcile.DaemonThreads;
import dev.segue.renderer.model.Digest;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The agent's end of one {@link RenderWorker}. Safe for several threads. */
final class WorkerProcess implements AutoCloseable {
  /**
   * The most memory that a worker may have resident: 768 MiB. It is a bound for charts that never
   * end; large public charts take 350 MiB, two of them at once 600.
   */
  static final long MAX_RESIDENT_BYTES = 768L * 1024 * 1024;

  private static final int STDERR_KEPT = 2000;
  private static final long MAX_LOADED_BYTES = 256L * 1024 * 1024;

  /** Nobody can listen on port 0. */
  private static final String NO_CLUSTER =
      """
      apiVersion: v1
      kind: Config
      current-context: none
      contexts: [{name: none, context: {cluster: none, user: none}}]
      clusters: [{name: none, cluster: {server: "http://127.0.0.1:0"}}]
      users: [{name: none, user: {}}]
      """;

  private final Process process;
  private final Path home;
  private final DataOutputStream requests;
  private final CompletableFuture<WorkerFrame> ready = new CompletableFuture<>();
  private final Map<Long, CompletableFuture<WorkerFrame>> waiting = new ConcurrentHashMap<>();
  private final AtomicLong ids = new AtomicLong();
  private final Set<Digest> loaded = new HashSet<>();
  private final StringBuilder complaints = new StringBuilder();
  private volatile boolean abandoned;
  private long loadedBytes;

  private WorkerProcess(Process process, Path home) {
    this.process = process;
    this.home = home;
    this.requests =
        new DataOutputStream(new BufferedOutputStream(process.getOutputStream(), 1 << 16));
    waiting.put(0L, ready);
  }

  /**
   * Starts a worker; {@link #awaitReady} says when Helm's engine is loaded in it.
   *
   * @param engine where the engine is kept from one worker to the next; null to keep none
   */
  static WorkerProcess start(@Nullable Path engine) throws IOException {
    Path home = Files.createTempDirectory("segue-render-");
    ProcessBuilder builder = new ProcessBuilder(command(home, engine)).directory(home.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment(home));
    WorkerProcess worker;
    try {
      worker = new WorkerProcess(builder.start(), home);
    } catch (IOException e) {
      RenderWorker.delete(home);
      throw e;
    }
    new DaemonThreads("render-answers").newThread(worker::readAnswers).start();
    new DaemonThreads("render-complaints").newThread(worker::readComplaints).start();
    return worker;
  }

  /**
   * Nothing of the agent's own. A kubeconfig that leads nowhere, since client-go would take
   * localhost for the cluster without one; and a small heap for Go's collector.
   */
  private static Map<String, String> environment(Path home) throws IOException {
    Path kubeconfig = home.resolve("no-cluster");
    Files.writeString(kubeconfig, NO_CLUSTER);
    return Map.of(
        "HOME",
        home.toString(),
        "TMPDIR",
        home.toString(),
        "LC_ALL",
        "C.UTF-8",
        "KUBECONFIG",
        kubeconfig.toString(),
        "GOGC",
        "300",
        "GOMEMLIMIT",
        "100MiB");
  }

  private static List<String> command(Path home, @Nullable Path engine) {
    String java =
        ProcessHandle.current()
            .info()
            .command()
            .orElseGet(() -> Path.of(System.getProperty("java.home"), "bin", "java").toString());
    List<String> command = new ArrayList<>(List.of(java));
    command.addAll(ArchivedClasses.ofThisProcess().options(classLog(home)));
    command.addAll(
        List.of(
            "-Xmx96m",
            "-Xss512k",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:CICompilerCount=1",
            "-XX:C1MaxInlineSize=8",
            "-XX:MaxMetaspaceSize=48m",
            "-XX:-UsePerfData",
            "-Dfile.encoding=UTF-8",
            "-Djna.encoding=UTF-8",
            "-Dcom.marcnuri.jkube-helm.skipRemoteJar=true",
            "-Djava.io.tmpdir=" + home,
            "-Djna.tmpdir=" + home,
            // All libraries are named by path: JNA need not run ldconfig to know where others are.
            "-Djna.platform.library.path=",
            "-cp",
            classPath(),
            RenderWorker.class.getName(),
            home.toString(),
            Long.toString(MAX_RESIDENT_BYTES),
            engine == null ? "" : engine.toAbsolutePath().toString()));
    return command;
  }

  /** Where it tells which classes it loads, when somebody wants to know. */
  private static Path classLog(Path home) {
    return home.resolve("classes");
  }

  /**
   * Returns the file that tells which classes it has loaded by now, if {@link ArchivedClasses}
   * asked for it.
   */
  Path classLog() {
    return classLog(home);
  }

  /** Our own, absolute: the worker has a working folder of its own. */
  private static String classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(entry -> !entry.isEmpty())
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** Fails when the worker ends or takes longer. */
  void awaitReady(long millis) throws IOException {
    try {
      ready.get(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
      throw new IOException("the render worker does not start: " + complaints(), e);
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  Path home() {
    return home;
  }

  /** Ends the conversation, as the agent's death would. */
  void hangUp() throws IOException {
    process.getOutputStream().close();
  }

  /** Whether so many charts were given to it that a new one should take its place. */
  synchronized boolean isFull() {
    return loadedBytes > MAX_LOADED_BYTES;
  }

  synchronized boolean has(Digest chart) {
    return loaded.contains(chart);
  }

  /**
   * Has Helm render a chart that it {@link #has} or that {@code files} are; an IOException means
   * that the worker ended.
   */
  WorkerFrame render(Digest chart, byte[] files, byte[]... inputs) throws IOException {
    long id = ids.incrementAndGet();
    CompletableFuture<WorkerFrame> answer = new CompletableFuture<>();
    waiting.put(id, answer);
    byte[] name = WorkerFrame.bytes(chart.hex());
    synchronized (this) {
      if (!loaded.contains(chart)) {
        WorkerFrame.of(0, WorkerFrame.Kind.LOAD, name, files).writeTo(requests);
        loaded.add(chart);
        loadedBytes += files.length;
      }
      WorkerFrame.of(id, WorkerFrame.Kind.RENDER, name, inputs[0], inputs[1], inputs[2], inputs[3])
          .writeTo(requests);
    }
    if (abandoned) { // meanwhile: nobody reads answers any more
      answer.completeExceptionally(new IOException("the worker has ended"));
    }
    try {
      return answer.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (ExecutionException e) {
      throw new IOException("the render worker ended: " + complaints(), e);
    }
  }

  private void readAnswers() {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(process.getInputStream(), 1 << 16))) {
      for (var next = WorkerFrame.readFrom(in); next.isPresent(); next = WorkerFrame.readFrom(in)) {
        CompletableFuture<WorkerFrame> answer = waiting.remove(next.get().id());
        if (answer != null) {
          answer.complete(next.get());
        }
      }
      abandon(new IOException("the worker closed its output"));
    } catch (IOException | RuntimeException e) {
      abandon(e);
    }
  }

  private void abandon(Exception cause) {
    abandoned = true;
    process.destroyForcibly();
    waiting.values().forEach(answer -> answer.completeExceptionally(cause));
  }

  /** What the worker, or Helm in it, prints: read so that it never blocks, the end of it kept. */
  private void readComplaints() {
    byte[] buffer = new byte[4096];
    try (InputStream in = process.getErrorStream()) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        synchronized (complaints) {
          complaints.append(new String(buffer, 0, count, StandardCharsets.UTF_8));
          complaints.delete(0, Math.max(0, complaints.length() - STDERR_KEPT));
        }
      }
    } catch (IOException e) {
      return; // the worker is gone
    }
  }

  private String complaints() {
    synchronized (complaints) {
      return complaints.toString().lines().findFirst().orElse("it says nothing");
    }
  }

  /** Its exit code, waiting a moment for it; -1 when it does not end. */
  int exitCode() {
    try {
      return process.waitFor(2, TimeUnit.SECONDS) ? process.exitValue() : -1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return -1;
    }
  }

  /** Kills it, if it is not gone, and removes what it left. */
  @Override
  public void close() {
    process.destroyForcibly();
    exitCode();
    RenderWorker.delete(home);
  }
}
