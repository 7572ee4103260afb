// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import dev.segue.agent.reconcile.ChartException;
import dev.segue.renderer.model.ChartPin;
import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.model.ResolvedChart;
import dev.segue.renderer.model.ResolvedChart.PinnedDependency;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the cache keeps of a chart beside its files.
 *
 * @param folders the Git object id of each folder that it was made of; empty when it is an archive
 * @param library whether it is there for other charts only
 * @param missing a dependency that it declares and does not have; "" when it is complete
 */
record KnownChart(
    String name,
    String version,
    Digest content,
    List<PinnedDependency> dependencies,
    List<String> notices,
    SortedMap<RepoPath, String> folders,
    boolean library,
    String missing) {
  KnownChart {
    dependencies = List.copyOf(dependencies);
    notices = List.copyOf(notices);
    folders = Collections.unmodifiableSortedMap(new TreeMap<>(folders));
  }

  /** Returns it as a chart to release; throws when it cannot be one. */
  ResolvedChart pinned(ChartPin pin) throws ChartException {
    if (library) {
      throw new ChartException(
          ProblemCode.CHART_INVALID,
          false,
          "chart \""
              + name
              + "\" "
              + version
              + " must be an application; it is a library chart, which cannot be released",
          null);
    }
    if (!missing.isEmpty()) {
      throw new ChartException(
          ProblemCode.CHART_DEPENDENCY,
          false,
          "packaged chart \""
              + name
              + "\" "
              + version
              + " must carry its dependency \""
              + missing
              + "\"; it does not. Package it with `helm package --dependency-update`",
          null);
    }
    return new ResolvedChart(pin, name, version, content, dependencies, notices);
  }

  byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeUTF(name);
      out.writeUTF(version);
      out.writeUTF(content.hex());
      out.writeInt(dependencies.size());
      for (PinnedDependency dependency : dependencies) {
        out.writeUTF(dependency.name());
        out.writeUTF(dependency.repository());
        out.writeUTF(dependency.version());
        out.writeUTF(dependency.archive().hex());
      }
      out.writeInt(notices.size());
      for (String notice : notices) {
        out.writeUTF(notice);
      }
      out.writeInt(folders.size());
      for (var folder : folders.entrySet()) {
        out.writeUTF(folder.getKey().value());
        out.writeUTF(folder.getValue());
      }
      out.writeBoolean(library);
      out.writeUTF(missing);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return bytes.toByteArray();
  }

  /** Empty when an earlier release wrote it in another form. */
  static Optional<KnownChart> fromBytes(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      String name = in.readUTF();
      String version = in.readUTF();
      Digest content = Digest.parse(in.readUTF());
      List<PinnedDependency> dependencies = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        dependencies.add(
            new PinnedDependency(
                in.readUTF(), in.readUTF(), in.readUTF(), Digest.parse(in.readUTF())));
      }
      List<String> notices = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        notices.add(in.readUTF());
      }
      SortedMap<RepoPath, String> folders = new TreeMap<>();
      for (int left = in.readInt(); left > 0; left--) {
        folders.put(RepoPath.parse(in.readUTF()), in.readUTF());
      }
      return Optional.of(
          new KnownChart(
              name,
              version,
              content,
              dependencies,
              notices,
              folders,
              in.readBoolean(),
              in.readUTF()));
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
