// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import com.marcnuri.helm.TemplateCommand;
import com.marcnuri.helm.VersionCommand;
import com.marcnuri.helm.jni.HelmLib;
import com.sun.jna.Library;
import com.sun.jna.Native;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/**
 * The process in which Helm's engine runs: it has an empty environment and a home of its own, reads
 * requests from stdin and ends when stdin does, whatever a template is doing. Not for people.
 */
public final class RenderWorker {
  /** As many requests as it works on at once. */
  static final int THREADS = 2;

  /** How it ends when it would need more memory than it may have. */
  static final int EXIT_MEMORY = 86;

  /** Whether it ends, so that its files are going and what Helm says of them is no answer. */
  private static volatile boolean ending;

  private static final int MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

  private final Path home;
  private final HelmLib helm;
  private final DataOutputStream answers;
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

  private RenderWorker(Path home, HelmLib helm, DataOutputStream answers) {
    this.home = home;
    this.helm = helm;
    this.answers = answers;
  }

  /** {@code RenderWorker <home> <most resident bytes> <folder where the engine is kept, or "">}. */
  public static void main(String[] arguments) throws IOException {
    Path home = Path.of(arguments[0]);
    int exit = 1;
    try {
      MemoryGuard.start(Long.parseLong(arguments[1]), home);
      EngineLibrary engine = new EngineLibrary(arguments[2], home);
      engine.prepare();
      DataOutputStream answers = takeOverStdout();
      HelmLib helm = engine.load();
      RenderWorker worker = new RenderWorker(home, helm, answers);
      new VersionCommand(helm).call();
      worker.answer(WorkerFrame.of(0, WorkerFrame.Kind.READY));
      worker.serve(new DataInputStream(new BufferedInputStream(System.in, 1 << 16)));
      exit = 0;
    } finally {
      end(home, exit);
    }
  }

  /** At once, in the midst of an endless template too. */
  static void end(Path home, int exit) {
    ending = true;
    delete(home);
    Runtime.getRuntime().halt(exit);
  }

  /** The C library, as far as we need it; Java itself has loaded it. */
  interface CLibrary extends Library {
    int dup(int descriptor);

    int dup2(int from, int to);
  }

  /**
   * Returns the way to the agent, and leaves stderr in its place: what Helm or a library prints
   * cannot come between the answers.
   */
  private static DataOutputStream takeOverStdout() throws IOException {
    CLibrary c = Native.load(CLibrary.class);
    int kept = c.dup(1);
    if (kept < 0 || c.dup2(2, 1) < 0) {
      throw new IOException("cannot set stdout apart");
    }
    return new DataOutputStream(
        new BufferedOutputStream(new FileOutputStream("/dev/fd/" + kept), 1 << 16));
  }

  private void serve(DataInputStream requests) throws IOException {
    for (var next = WorkerFrame.readFrom(requests);
        next.isPresent();
        next = WorkerFrame.readFrom(requests)) {
      WorkerFrame request = next.get();
      if (request.kind() == WorkerFrame.Kind.LOAD) {
        load(request);
      } else {
        threads.execute(() -> render(request));
      }
    }
  }

  /** As one archive: Helm reads it in half the time that it takes for a folder of files. */
  private void load(WorkerFrame request) throws IOException {
    Path folder = home.resolve("charts");
    Files.createDirectories(folder);
    try (OutputStream out = Files.newOutputStream(archive(request.text(0)))) {
      ChartArchive.write(WorkerCopy.of(ChartFiles.fromBytes(request.parts().get(1))), out);
    }
  }

  private Path archive(String chart) {
    return home.resolve("charts").resolve(chart + ".tgz");
  }

  private void render(WorkerFrame request) {
    try {
      Path values = home.resolve("values-" + Thread.currentThread().getId() + ".yaml");
      String text = TemplateScan.withoutLookup(WorkerCopy.hide(request.text(4)));
      Files.writeString(values, text);
      String output =
          new TemplateCommand(helm, archive(request.text(0)))
              .withName(request.text(1))
              .withNamespace(request.text(2))
              .withKubeVersion(request.text(3))
              .withValuesFile(values)
              .call();
      byte[] bytes = WorkerCopy.show(output == null ? "" : output).getBytes(StandardCharsets.UTF_8);
      if (bytes.length > MAX_OUTPUT_BYTES) {
        refuse(request, "it gives more than " + (MAX_OUTPUT_BYTES >> 20) + " MiB of manifests");
      } else {
        answer(WorkerFrame.of(request.id(), WorkerFrame.Kind.RENDERED, bytes));
      }
    } catch (RuntimeException e) { // Helm's refusals are IllegalStateExceptions
      String message = e.getMessage() == null ? "Helm gave no reason" : e.getMessage();
      refuse(request, WorkerCopy.show(message).replace(home.toString(), ""));
    } catch (IOException e) { // the agent is gone, or the disk is full: it makes a new worker
      if (!ending) {
        end(home, 1);
      }
    } catch (OutOfMemoryError e) {
      end(home, EXIT_MEMORY);
    }
  }

  private void refuse(WorkerFrame request, String message) {
    if (ending) {
      return;
    }
    try {
      answer(WorkerFrame.of(request.id(), WorkerFrame.Kind.REFUSED, WorkerFrame.bytes(message)));
    } catch (IOException e) {
      end(home, 1);
    }
  }

  private void answer(WorkerFrame frame) throws IOException {
    synchronized (answers) {
      frame.writeTo(answers);
    }
  }

  /** Deletes a folder as far as that goes. */
  static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    } catch (IOException | java.io.UncheckedIOException e) {
      return; // somebody else deletes it: the agent and its worker both try
    }
  }
}
