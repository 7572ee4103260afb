// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.git;

import static dev.segue.agent.git.JGitSourceRepoTest.assertFailure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.agent.git.RemoteRepository.Item;
import dev.segue.agent.git.RepositoryAddress.Branch;
import dev.segue.agent.reconcile.RepoTree;
import dev.segue.agent.reconcile.RepoTree.Entry;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.RepoPath;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.TreeFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JGitRepoTreeTest {
  @TempDir private Path temp;
  private RemoteRepository remote;
  private JGitSourceRepo repo;

  @BeforeEach
  void open() throws Exception {
    remote = RemoteRepository.create(temp.resolve("remote.git"));
    RepositoryAddress address = JGitSourceRepoTest.address(remote.url(), new Branch("main"));
    repo = JGitSourceRepo.open(address, temp.resolve("cache"), GitLimits.defaults());
  }

  @AfterEach
  void close() {
    repo.close();
    remote.close();
  }

  @Test
  void listsTheFilesBelowAFolder() throws Exception {
    RepoTree tree =
        commit(
            Map.of(
                "charts/web/Chart.yaml", remote.file("name: web"),
                "charts/web/templates/a.yaml", remote.file("a"),
                "charts/web/run.sh", remote.executable("#!"),
                "charts/web2/Chart.yaml", remote.file("other"),
                "README.md", remote.file("hello")));
    assertThat(tree.list(path("charts/web")))
        .containsExactly(
            new Entry(path("charts/web/Chart.yaml"), 9, false),
            new Entry(path("charts/web/run.sh"), 2, true),
            new Entry(path("charts/web/templates/a.yaml"), 1, false));
    assertThat(tree.list(RepoPath.ROOT)).hasSize(5);
    assertThat(tree.list(path("charts/none"))).isEmpty();
    assertThat(tree.list(path("README.md"))).isEmpty();
    assertThat(tree.list(path("README.md/below"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "products               | products/a.yaml products/b.yml products/notes.txt products/x/c.yaml",
        "products/*.yaml        | products/a.yaml",
        "products/**/*.yaml     | products/a.yaml products/x/c.yaml",
        "**/*.yaml              | products/a.yaml products/x/c.yaml top.yaml",
        "*.{yaml,yml}           | top.yaml",
        "products/?.y*ml        | products/a.yaml products/b.yml",
        "products/x/c.yaml      | products/x/c.yaml",
        "./products/x/          | products/x/c.yaml",
        "prod*                  | ''",
        "nowhere/**             | ''",
        ".                      | products/a.yaml products/b.yml products/notes.txt products/x/c.yaml top.yaml",
      })
  void findsByGlobOrFolder(String glob, String expected) throws Exception {
    RepoTree tree =
        commit(
            Map.of(
                "products/a.yaml", remote.file("a"),
                "products/b.yml", remote.file("b"),
                "products/notes.txt", remote.file("n"),
                "products/x/c.yaml", remote.file("c"),
                "top.yaml", remote.file("t")));
    assertThat(tree.find(List.of(glob)).stream().map(each -> each.path().value()))
        .containsExactly(expected.isEmpty() ? new String[0] : expected.split(" "));
  }

  @Test
  void findsEachFileOnceInOrder() throws Exception {
    RepoTree tree = commit(Map.of("b.yaml", remote.file("b"), "a/x.yaml", remote.file("a")));
    assertThat(tree.find(List.of("b.yaml", "a", "**/*.yaml", "*.yaml")))
        .extracting(each -> each.path().value())
        .containsExactly("a/x.yaml", "b.yaml");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/etc/*", "../x", "a/../../b", "a\\b", "[a-z]", "{a", "a}", "{a,{b}}"})
  void refusesAGlobThatIsNone(String glob) throws Exception {
    RepoTree tree = commit(Map.of("a.yaml", remote.file("a")));
    assertFailure(
        () -> tree.find(List.of(glob)), ProblemCode.CONFIG_INVALID, "a glob must", "\"" + glob);
  }

  @Test
  void knowsEqualContentByItsId() throws Exception {
    RepoTree one =
        commit(Map.of("charts/web/a", remote.file("a"), "charts/db/b", remote.file("b")));
    RepoTree two = commit(Map.of("charts/db/b", remote.file("changed")));
    assertThat(two.objectId(path("charts/web"))).isEqualTo(one.objectId(path("charts/web")));
    assertThat(two.objectId(path("charts/db"))).isNotEqualTo(one.objectId(path("charts/db")));
    assertThat(one.objectId(path("charts/none"))).isEmpty();
    assertThat(one.objectId(RepoPath.ROOT)).isPresent();
  }

  @Test
  void reportsAFileThatIsNotThere() throws Exception {
    RepoTree tree = commit(Map.of("a/b.yaml", remote.file("b")));
    for (String each : List.of("nothing", "a", "a/b.yaml/c")) {
      assertFailure(
          () -> tree.read(path(each), 10),
          ProblemCode.REPOSITORY_FILE_NOT_FOUND,
          "\"" + each + "\" must be a file");
    }
  }

  @Test
  void refusesAHugeFileWithoutLoadingIt() throws Exception {
    byte[] huge = new byte[100 << 20];
    RepoTree tree = commit(Map.of("huge.yaml", remote.file(huge), "a.yaml", remote.file("12345")));
    assertFailure(
        () -> tree.read(path("huge.yaml"), 1 << 20),
        ProblemCode.REPOSITORY_FILE_TOO_LARGE,
        "\"huge.yaml\" must not be larger than 1048576 bytes; it has 104857600");
    assertThat(tree.find(List.of("huge.yaml")).get(0).size()).isEqualTo(huge.length);
    assertThat(tree.read(path("a.yaml"), 5)).hasSize(5);
    assertFailure(
        () -> tree.read(path("a.yaml"), 4), ProblemCode.REPOSITORY_FILE_TOO_LARGE, "it has 5");
  }

  @Test
  void refusesAnLfsPointer() throws Exception {
    RepoTree tree =
        commit(
            Map.of(
                "a.yaml",
                remote.file(
                    "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n")));
    assertFailure(
        () -> tree.read(path("a.yaml"), 1000),
        ProblemCode.REPOSITORY_LFS_POINTER,
        "\"a.yaml\" must not be kept in Git LFS");
  }

  @Test
  void namesASymbolicLink() throws Exception {
    RepoTree tree =
        commit(
            Map.of(
                "charts/web/values.yaml", remote.link("/etc/passwd"),
                "charts/linked", remote.link("web"),
                "products/a.yaml", remote.link("../b.yaml"),
                "products/b.yaml", remote.file("b")));
    ProblemCode link = ProblemCode.REPOSITORY_SYMBOLIC_LINK;
    assertFailure(() -> tree.list(path("charts/web")), link, "\"charts/web/values.yaml\" must not");
    assertFailure(() -> tree.list(path("charts/linked")), link, "\"charts/linked\"");
    assertFailure(() -> tree.read(path("charts/linked/x"), 10), link, "\"charts/linked\"");
    assertFailure(() -> tree.find(List.of("charts/linked/*.yaml")), link, "\"charts/linked\"");
    assertFailure(() -> tree.find(List.of("charts/linked")), link, "\"charts/linked\"");
    assertFailure(() -> tree.objectId(path("charts/linked/x")), link, "\"charts/linked\"");

    // One bad product does not hide the good one.
    assertThat(tree.find(List.of("products")))
        .extracting(each -> each.path().value())
        .containsExactly("products/a.yaml", "products/b.yaml");
    assertFailure(() -> tree.read(path("products/a.yaml"), 10), link, "\"products/a.yaml\"");
    assertThat(tree.find(List.of("products/a.yaml"))).hasSize(1);
  }

  @Test
  void namesASubmodule() throws Exception {
    RepoTree tree =
        commit(Map.of("charts/web/dep", remote.submodule(), "charts/web/a", remote.file("a")));
    ProblemCode submodule = ProblemCode.REPOSITORY_SUBMODULE;
    assertFailure(() -> tree.list(path("charts/web")), submodule, "\"charts/web/dep\" must not");
    assertFailure(() -> tree.list(path("charts/web/dep/x")), submodule, "\"charts/web/dep\"");
    assertFailure(() -> tree.read(path("charts/web/dep"), 10), submodule, "\"charts/web/dep\"");
    assertFailure(() -> tree.find(List.of("charts/web/dep/*")), submodule, "\"charts/web/dep\"");
    assertThat(tree.find(List.of("**/a"))).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\\b.yaml", "bell\u0007.yaml", "..", ".", "line\nbreak.yaml"})
  void saysWhichNameIsUnacceptable(String name) throws Exception {
    RepoTree tree = oddTree(name.getBytes(StandardCharsets.UTF_8));
    assertBadName(tree);
  }

  @Test
  void saysThatANameIsNotUtf8() throws Exception {
    assertBadName(oddTree(new byte[] {'a', (byte) 0xff, (byte) 0xfe}));
  }

  private static void assertBadName(RepoTree tree) {
    assertFailure(
        () -> tree.list(path("products")),
        ProblemCode.REPOSITORY_BAD_PATH,
        "the name \"products/",
        "rename it");
    assertFailure(() -> tree.find(List.of("products")), ProblemCode.REPOSITORY_BAD_PATH, "rename");
    assertThat(callFind(tree, "*.md")).isEmpty();
  }

  private static List<Entry> callFind(RepoTree tree, String glob) {
    try {
      return tree.find(List.of(glob));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void survivesATreeThatIsNone() throws Exception {
    ObjectId garbage = remote.insert(Constants.OBJ_TREE, new byte[0]);
    remote.commitTree("main", garbage, null);
    assertThat(repo.poll().list(RepoPath.ROOT)).isEmpty();
  }

  @Test
  void isNotBlownUpByATreeThatRepeatsItself() throws Exception {
    ObjectId inner = remote.file("x").id();
    FileMode mode = FileMode.REGULAR_FILE;
    for (int level = 0; level < 12; level++) {
      TreeFormatter tree = new TreeFormatter();
      for (int i = 0; i < 10; i++) {
        tree.append("f" + i, mode, inner);
      }
      inner = remote.insert(Constants.OBJ_TREE, tree.toByteArray());
      mode = FileMode.TREE;
    }
    remote.commitTree("main", inner, null);
    RepoTree tree = repo.poll();
    assertFailure(
        () -> tree.list(RepoPath.ROOT),
        ProblemCode.REPOSITORY_FILE_TOO_LARGE,
        "must not hold more than 200000 files");
  }

  @Test
  void readsTenThousandFilesByPath() throws Exception {
    Map<String, Item> items = new TreeMap<>();
    for (int i = 0; i < 10_000; i++) {
      items.put("d" + i % 100 + "/f" + i, remote.file("same"));
    }
    RepoTree tree = commit(items);
    assertThat(tree.find(List.of("**"))).hasSize(10_000);
    assertThat(tree.list(path("d7"))).hasSize(100);
  }

  private RepoTree commit(Map<String, Item> items) throws Exception {
    remote.commit("main", items);
    return repo.poll();
  }

  private RepoTree oddTree(byte[] name) throws Exception {
    ByteArrayOutputStream raw = new ByteArrayOutputStream();
    writeEntry(raw, "100644 ", name, remote.file("odd").id());
    ObjectId folder = remote.insert(Constants.OBJ_TREE, raw.toByteArray());
    TreeFormatter root = new TreeFormatter();
    root.append("products", FileMode.TREE, folder);
    remote.commitTree("main", remote.insert(Constants.OBJ_TREE, root.toByteArray()), null);
    return repo.poll();
  }

  private static void writeEntry(ByteArrayOutputStream out, String mode, byte[] name, ObjectId id)
      throws IOException {
    out.write(mode.getBytes(StandardCharsets.US_ASCII));
    out.write(name);
    out.write(0);
    byte[] bytes = new byte[20];
    id.copyRawTo(bytes, 0);
    out.write(bytes);
  }

  private static RepoPath path(String path) {
    return new RepoPath(path);
  }
}
