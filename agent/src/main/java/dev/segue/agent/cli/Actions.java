// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.cli;

import dev.segue.renderer.model.GroupName;
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
   * What of a change is to be foreseen.
   *
   * @param groups empty for all
   * @param repository in the clone; null for the working folder
   * @param from the revision that everything was released at; null for what is at the site
   * @param to the revision that is to be released; {@code .} for the files as they are
   * @param site the cluster's name; null for the configured one, or the only one there is
   * @param allSites every site whose status branch is there
   * @param live to start from the cluster itself
   * @param limit the most characters of Markdown
   */
  record PlanQuestion(
      List<GroupName> groups,
      @Nullable Path repository,
      @Nullable String from,
      String to,
      @Nullable String site,
      boolean allSites,
      boolean live,
      PlanOutput output,
      PlanDetail detail,
      int limit) {
    public PlanQuestion {
      groups = List.copyOf(groups);
    }
  }

  /** How a plan is written. */
  enum PlanOutput {
    TEXT,
    MARKDOWN,
    YAML,
    JSON
  }

  /** How much of a plan is written. */
  enum PlanDetail {
    OBJECTS,
    CHANGES,
    ALL
  }

  /** Something would change. */
  int CHANGES = 10;

  /** Prints what the agent would do; {@link #CHANGES} when that is something. */
  int plan(Configured configured, PlanQuestion question, Console console);

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

  /** Prints the effective configuration. */
  int config(Configured configured, Console console);

  /** Prints every problem of these files and folders. */
  int validate(List<Path> paths, Console console);

  /**
   * Prints what a file may say.
   *
   * @param crd as a CustomResourceDefinition in YAML; else as a JSON Schema
   */
  int schema(boolean crd, Console console);

  /**
   * Writes everything that a first release of the groups in {@code path} comes to.
   *
   * @param repository the folder that chart paths are relative to; null to find it
   */
  int render(
      Path path, @Nullable Path repository, Path output, Configured configured, Console console);

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

  /**
   * Shows a product's life on the embedded cluster.
   *
   * @param folder where the repository is made; null for a new temporary one
   * @param speed simulated seconds for each real one
   */
  int demo(@Nullable Path folder, int speed, Console console);
}
