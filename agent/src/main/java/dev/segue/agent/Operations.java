// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.cli.Actions;
import dev.segue.agent.cli.Console;
import dev.segue.agent.git.GitAuthor;
import dev.segue.agent.operate.Answer;
import dev.segue.agent.operate.Asks;
import dev.segue.agent.operate.Format;
import dev.segue.agent.operate.History;
import dev.segue.agent.operate.Overview;
import dev.segue.agent.operate.RefusedException;
import dev.segue.agent.reconcile.RepoException;
import dev.segue.agent.reconcile.StatusBranch;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.ProblemCode;
import java.time.Clock;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The commands that work through the status branch alone: no cluster is touched. */
final class Operations {
  private final AgentConfig config;
  private final Console console;
  private final Clock clock;

  Operations(AgentConfig config, Console console, Clock clock) {
    this.config = config;
    this.console = console;
    this.clock = clock;
  }

  int status(Actions.Question question) {
    String name = config.status().branch();
    return answer(
        branch ->
            new Overview(branch, name, clock)
                .of(question.groups(), question.why(), question.at(), format(question.output())));
  }

  int history(GroupName group, int most, Actions.Output output) {
    String name = config.status().branch();
    return answer(branch -> new History(branch, name).last(group, most, format(output)));
  }

  int attempt(GroupName group, int number, Actions.Output output) {
    String name = config.status().branch();
    return answer(branch -> new History(branch, name).attempt(group, number, format(output)));
  }

  int ask(GroupName group, Actions.Ask ask, @Nullable String given) {
    String by = given == null ? user(console.environment()) : given;
    GitAuthor author;
    try {
      author = new GitAuthor(by.strip(), config.status().authorEmail());
    } catch (IllegalArgumentException e) {
      tell(ProblemCode.CONFIG_INVALID, "option `--by` must be a name: " + e.getMessage());
      return Actions.USAGE;
    }
    return answer(
        author,
        branch -> {
          Asks asks = new Asks(branch, author.name(), clock);
          return new Answer(answer(asks, group, ask) + "\n", true);
        });
  }

  private static String answer(Asks asks, GroupName group, Actions.Ask ask)
      throws RepoException, RefusedException {
    if (ask instanceof Actions.Ask.Approve approve) {
      return asks.approve(group, approve.digest());
    }
    if (ask instanceof Actions.Ask.Rollback rollback) {
      return asks.rollback(group, rollback.to());
    }
    if (ask instanceof Actions.Ask.Suspend) {
      return asks.suspend(group);
    }
    return ask instanceof Actions.Ask.Resume ? asks.resume(group) : asks.retry(group);
  }

  private static String user(Map<String, String> environment) {
    String user = environment.getOrDefault("SEGUE_USER", "").strip();
    return user.isEmpty() ? System.getProperty("user.name", "") : user;
  }

  private Format format(Actions.Output output) {
    return switch (output) {
      case YAML -> Format.YAML;
      case JSON -> Format.JSON;
      case TEXT -> console.coloured() ? Format.COLOURED : Format.TEXT;
    };
  }

  private interface Task {
    Answer on(StatusBranch branch) throws RepoException, RefusedException;
  }

  private int answer(Task task) {
    AgentConfig.Status status = config.status();
    return answer(new GitAuthor(status.authorName(), status.authorEmail()), task);
  }

  private int answer(GitAuthor author, Task task) {
    try (StatusBranch branch = Repositories.statusAlone(config, author, clock)) {
      Answer answer = task.on(branch);
      console.out().print(answer.text());
      return answer.fine() ? 0 : 1;
    } catch (RefusedException e) {
      tell(ProblemCode.REQUEST_REFUSED, e.getMessage());
    } catch (RepoException e) {
      tell(e.code(), e.getMessage());
    }
    return 1;
  }

  private void tell(ProblemCode code, String message) {
    console.err().println(code.id() + ": " + message);
  }
}
