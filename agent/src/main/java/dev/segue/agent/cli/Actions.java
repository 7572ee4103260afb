// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.cli;

import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.preview.Detail;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the commands do. Each returns an exit code: 0 fine, 1 problems, refusals or not everything
 * released, 2 unusable configuration.
 */
public interface Actions {
  int USAGE = 2;

  /**
   * How the configuration is found.
   *
   * @param file null for {@code SEGUE_CONFIG} or {@code segue.yaml} in the working folder
   * @param settings by dotted key; they win over everything
   */
  record Configured(@Nullable Path file, Map<String, String> settings) {}

  /** How an answer is written: for people, or for machines. */
  enum Output {
    TEXT,
    YAML,
    JSON
  }

  /** How an order is drawn. */
  enum Drawing {
    TEXT,
    MERMAID,
    DOT,
    JSON,
    YAML
  }

  /**
   * Which orders are drawn.
   *
   * @param repository the folder that chart paths are relative to; null to find it
   * @param failing releases, to show what would follow if they failed; may be empty
   */
  record Order(
      List<Path> paths, @Nullable Path repository, List<ReleaseName> failing, Drawing drawing) {
    public Order {
      paths = List.copyOf(paths);
      failing = List.copyOf(failing);
    }
  }

  /**
   * Which files of others are written as ours.
   *
   * @param name of a Helmfile's group; null for that of its folder
   * @param repository the folder that chart paths are relative to; null to find it
   * @param output a new file; null for standard output
   */
  record Migrated(
      List<Path> files,
      @Nullable GroupName name,
      @Nullable Path repository,
      @Nullable Path output) {
    public Migrated {
      files = List.copyOf(files);
    }
  }

  /**
   * How a first file is made.
   *
   * @param name of the group; null to take that of the folder or namespace
   * @param namespace where charts go to or HelmReleases are; null for the default
   * @param repository the folder that chart paths are relative to; null to find it
   * @param output a new file; null for standard output
   */
  record First(
      @Nullable GroupName name,
      @Nullable Namespace namespace,
      @Nullable Path repository,
      @Nullable Path output) {}

  /** What people ask of a group. */
  sealed interface Ask {
    /**
     * The plan that waits may begin.
     *
     * @param digest the first digits of its digest, twelve at least
     */
    record Approve(String digest) implements Ask {}

    /** Nothing is to begin. */
    record Suspend() implements Ask {}

    /** Things may begin again. */
    record Resume() implements Ask {}

    /** What failed is to be tried again. */
    record Retry() implements Ask {}

    /**
     * It is to go back.
     *
     * @param to the first digits of a source commit, seven at least
     */
    record Rollback(String to) implements Ask {}
  }

  /**
   * Which groups are asked about.
   *
   * @param groups empty for all, without their releases
   * @param why whether to say what is waited for
   * @param at a time as {@link java.time.Instant} writes it, or the first digits of a commit, seven
   *     at least; null for now
   */
  record Question(List<GroupName> groups, boolean why, @Nullable String at, Output output) {
    public Question {
      groups = List.copyOf(groups);
    }
  }

  /**
   * What is to be rendered.
   *
   * @param path a file or folder that declares groups
   * @param repository the folder that chart paths are relative to, or one in the clone; null to
   *     find it
   * @param output a new or empty folder; null for standard output
   * @param to the revision of the clone to take the files of; null for the files as they are,
   *     wherever they lie
   * @param cluster see {@link PlanQuestion}; null without a revision
   */
  record Rendering(
      Path path,
      @Nullable Path repository,
      @Nullable Path output,
      @Nullable String to,
      @Nullable String cluster) {}

  /**
   * What of a change is to be foreseen.
   *
   * @param groups empty for all
   * @param repository in the clone; null for the working folder
   * @param from the revision that everything was released at; null for what is at the site
   * @param to the revision that is to be released; {@code .} for the files as they are
   * @param cluster its name; null for the configured one, or the only one there is
   * @param allClusters every one whose status branch is there
   * @param live to start from the cluster itself
   * @param limit the most characters of Markdown
   */
  record PlanQuestion(
      List<GroupName> groups,
      @Nullable Path repository,
      @Nullable String from,
      String to,
      @Nullable String cluster,
      boolean allClusters,
      boolean live,
      Page output,
      Detail detail,
      int limit) {
    public PlanQuestion {
      groups = List.copyOf(groups);
    }
  }

  /** Something would change. */
  int CHANGES = 10;

