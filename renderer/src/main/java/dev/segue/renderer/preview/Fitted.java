// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.preview;

import java.util.ArrayList;
import java.util.List;

/** A text of sections, each in forms of growing length, of which those are taken that fit. */
final class Fitted {
  static final int SHORTEST = 1_000;

  private static final int NAMED = 8;

  private final List<Section> sections = new ArrayList<>();

  /**
   * @param forms the shortest first
   */
  private record Section(String name, List<String> forms) {
    int length(int form) {
      return forms.get(form).length();
    }

    int last() {
      return forms.size() - 1;
    }
  }

  /**
   * Adds a section.
   *
   * @param name what is said of it where it is shortened
   */
  void add(String name, String... forms) {
    sections.add(new Section(name, List.of(forms)));
  }

  /**
   * Returns the text. Every section has its first form before one has its second, and what comes
   * first is taken first.
   */
  String within(int maxCharacters) {
    if (maxCharacters < SHORTEST) {
      throw new IllegalArgumentException("a page must have room for " + SHORTEST + " characters");
    }
    int[] taken = new int[sections.size()];
    int length = sections.stream().mapToInt(section -> section.length(0)).sum();
    int whole = sections.stream().mapToInt(section -> section.length(section.last())).sum();
    int room = whole <= maxCharacters ? maxCharacters : maxCharacters - SHORTEST / 2;
    int longest = sections.stream().mapToInt(section -> section.forms().size()).max().orElse(0);
    for (int form = 1; form < longest; form++) {
      for (int i = 0; i < taken.length; i++) {
        Section section = sections.get(i);
        if (form <= section.last() && taken[i] == form - 1) {
          int longer = length - section.length(form - 1) + section.length(form);
          if (longer <= room) {
            taken[i] = form;
            length = longer;
          }
        }
      }
    }
    StringBuilder text = new StringBuilder();
    List<String> shortened = new ArrayList<>();
    for (int i = 0; i < taken.length; i++) {
      Section section = sections.get(i);
      text.append(section.forms().get(taken[i]));
      if (taken[i] < section.last() && section.length(taken[i]) < section.length(section.last())) {
        shortened.add(section.name());
      }
    }
    return text.append(note(shortened, maxCharacters)).toString();
  }

  private static String note(List<String> shortened, int maxCharacters) {
    if (shortened.isEmpty()) {
      return "";
    }
    String note =
        "\n**Shortened to "
            + maxCharacters
            + " characters.** "
            + shortened.size()
            + (shortened.size() == 1 ? " part is" : " parts are")
            + " left out or shortened: ";
    StringBuilder names = new StringBuilder();
    int named = 0;
    while (named < Math.min(NAMED, shortened.size())) {
      String next = (named == 0 ? "" : ", ") + shortened.get(named);
      if (note.length() + names.length() + next.length() > SHORTEST / 2 - 100) {
        break;
      }
      names.append(next);
      named++;
    }
    return note
        + names
        + (named < shortened.size() ? (named == 0 ? "…" : ", …") : "")
        + ". `segue plan` prints all of it.\n";
  }
}
