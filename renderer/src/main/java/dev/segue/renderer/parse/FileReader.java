// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.parse;

import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Origin;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.SourceFile;
import dev.segue.renderer.yaml.YamlFault;
import dev.segue.renderer.yaml.YamlNode;
import dev.segue.renderer.yaml.YamlReader;
import dev.segue.renderer.yaml.YamlStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads one file: finds the documents that are ours and gives each the faults of its part. */
final class FileReader {
  /**
   * @param problems of what is no group
   */
  record Content(List<Draft> drafts, List<Problem> problems) {}

  private final SourceFile file;
  private final List<Draft> drafts = new ArrayList<>();
  private final Findings strays;

  private FileReader(SourceFile file) {
    this.file = file;
    this.strays = new Findings(file.path().value());
  }

  static Content read(SourceFile file) {
    FileReader reader = new FileReader(file);
    YamlStream stream = YamlReader.read(file.text());
    Segment.of(file.text()).forEach(segment -> reader.read(segment, stream));
    return new Content(reader.drafts, reader.strays.problems());
  }

  private void read(Segment segment, YamlStream stream) {
    List<YamlFault> faults =
        stream.faults().stream()
            .filter(fault -> fault.line() == 0 || segment.contains(fault.line()))
            .toList();
    List<YamlNode> documents =
        stream.documents().stream().filter(node -> segment.contains(node.line())).toList();
    List<YamlNode.Mapping> ours =
        documents.stream()
            .filter(YamlNode.Mapping.class::isInstance)
            .map(YamlNode.Mapping.class::cast)
            .filter(DocumentReader::isOurs)
            .toList();
    for (YamlNode.Mapping document : ours) {
      Findings findings = new Findings(file.path().value());
      faults.forEach(findings::add);
      drafts.add(DocumentReader.read(document, file.path(), findings));
    }
    if (ours.isEmpty() && !faults.isEmpty()) {
      readBroken(segment, faults, documents.isEmpty());
    }
  }

  private void readBroken(Segment segment, List<YamlFault> faults, boolean unread) {
    if (segment.isOurs()) {
      Findings findings = new Findings(file.path().value());
      faults.forEach(findings::add);
      drafts.add(
          new Draft(
              nameIn(segment),
              new Origin(file.path(), segment.firstLine()),
              Optional.empty(),
              List.of(),
              findings));
    } else if (unread && !segment.isTemplate()) {
      faults.forEach(strays::add);
    }
  }

  private static Optional<GroupName> nameIn(Segment segment) {
    try {
      return segment.guessedName().map(GroupName::parse);
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // a guess that is no name is no name
    }
  }
}