  /** Prints what the agent would do; {@link #CHANGES} when that is something. */
  int plan(Configured configured, PlanQuestion question, Console console);

  /** Whose charts are looked at. */
  enum Charts {
    NONE,
    /** Those in the repository. */
    LOCAL,
    /** Those of Helm repositories and registries too. */
    ALL
  }

  /** What is asked of the images of rendered objects. */
  enum Images {
    /** Nothing: people are warned of those that may change. */
    UNSAID,
    TAG,
    DIGEST
  }

  /** How problems are told. */
  enum Report {
    TEXT,
    JSON,
    SARIF,
    JUNIT
  }

  /**
   * What is looked at besides the files.
   *
   * @param repository the folder that chart paths are relative to; null to find it
   * @param schemas folders of JSON Schemas of Kubernetes' objects
   * @param crds files and folders of CustomResourceDefinitions
   */
  record Checks(
      @Nullable Path repository,
      Charts charts,
      Images images,
      List<Path> schemas,
      List<Path> crds,
      Report report) {
    public Checks {
      schemas = List.copyOf(schemas);
      crds = List.copyOf(crds);
    }
  }

  /** How a page for reviewers is written. */
  enum Page {
    TEXT,
    YAML,
    JSON,
    MARKDOWN
  }

  /**
   * What is rehearsed.
   *
   * @param groups empty for all with which something would be done
   * @param repository in the clone; null for the working folder
   * @param to the revision that is to be released; {@code .} for the files as they are
   * @param cluster null for the configured one, or the only one there is
   * @param failing the releases that fail, one in each case
   * @param each whether every release fails once
   */
  record Rehearsal(
      List<GroupName> groups,
      @Nullable Path repository,
      String to,
      @Nullable String cluster,
      List<String> failing,
      boolean each,
      Page page) {
    public Rehearsal {
      groups = List.copyOf(groups);
      failing = List.copyOf(failing);
    }
  }

  /** Runs until it is told to end. */
  int agent(Configured configured, Console console);

  /**
   * Makes one pass and waits until every group is released or will not be without somebody's doing.
   */
  int sync(Configured configured, Duration timeout, Console console);

  /** Prints how groups stand; 1 when one is not as it is wanted. */
  int status(Configured configured, Question question, Console console);

  /** Prints the last attempts of a group, newest first, {@code most} at most. */
  int history(Configured configured, GroupName group, int most, Output output, Console console);

  /** Prints one attempt of a group. */
  int attempt(Configured configured, GroupName group, int number, Output output, Console console);

  /**
   * Asks something of a group; 1 when that is refused.
   *
   * @param by who asks; null for the user of the system
   */
  int ask(Configured configured, GroupName group, Ask ask, @Nullable String by, Console console);

  /**
   * Prints what a commit would do on the embedded cluster, and what would happen if a release
   * failed; 1 when a case ends otherwise than it is to.
   */
  int rehearse(Configured configured, Rehearsal rehearsal, Console console);

  /** Prints the effective configuration. */
  int config(Configured configured, Console console);

  /** Prints everything that is wrong with these files and folders. */
  int validate(List<Path> paths, Checks checks, Configured configured, Console console);

  /**
   * Prints what a file may say.
   *
   * @param crd as a CustomResourceDefinition in YAML; else as a JSON Schema
   */
  int schema(boolean crd, Console console);

  /** Writes everything that a first release of groups comes to. */
  int render(Rendering asked, Configured configured, Console console);

  /**
   * Proves for applications in {@code paths} that the releases of their sub-charts together are the
   * chart; 1 when one is not.
   *
   * @param repository the folder that chart paths are relative to; null to find it
   * @param all those without `subcharts` too
   */
  int verifySplit(
      List<Path> paths,
      @Nullable Path repository,
      boolean all,
      Output output,
      Configured configured,
      Console console);

  /** Draws the order in which groups are released. */
  int graph(Order order, Configured configured, Console console);

  /** Writes files of others as ours. */
  int migrate(Migrated migrated, Console console);

  /** Writes a first file for the charts in a folder. */
  int init(Path folder, First first, Console console);

  /**
   * Writes a first file for the HelmReleases of a cluster.
   *
   * @param kubeconfig null for that of the environment
   * @param context null for the current one
   */
  int initFromCluster(
      @Nullable Path kubeconfig, @Nullable String context, First first, Console console);

  /**
   * Shows a product's life on the embedded cluster.
   *
   * @param folder where the repository is made; null for a new temporary one
   * @param speed simulated seconds for each real one
   */
  int demo(@Nullable Path folder, int speed, Console console);
}
