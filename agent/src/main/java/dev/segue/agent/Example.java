// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.renderer.model.RepoPath;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;

/** The example repository that the jar carries. */
final class Example {
  private static final String FOLDER = "example-repo";

  private Example() {}

  /** Returns its files. */
  static SortedMap<RepoPath, byte[]> files() throws IOException {
    URL folder = Example.class.getClassLoader().getResource(FOLDER + "/README.md");
    if (folder == null) {
      throw new IOException("the example repository is not in the jar");
    }
    try {
      URI uri = folder.toURI();
      if (!uri.getScheme().equals("jar")) {
        return LocalFiles.snapshot(Path.of(uri).getParent());
      }
      try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
        return LocalFiles.snapshot(jar.getPath("/" + FOLDER));
      }
    } catch (URISyntaxException e) {
      throw new IOException("the jar's own address must be a URI", e);
    }
  }
}
