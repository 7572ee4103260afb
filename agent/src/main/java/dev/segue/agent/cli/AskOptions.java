// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.cli;

import dev.segue.renderer.model.GroupName;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which group something is asked of, and who asks. */
final class AskOptions {
  @Mixin private ConfigOptions config = new ConfigOptions();

  @Option(
      names = "--by",
      paramLabel = "NAME",
      description = "who asks (default: SEGUE_USER, or the user of the system)")
  private @Nullable String by;

  @SuppressWarnings("NullAway.Init") // required, so picocli sets it before anything is run
  @Parameters(
      index = "0",
      paramLabel = "GROUP",
      converter = Converters.Group.class,
      description = "the group's name")
  private GroupName group;

  int ask(Actions actions, Actions.Ask ask, Console console) {
    return actions.ask(config.configured(), group, ask, by, console);
  }
}
