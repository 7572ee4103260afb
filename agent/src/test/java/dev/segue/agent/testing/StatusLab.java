// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.testing;

import dev.segue.agent.git.FolderRepository;
import dev.segue.agent.git.GitAuthor;
import dev.segue.agent.git.GitLimits;
import dev.segue.agent.git.JGitStatusBranch;
import dev.segue.agent.git.RepositoryAddress;
import dev.segue.agent.reconcile.RepoException;
import dev.segue.agent.reconcile.StatusBranch;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.plan.Purpose;
import dev.segue.renderer.status.Attempt;
import dev.segue.renderer.status.AttemptRecord;
import dev.segue.renderer.status.Condition;
import dev.segue.renderer.status.Held;
import dev.segue.renderer.status.HistoryFile;
import dev.segue.renderer.status.ReleaseStatus;
import dev.segue.renderer.status.ReleaseStatus.State;
import dev.segue.renderer.status.StatusFile;
import dev.segue.renderer.status.StatusReport;
import dev.segue.renderer.status.StatusReport.Phase;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A repository with a status branch, and an agent's part in it, played by hand. */
public final class StatusLab implements AutoCloseable {
  public static final String BRANCH = "segue/site-a";
  public static final Instant BEGIN = Instant.parse("2026-11-20T12:00:00Z");

  private final Path folder;
  private final List<StatusBranch> opened = new ArrayList<>();
  private final String caches;
  private Instant now = BEGIN;

  private StatusLab(Path folder, String caches) {
    this.folder = folder;
    this.caches = caches;
  }

  /** Makes an empty repository in {@code folder}. */
  public static StatusLab create(Path folder) throws RepoException {
    FolderRepository.create(
            folder.resolve("product.git"), "main", new GitAuthor("Team", "team@example.com"))
        .close();
    return new StatusLab(folder, "cache-");
  }

  /** The same repository, with openings of its own. */
  public StatusLab again() {
    return new StatusLab(folder, "again-" + opened.size() + "-");
  }

  public String url() {
    return folder.resolve("product.git").toString();
  }

  /** What a command needs to find this repository. */
  public String[] arguments(String... command) {
    List<String> all = new ArrayList<>(List.of(command));
    for (String setting :
        List.of(
            "source.url=" + url(), "cluster.name=site-a", "charts.cache=" + folder + "/cache")) {
      all.add("--set");
      all.add(setting);
    }
    return all.toArray(String[]::new);
  }

  /** Opens the branch once more, with a mirror of its own, as another person's process does. */
  public StatusBranch open(String author) throws RepoException {
    StatusBranch branch =
        JGitStatusBranch.open(
            new RepositoryAddress(
                url(),
                new RepositoryAddress.Branch(BRANCH),
                "",
                new RepositoryAddress.Auth(null, null, null, null, null, null)),
            folder.resolve(caches + opened.size()),
            GitLimits.defaults(),
            BRANCH,
            new GitAuthor(author, "segue@example.com"),
            Clock.fixed(now, ZoneOffset.UTC));
    opened.add(branch);
    return branch;
  }

  /** The next commit of the agent is made an hour later. */
  public void anHourPasses() {
    now = now.plusSeconds(3600);
  }

  /** Has the agent commit a report and what else it writes of that group. */
  public CommitId tell(StatusReport report, Object... files) throws RepoException {
    SortedMap<RepoPath, String> content = new TreeMap<>();
    content.put(file(report.group(), "status.yaml"), StatusFile.write(report));
    for (int i = 0; i < files.length; i += 2) {
      content.put(file(report.group(), (String) files[i]), text(files[i + 1]));
    }
    Map<String, String> trailers = new LinkedHashMap<>();
    trailers.put("Source-Commit", report.commit());
    trailers.put("Group", report.group().value());
    trailers.put("Phase", report.phase().text());
    return write(content, report.group() + ": " + report.phase().text(), trailers);
  }

