// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReleaseWindowTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final ZoneId UTC = ZoneId.of("UTC");

  private static ReleaseWindow berlin(String schedule, String duration) {
    return new ReleaseWindow(schedule, GoDuration.parse(duration), BERLIN);
  }

  private static Instant at(String time) {
    return Instant.parse(time);
  }

  @ParameterizedTest(name = "{0}: {2}")
  @CsvSource({
    "before the opening, 2026-11-20T20:59:59.999999999Z, false",
    "the very opening, 2026-11-20T21:00:00Z, true",
    "a nanosecond later, 2026-11-20T21:00:00.000000001Z, true",
    "midnight, 2026-11-20T23:00:00Z, true",
    "on Saturday still, 2026-11-21T00:59:59.999999999Z, true",
    "the very end, 2026-11-21T01:00:00Z, false",
    "Saturday evening, 2026-11-21T21:30:00Z, false",
    "Monday evening, 2026-11-23T21:30:00Z, true"
  })
  void isOpenFromItsOpeningUntilItsDurationIsOver(String name, Instant now, boolean open) {
    assertThat(berlin("0 22 * * 1-5", "4h").isOpen(now)).isEqualTo(open);
  }

  @ParameterizedTest(name = "{0}: {2}")
  @CsvSource({
    "spring: opened before, 2026-03-29T00:30:00Z, true",
    "spring: the clock goes forward, 2026-03-29T01:00:00Z, true",
    "spring: four hours are four hours, 2026-03-29T04:29:59Z, true",
    "spring: over, 2026-03-29T04:30:00Z, false",
    "autumn: opened before, 2026-10-24T23:30:00Z, true",
    "autumn: four hours are four hours, 2026-10-25T03:29:59Z, true",
    "autumn: over, 2026-10-25T03:30:00Z, false"
  })
  void staysOpenForItsDurationWhileTheClockIsChanged(String name, Instant now, boolean open) {
    assertThat(berlin("30 1 * * *", "4h").isOpen(now)).isEqualTo(open);
  }

  @Test
  void doesNotOpenAtATimeThatTheClockSkips() {
    ReleaseWindow window = berlin("30 2 * * *", "1h");
    assertThat(window.isOpen(at("2026-03-28T01:30:00Z"))).isTrue();
    assertThat(window.isOpen(at("2026-03-29T01:00:00Z"))).isFalse();
    assertThat(window.isOpen(at("2026-03-29T01:30:00Z"))).isFalse();
    assertThat(window.opens(at("2026-03-28T01:30:00Z"))).contains(at("2026-03-30T00:30:00Z"));
  }

  @Test
  void opensTwiceAtATimeThatTheClockShowsTwice() {
    ReleaseWindow window = berlin("30 2 * * *", "10m");
    assertThat(window.isOpen(at("2026-10-25T00:30:00Z"))).isTrue();
    assertThat(window.isOpen(at("2026-10-25T00:40:00Z"))).isFalse();
    assertThat(window.isOpen(at("2026-10-25T01:30:00Z"))).isTrue();
    assertThat(window.opens(at("2026-10-25T00:00:00Z"))).contains(at("2026-10-25T00:30:00Z"));
    assertThat(window.opens(at("2026-10-25T00:30:00Z"))).contains(at("2026-10-25T01:30:00Z"));
    assertThat(window.opens(at("2026-10-25T01:30:00Z"))).contains(at("2026-10-26T01:30:00Z"));
  }

  @ParameterizedTest
  @CsvSource({
    "0 22 * * 1-5, 2026-11-20T20:59:59.5Z, 2026-11-20T21:00:00Z",
    "0 22 * * 1-5, 2026-11-20T21:00:00Z, 2026-11-23T21:00:00Z",
    "0 12 29 2 *, 2026-11-20T21:00:00Z, 2028-02-29T11:00:00Z",
    "30 2 31 3 *, 2023-04-01T00:00:00Z, 2025-03-31T00:30:00Z",
    "0 22 * * 1-5, 2026-10-24T00:00:00Z, 2026-10-26T21:00:00Z"
  })
  void saysWhenItOpensNext(String schedule, Instant now, Instant opens) {
    assertThat(berlin(schedule, "1h").opens(now)).contains(opens);
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource(
      delimiter = '=',
      value = {
        "0 0 * * MON-FRI = 0 0 * * 1-5",
        "0 0 * * mon,Wed = 0 0 * * 1,3",
        "0 0 * * SUN-TUE = 0 0 * * 0-2",
        "0 0 * * FRI-SUN = 0 0 * * 0,5,6",
        "0 0 * * 7 = 0 0 * * 0",
        "0 0 * * SUN = 0 0 * * 0",
        "0 0 * * 5-7 = 0 0 * * 0,5,6",
        "0 0 1 JAN * = 0 0 1 1 *",
        "0 0 1 jan-Mar * = 0 0 1 1-3 *",
        "5/20 0 1 * * = 5,25,45 0 1 * *",
        "0 0 */10 * * = 0 0 1,11,21,31 * *",
        "0 0 1-9/4 * * = 0 0 1,5,9 * *"
      })
  void readsNamesAndStepsAsKubernetesDoes(String schedule, String same) {
    assertThat(openings(schedule.strip())).hasSize(40).isEqualTo(openings(same.strip()));
  }

  /** The next forty. */
  private static List<Instant> openings(String schedule) {
    ReleaseWindow window = new ReleaseWindow(schedule, Duration.ofHours(1), UTC);
    List<Instant> openings = new ArrayList<>();
    Instant now = at("2026-11-20T21:00:00Z");
    while (openings.size() < 40) {
      now = window.opens(now).orElseThrow();
      openings.add(now);
    }
    return openings;
  }

  @Test
  void aDayOfTheMonthAndOneOfTheWeekAreBothEnough() {
    ReleaseWindow window = new ReleaseWindow("0 0 13 * 5", Duration.ofHours(1), UTC);
    assertThat(window.isOpen(at("2026-11-20T00:30:00Z"))).as("a Friday").isTrue();
    assertThat(window.isOpen(at("2026-12-13T00:30:00Z"))).as("a Sunday").isTrue();
    assertThat(window.isOpen(at("2026-11-21T00:30:00Z"))).isFalse();
  }

  static Stream<String> faulty() {
    return Stream.of(
        "",
        " ",
        "* * * *",
        "0 0 * * * *",
        "@daily",
        "TZ=UTC 0 0 * * *",
        "60 * * * *",
        "0 24 * * *",
        "0 0 0 * *",
        "0 0 * 13 *",
        "0 0 * * 8",
        "*/0 * * * *",
        "-1 * * * *",
        "+1 * * * *",
        "1.5 * * * *",
        "5-1 * * * *",
        "1,,2 * * * *",
        "0|5 * * * *",
        "0 0 * * * || 0 1 * * *",
        "0 0 L * *",
        "0 0 15W * *",
        "0 0 * * 1#1",
        "0 0 * * ?",
        "0 0 * * sunday",
        "SUN-3 * * * *",
        "٣ * * * *",
        "0 0 *\n* *");
  }

  @ParameterizedTest
  @MethodSource("faulty")
  void refusesWhatIsNoCronLine(String schedule) {
    assertThatThrownBy(() -> ReleaseWindow.checkSchedule(schedule))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("a schedule must have ")
        .hasMessageEndingWith("; got \"" + schedule + '"');
  }

  @Test
  void namesTheFieldThatIsWrong() {
    assertThatThrownBy(() -> ReleaseWindow.checkSchedule("0 24 * * 1-5"))
        .hasMessage(
            "a schedule must have 0-23 for the hour, or *, or ranges, steps and lists of them; it has"
                + " \"24\"; got \"0 24 * * 1-5\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0 0 30 2 *",
        "0 0 30,31 FEB *",
        "0 0 31 2 *",
        "0 0 31 4 *",
        "0 0 31 2,4,6,9,11 *",
        "0 0 31 4-6/2 *",
        "0 0 31-31 6 *"
      })
  void refusesAScheduleThatNeverComes(String schedule) {
    assertThatThrownBy(() -> ReleaseWindow.checkSchedule(schedule))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("a schedule must come at some time; ")
        .hasMessageEndingWith("; got \"" + schedule + '"');
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0 0 29 2 *",
        "0 0 30 1,2 *",
        "0 0 31 4-5 *",
        "0 0 2,31 2 *",
        "0 0 31 2 1",
        "0 0 31 2 */2",
        "0 0 31 * *",
        "0 0 */30 2 *"
      })
  void takesAScheduleThatComesSeldom(String schedule) {
    assertThat(
            new ReleaseWindow(schedule, Duration.ofHours(1), UTC).opens(at("2026-11-20T21:00:00Z")))
        .isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "1,", "* ", "*/", "x", "-", "1-", "|", " ", "é"})
  void refusesALongLineQuickly(String piece) {
    String line = piece.repeat(10_000 / piece.length()) + " * * * *";
    assertTimeoutPreemptively(
        Duration.ofSeconds(1),
        () ->
            assertThatThrownBy(() -> ReleaseWindow.checkSchedule(line))
                .isInstanceOf(IllegalArgumentException.class));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT59.999S", "PT0S", "PT-1H", "P7DT0.001S"})
  void refusesADurationThatIsTooShortOrTooLong(Duration duration) {
    assertThatThrownBy(() -> new ReleaseWindow("0 0 * * *", duration, UTC))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("a window's duration must be from 1m to 168h");
  }

  /** A schedule, and when the wall's clock shows it, said in another way. */
  record Case(String schedule, Predicate<LocalDateTime> shows) {
    @Override
    public String toString() {
      return schedule;
    }
  }

  private static boolean isWorkday(LocalDateTime time) {
    return time.getDayOfWeek().compareTo(DayOfWeek.FRIDAY) <= 0;
  }

  private static boolean is(LocalDateTime time, int hour, int minute) {
    return time.getHour() == hour && time.getMinute() == minute;
  }

  private static final List<Case> CASES =
      List.of(
          new Case("0 22 * * 1-5", time -> is(time, 22, 0) && isWorkday(time)),
          new Case("30 2 * * *", time -> is(time, 2, 30)),
          new Case(
              "0 2,3 * * SUN",
              time ->
                  time.getDayOfWeek() == DayOfWeek.SUNDAY && (is(time, 2, 0) || is(time, 3, 0))),
          new Case("*/25 * * * *", time -> time.getMinute() % 25 == 0),
          new Case("59 23 31 * *", time -> is(time, 23, 59) && time.getDayOfMonth() == 31),
          new Case(
              "0 0 13 * 5",
              time ->
                  is(time, 0, 0)
                      && (time.getDayOfMonth() == 13 || time.getDayOfWeek() == DayOfWeek.FRIDAY)),
          new Case(
              "10-20/5 1-3 * MAR,OCT 7",
              time ->
                  List.of(10, 15, 20).contains(time.getMinute())
                      && time.getHour() >= 1
                      && time.getHour() <= 3
                      && List.of(3, 10).contains(time.getMonthValue())
                      && time.getDayOfWeek() == DayOfWeek.SUNDAY));

  private static NavigableSet<Instant> openings(
      Case schedule, ZoneId zone, Instant from, Instant to) {
    NavigableSet<Instant> openings = new TreeSet<>();
    for (Instant minute = from; minute.isBefore(to); minute = minute.plusSeconds(60)) {
      if (schedule.shows().test(LocalDateTime.ofInstant(minute, zone))) {
        openings.add(minute);
      }
    }
    return openings;
  }

  @Provide
  Arbitrary<Case> cases() {
    return Arbitraries.of(CASES);
  }

  @Provide
  Arbitrary<ZoneId> zones() {
    return Arbitraries.of(
            "UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")
        .map(ZoneId::of);
  }

  /** Half of them around a change of the clock. */
  @Provide
  Arbitrary<Instant> days() {
    Arbitrary<Instant> any =
        Arbitraries.integers()
            .between(0, 4000)
            .map(day -> at("2024-01-01T00:00:00Z").plus(day, ChronoUnit.DAYS));
    return Arbitraries.oneOf(
        any,
        Arbitraries.of(
            at("2026-03-08T00:00:00Z"),
            at("2026-03-29T00:00:00Z"),
            at("2026-04-04T12:00:00Z"),
            at("2026-10-25T00:00:00Z"),
            at("2026-11-01T00:00:00Z"),
            at("2027-10-31T00:00:00Z")));
  }

  @Property(tries = 150)
  void isOpenInExactlyTheMinutesThatAWalkFinds(
      @ForAll("cases") Case schedule,
      @ForAll("zones") ZoneId zone,
      @ForAll("days") Instant from,
      @ForAll @LongRange(min = 1, max = 7 * 24 * 60) long minutes,
      @ForAll @IntRange(max = 59) int second) {
    ReleaseWindow window =
        new ReleaseWindow(schedule.schedule(), Duration.ofMinutes(minutes), zone);
    Instant to = from.plus(6, ChronoUnit.HOURS);
    NavigableSet<Instant> openings = openings(schedule, zone, from.minus(window.duration()), to);
    List<Instant> expected = new ArrayList<>();
    List<Instant> open = new ArrayList<>();
    for (Instant now = from.plusSeconds(second); now.isBefore(to); now = now.plusSeconds(60)) {
      Instant opened = openings.floor(now);
      if (opened != null && now.isBefore(opened.plus(window.duration()))) {
        expected.add(now);
      }
      if (window.isOpen(now)) {
        open.add(now);
      }
    }
    assertThat(open).isEqualTo(expected);
  }

  @Property(tries = 150)
  void opensNextWhenAWalkFindsIt(
      @ForAll("cases") Case schedule,
      @ForAll("zones") ZoneId zone,
      @ForAll("days") Instant from,
      @ForAll @LongRange(max = 24 * 3600) long seconds) {
    ReleaseWindow window = new ReleaseWindow(schedule.schedule(), Duration.ofHours(1), zone);
    Instant now = from.plusSeconds(seconds);
    Instant minute = now.truncatedTo(ChronoUnit.MINUTES).plusSeconds(60);
    while (!schedule.shows().test(LocalDateTime.ofInstant(minute, zone))) {
      minute = minute.plusSeconds(60);
    }
    assertThat(window.opens(now)).contains(minute);
  }

  @Test
  void doesNotScanYears() {
    ReleaseWindow window = berlin("30 2 29 2 *", "1h");
    Instant now = ZonedDateTime.of(2026, 11, 21, 5, 0, 0, 0, BERLIN).toInstant();
    assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () -> {
          for (int i = 0; i < 1000; i++) {
            assertThat(window.isOpen(now.plusSeconds(i))).isFalse();
          }
        });
  }
}
