// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.parse;

import dev.segue.renderer.model.Approval;
import dev.segue.renderer.model.Deletion;
import dev.segue.renderer.model.DriftPolicy;
import dev.segue.renderer.model.GoDuration;
import dev.segue.renderer.model.Lifecycle;
import dev.segue.renderer.model.OnFailure;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.ReleaseWindow;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads how a group is handled over time. */
final class LifecycleReader {
  private static final int MAX_WINDOWS = 20;
  private static final ZoneId UTC = ZoneId.of("UTC");

  /** Argo counts deadlines in seconds. */
  private static final Duration MIN_DEADLINE = Duration.ofSeconds(1);

  private LifecycleReader() {}

  /** Reads the fields of a group's spec; what is wrong or not there is as by default. */
  static Lifecycle read(FieldReader spec) {
    Lifecycle none = Lifecycle.DEFAULT;
    return new Lifecycle(
        choice(spec, "onFailure", OnFailure.class).orElse(none.onFailure()),
        deletion(spec).orElse(none.deletion()),
        choice(spec, "drift", DriftPolicy.class).orElse(none.drift()),
        choice(spec, "approval", Approval.class).orElse(none.approval()),
        spec.find("suspend").flatMap(Field::flag).orElse(none.suspend()),
        spec.find("windows").map(LifecycleReader::windows).orElse(none.windows()),
        spec.find("deadline").flatMap(LifecycleReader::deadline).orElse(none.deadline()));
  }

  /** Reads {@code deletion}, of a group's spec or of an application. */
  static Optional<Deletion> deletion(FieldReader reader) {
    return choice(reader, "deletion", Deletion.class);
  }

  private static <E extends Enum<E>> Optional<E> choice(
      FieldReader reader, String key, Class<E> type) {
    List<String> words =
        Arrays.stream(type.getEnumConstants())
            .map(constant -> constant.name().toLowerCase(Locale.ROOT))
            .toList();
    return reader
        .find(key)
        .flatMap(field -> field.oneOf(words))
        .map(word -> Enum.valueOf(type, word.toUpperCase(Locale.ROOT)));
  }

  private static Optional<Duration> deadline(Field field) {
    Optional<Duration> deadline = field.duration();
    if (deadline.isPresent() && deadline.get().compareTo(MIN_DEADLINE) < 0) {
      field.report(
          ProblemCode.BAD_DURATION,
          "must be at least "
              + GoDuration.format(MIN_DEADLINE)
              + "; got "
              + Findings.quote(GoDuration.format(deadline.get())),
          "");
      return Optional.empty();
    }
    return deadline;
  }

  private static List<ReleaseWindow> windows(Field field) {
    List<Field> items = field.items();
    if (field.isList() && items.isEmpty()) {
      field.report(
          ProblemCode.BAD_VALUE,
          "must have at least one window",
          "Leave the field out if changes may begin at any time.");
    } else if (items.size() > MAX_WINDOWS) {
      field.report(
          ProblemCode.BAD_VALUE,
          "must have at most " + MAX_WINDOWS + " windows; got " + items.size(),
          "");
      return List.of();
    }
    return items.stream()
        .flatMap(item -> item.object().stream())
        .flatMap(reader -> window(reader).stream())
        .toList();
  }

  private static Optional<ReleaseWindow> window(FieldReader reader) {
    Optional<String> schedule =
        reader
            .require("schedule")
            .flatMap(field -> field.parsed(ProblemCode.BAD_SCHEDULE, ReleaseWindow::checkSchedule));
    Optional<Duration> duration = reader.require("duration").flatMap(LifecycleReader::openFor);
    Optional<Field> zone = reader.find("timeZone");
    Optional<ZoneId> timeZone =
        zone.isPresent() ? zone.flatMap(LifecycleReader::zone) : Optional.of(UTC);
    reader.finish();
    return schedule.flatMap(
        s -> duration.flatMap(d -> timeZone.map(z -> new ReleaseWindow(s, d, z))));
  }

  private static Optional<Duration> openFor(Field field) {
    Optional<Duration> duration = field.duration();
    if (duration.isPresent()
        && (duration.get().compareTo(ReleaseWindow.MIN_DURATION) < 0
            || duration.get().compareTo(ReleaseWindow.MAX_DURATION) > 0)) {
      field.report(
          ProblemCode.BAD_DURATION,
          "must be from "
              + GoDuration.format(ReleaseWindow.MIN_DURATION)
              + " to "
              + GoDuration.format(ReleaseWindow.MAX_DURATION)
              + "; got "
              + Findings.quote(GoDuration.format(duration.get())),
          "");
      return Optional.empty();
    }
    return duration;
  }

  /** Only names that stand in the database: "+02:00" and "CET+1" know no daylight saving. */
  private static Optional<ZoneId> zone(Field field) {
    Optional<String> name = field.text();
    Set<String> known = ZoneId.getAvailableZoneIds();
    if (name.isPresent() && !known.contains(name.get())) {
      field.report(
          ProblemCode.BAD_TIME_ZONE,
          "must be a time zone of the IANA database; got " + Findings.quote(name.get()),
          Findings.didYouMean(name.get(), known, "Write it as in \"Europe/Berlin\" or \"UTC\"."));
      return Optional.empty();
    }
    return name.map(ZoneId::of);
  }
}