  /** Has somebody commit these files, by path and text. */
  public CommitId write(
      SortedMap<RepoPath, String> files, String subject, Map<String, String> trailers)
      throws RepoException {
    StatusBranch branch = open("Segue");
    branch.refresh();
    CommitId commit =
        branch
            .commit(newest -> new StatusBranch.Edit(List.of(), files, subject, trailers))
            .orElseThrow();
    branch.close();
    return commit;
  }

  /** Returns a file of a group as the server has it; "" when it is not there. */
  public String read(String group, String file) throws RepoException {
    StatusBranch branch = open("Reader");
    branch.refresh();
    String text = branch.read().read(file(GroupName.parse(group), file)).orElse("");
    branch.close();
    return text;
  }

  /** Every commit of the branch, newest first. */
  public List<StatusBranch.Written> written() throws RepoException {
    List<StatusBranch.Written> all = new ArrayList<>();
    StatusBranch branch = open("Reader");
    branch.refresh();
    branch.find(each -> !all.add(each));
    branch.close();
    return all;
  }

  private static String text(Object content) {
    return content instanceof AttemptRecord record ? HistoryFile.write(record) : (String) content;
  }

  public static RepoPath file(GroupName group, String file) {
    return RepoPath.parse("groups/" + group + "/" + file);
  }

  /** A source commit that ends in zeros. */
  public static String commit(String start) {
    return start + "0".repeat(40 - start.length());
  }

  /** A digest that ends in zeros. */
  public static String digest(String start) {
    return start + "0".repeat(64 - start.length());
  }

  public static Attempt attempt(
      int number, Purpose purpose, Attempt.Result result, String commit, String digest) {
    return new Attempt(
        number, purpose, result, commit(commit), digest(digest), "shop-" + digest + "-" + number);
  }

  public static StatusReport report(
      String group,
      Phase phase,
      Attempt attempt,
      @Nullable Held held,
      Condition.Status ready,
      String reason,
      String message,
      ReleaseStatus... releases) {
    return new StatusReport(
        GroupName.parse(group),
        phase,
        attempt.commit().isEmpty() ? commit("f0") : attempt.commit(),
        "products/" + group + ".yaml:3",
        attempt,
        held,
        List.of(new Condition("Ready", ready, reason, message, "2026-11-20T11:00:00Z")),
        List.of(releases),
        List.of());
  }

  public static ReleaseStatus release(
      String name, String action, State state, String message, String... dependencies) {
    boolean ended = state == State.RELEASED || state == State.FAILED;
    boolean begun = ended || state == State.RUNNING;
    return new ReleaseStatus(
        ReleaseName.parse(name),
        action,
        state,
        name,
        name,
        "1.2.0",
        state == State.RELEASED ? "1.2.0" : "",
        Arrays.stream(dependencies).map(ReleaseName::parse).toList(),
        List.of(),
        begun ? "2026-11-20T10:58:00Z" : "",
        ended ? "2026-11-20T10:59:30Z" : "",
        message);
  }

  /** An attempt as its history tells it, of one release. */
  public static AttemptRecord record(
      String group, Attempt attempt, String plan, String approvedBy, State state, String message) {
    boolean ended = attempt.result() != Attempt.Result.PLANNED;
    return new AttemptRecord(
        GroupName.parse(group),
        attempt,
        attempt.commit(),
        "products/" + group + ".yaml:3",
        digest(plan),
        approvedBy,
        "2026-11-20T10:00:00Z",
        ended ? "2026-11-20T10:00:05Z" : "",
        ended ? "2026-11-20T10:01:35Z" : "",
        message,
        List.of(
            new AttemptRecord.Entry(
                ReleaseName.parse("web"),
                "upgrade",
                "web",
                "1.1.0",
                "1.2.0",
                List.of("chart 1.1.0 → 1.2.0"),
                state,
                ended ? "2026-11-20T10:00:06Z" : "",
                ended ? "2026-11-20T10:01:30Z" : "",
                state == State.FAILED ? message : "")));
  }

  @Override
  public void close() {
    opened.forEach(StatusBranch::close);
    opened.clear();
  }
}
