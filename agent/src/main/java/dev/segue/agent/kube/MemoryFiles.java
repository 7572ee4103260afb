// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import dev.segue.agent.reconcile.RepoException;
import dev.segue.agent.reconcile.StatusBranch.Edit;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.Digest;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.status.HistoryFile;
import dev.segue.renderer.status.StatusPaths;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** The files of a group that go into one object of the cluster. */
final class MemoryFiles {
  private static final Pattern IN_GROUP = Pattern.compile("groups/([^/]+)/(.+)");
  private static final Pattern HISTORY = Pattern.compile("history/([0-9]{1,9})\\.yaml");
  private static final Set<RepoPath> KEPT =
      Set.of(
          StatusPaths.STATUS,
          StatusPaths.INVENTORY,
          StatusPaths.PLANNED,
          StatusPaths.GOOD,
          StatusPaths.REQUESTS,
          StatusPaths.next(StatusPaths.PLAN));
  private static final int ATTEMPTS = 8;
  private static final int COMMIT_DIGITS = 40;

  /** The API server takes a Secret of 1 MiB; Base64 makes four characters of three bytes. */
  private static final int MOST_BYTES = 700 * 1024;

  private static final int MOST_UNPACKED = 64 * 1024 * 1024;

  private MemoryFiles() {}

  static CommitId id(String content) {
    return CommitId.parse(Digest.of(content).hex().substring(0, COMMIT_DIGITS));
  }

  static Optional<GroupName> groupOf(RepoPath file) {
    Matcher matcher = IN_GROUP.matcher(file.value());
    try {
      return matcher.matches() ? Optional.of(GroupName.parse(matcher.group(1))) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  static boolean isGroups(RepoPath folder) {
    return folder.equals(StatusPaths.GROUPS);
  }

  /** Returns a group's files after {@code edit}: of a removed group no more than how it stands. */
  static SortedMap<RepoPath, String> edited(
      GroupName group, Map<RepoPath, String> before, Edit edit) {
    SortedMap<RepoPath, String> files = new TreeMap<>(before);
    files.keySet().removeIf(path -> edit.replaced().stream().anyMatch(path::isWithin));
    files.putAll(edit.files());
    boolean removed = "Removed".equals(edit.trailers().get("Phase"));
    files
        .keySet()
        .removeIf(
            path ->
                removed
                    ? !path.equals(StatusPaths.of(group, StatusPaths.STATUS))
                    : !isKept(group, path));
    List<Integer> attempts =
        files.keySet().stream()
            .map(MemoryFiles::attempt)
            .flatMap(Optional::stream)
            .sorted(Comparator.reverseOrder())
            .skip(ATTEMPTS)
            .toList();
    attempts.forEach(old -> files.remove(StatusPaths.of(group, HistoryFile.path(old))));
    return files;
  }

  private static boolean isKept(GroupName group, RepoPath path) {
    return KEPT.stream().anyMatch(kept -> path.equals(StatusPaths.of(group, kept)))
        || attempt(path).isPresent()
        || path.isWithin(StatusPaths.of(group, RepoPath.parse("declared")));
  }

  private static Optional<Integer> attempt(RepoPath path) {
    Matcher file = IN_GROUP.matcher(path.value());
    if (!file.matches()) {
      return Optional.empty();
    }
    Matcher attempt = HISTORY.matcher(file.group(2));
    return attempt.matches() ? Optional.of(Integer.parseInt(attempt.group(1))) : Optional.empty();
  }

  /** Returns the files as Base64 of their packed form; equal files, equal text. */
  static String pack(SortedMap<RepoPath, String> files) throws RepoException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(new GZIPOutputStream(bytes))) {
      out.writeInt(files.size());
      for (Map.Entry<RepoPath, String> file : files.entrySet()) {
        write(out, file.getKey().value());
        write(out, file.getValue());
      }
    } catch (IOException e) {
      throw new IllegalStateException("memory must be writable", e);
    }
    if (bytes.size() > MOST_BYTES) {
      throw new RepoException(
          ProblemCode.VALUES_TOO_LARGE,
          false,
          "what is to be remembered of the group must have at most "
              + MOST_BYTES
              + " bytes when it is packed; it has "
              + bytes.size()
              + ". Declare the group in Git",
          null);
    }
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }

  private static void write(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  /** As {@link #pack}, back. */
  static SortedMap<RepoPath, String> unpack(String packed) throws RepoException {
    SortedMap<RepoPath, String> files = new TreeMap<>();
    try (DataInputStream in =
        new DataInputStream(
            new GZIPInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(packed))))) {
      int count = in.readInt();
      int left = MOST_UNPACKED;
      for (int i = 0; i < count; i++) {
        String path = read(in, left);
        left -= path.length();
        String text = read(in, left);
        left -= text.length();
        files.put(RepoPath.parse(path), text);
      }
      return files;
    } catch (IOException | IllegalArgumentException e) {
      throw new RepoException(
          ProblemCode.CLUSTER_FAILED,
          false,
          "the Secret with what is remembered of the group must be as Segue wrote it: "
              + e.getMessage(),
          e);
    }
  }

  private static String read(DataInputStream in, int left) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > left) {
      throw new IOException("a length is wrong");
    }
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new IOException("it is cut off");
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
