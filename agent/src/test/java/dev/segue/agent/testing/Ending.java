// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.Labels;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.status.AttemptRecord;
import dev.segue.renderer.status.HistoryFile;
import dev.segue.renderer.status.StatusReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How a group ended and what was done for it, without the times.
 *
 * @param status phase, reason and attempt
 * @param workflows attempt and purpose of each Workflow that was ever begun, in that order
 * @param actions what Helm did, in order
 * @param history how each attempt ended, by its number
 * @param told the first lines of the commits that tell of the group
 */
public record Ending(
    String status,
    List<String> workflows,
    List<String> actions,
    Map<Integer, String> history,
    List<String> told) {

  /** Reads it, and holds it to what is so after any story. */
  public static Ending of(ReleaseLab lab, String group) {
    List<Manifest> workflows = lab.objects(group, "Workflow");
    List<String> begun =
        workflows.stream()
            .map(w -> w.label(Labels.ATTEMPT).orElse("") + " " + w.label(Labels.PURPOSE).orElse(""))
            .sorted()
            .toList();
    StatusReport report = lab.status(group);
    Ending ending =
        new Ending(
            report.phase()
                + " "
                + report.ready().reason()
                + ", attempt "
                + report.attempt().number()
                + " "
                + report.attempt().result(),
            begun,
            lab.events().stream()
                .filter(line -> line.contains("release " + group + "."))
                .filter(line -> line.matches(".* (install|upgrade) of .*|.* uninstall$"))
                .map(line -> line.replaceFirst(".* release ", ""))
                .toList(),
            history(lab, group, report.attempt().number()),
            lab.statusCommits().stream()
                .map(message -> message.lines().findFirst().orElse(""))
                .filter(subject -> subject.startsWith(group + ": "))
                .toList());
    ending.check(lab, workflows);
    return ending;
  }

  private static Map<Integer, String> history(ReleaseLab lab, String group, int last) {
    Map<Integer, String> history = new TreeMap<>();
    for (int number = 1; number <= last; number++) {
      history.put(
          number,
          lab.statusFile("groups/" + group + "/history/" + number + ".yaml")
              .flatMap(HistoryFile::read)
              .map(Ending::end)
              .orElse("lost"));
    }
    return history;
  }

  private static String end(AttemptRecord attempt) {
    return attempt.attempt().purpose()
        + " "
        + attempt.attempt().result()
        + (attempt.finishedAt().isEmpty() ? "" : ", with its end");
  }

  private void check(ReleaseLab lab, List<Manifest> objects) {
    assertThat(workflows.stream().map(w -> w.replaceFirst(" .*", "")))
        .as("one Workflow per attempt")
        .doesNotHaveDuplicates();
    assertThat(lab.events().stream().filter(line -> line.matches(".* workflow .* Running")))
        .as("no Workflow is begun again under the same name")
        .doesNotHaveDuplicates();
    assertThat(history.values()).as("no status is lost").allMatch(end -> end.endsWith("its end"));
    assertThat(told).as("nothing is told twice").doesNotHaveDuplicates();
    Map<String, Long> steps =
        objects.stream()
            .flatMap(workflow -> lab.tasks(workflow).stream())
            .map(task -> task.replaceFirst("^[A-Z][a-z]*-", ""))
            .collect(Collectors.groupingBy(task -> task, TreeMap::new, Collectors.counting()));
    List<String> tooOften = new ArrayList<>();
    actions.stream()
        .filter(action -> !action.endsWith("uninstall")) // a story may delete one by hand
        .map(action -> action.replaceFirst(" .*", "").replaceFirst("^[^.]*[.]", ""))
        .collect(Collectors.groupingBy(release -> release, TreeMap::new, Collectors.counting()))
        .forEach(
            (release, count) -> {
              if (count > steps.getOrDefault(release, 0L)) {
                tooOften.add(release + " " + count + " times");
              }
            });
    assertThat(tooOften).as("no release is given to Helm twice for one attempt").isEmpty();
  }
}
