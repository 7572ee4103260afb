// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of docs/architecture.md, as far as the renderer goes. */
class ArchitectureTest {
  private static final String ROOT = "dev.segue.renderer";

  /** Each may use those before it, none after it. */
  private static final List<String> ORDER =
      List.of(
          "model", "yaml", "graph", "parse", "migrate", "schema", "diff", "split", "resolve",
          "tenancy", "plan", "render", "status", "preview");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  @Test
  void hasThePackagesThatAreInOrderAndNoOthers() {
    assertThat(CLASSES)
        .extracting(JavaClass::getPackageName)
        .containsOnly(ORDER.stream().map(name -> ROOT + "." + name).toArray(String[]::new));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model", "yaml", "graph", "parse", "migrate", "schema", "diff", "split", "resolve",
        "tenancy", "plan", "render", "status"
      })
  void noPackageUsesALaterOne(String earlier) {
    String[] later =
        ORDER.subList(ORDER.indexOf(earlier) + 1, ORDER.size()).stream()
            .map(name -> ROOT + "." + name + "..")
            .toArray(String[]::new);
    check(
        noClasses()
            .that()
            .resideInAPackage(ROOT + "." + earlier + "..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(later));
  }

  @ParameterizedTest
  @CsvSource({"graph, org.jgrapht..", "model, com.cronutils..", "yaml, org.yaml.snakeyaml.."})
  void aLibraryStandsBehindOnePackage(String home, String library) {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + "." + home)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(library));
  }

  @Test
  void needsNothingButTheJdkAndItsTwoLibraries() {
    check(
        classes()
            .should()
            .onlyDependOnClassesThat(
                resideInAnyPackage(
                    ROOT + "..",
                    "java..",
                    "com.cronutils..",
                    "org.jgrapht..",
                    "org.yaml.snakeyaml..",
                    "org.jspecify.annotations")));
  }

  @Test
  void touchesNoFileNetworkThreadChanceOrEnvironment() {
    DescribedPredicate<JavaClass> outside =
        resideInAnyPackage(
                "java.nio.file..",
                "java.nio.channels..",
                "java.net.http..",
                "java.util.concurrent..",
                "java.util.logging..",
                "javax.net..",
                "org.slf4j..")
            .or(
                nameMatching(
                    "java\\.io\\.(File|FileInput|FileOutput|FileReader|FileWriter|Rand).*"))
            .or(resideInAPackage("java.net").and(nameMatching("java\\.net\\.URI.*").negate()))
            .or(
                nameMatching(
                    "java\\.(lang\\.(Thread|ThreadLocal|Process.*|Runtime)"
                        + "|security\\.SecureRandom"
                        + "|util\\.(Random|SplittableRandom|Timer|TimerTask|TimeZone|UUID))"));
    check(noClasses().should().dependOnClassesThat(outside.as("reach outside")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "java.time.Clock",
        "java.time.Instant",
        "java.time.LocalDate",
        "java.time.LocalDateTime",
        "java.time.ZonedDateTime",
        "java.time.OffsetDateTime",
        "java.time.ZoneId"
      })
  void readsNoClock(String type) {
    Set<String> clocks = Set.of("now", "systemUTC", "systemDefaultZone", "systemDefault", "system");
    check(
        noClasses()
            .should()
            .accessTargetWhere(
                DescribedPredicate.describe(
                    "the clock",
                    access ->
                        access.getTargetOwner().getName().equals(type)
                            && clocks.contains(access.getTarget().getName()))));
  }

  @Test
  void asksTheSystemNothing() {
    Set<String> asked =
        Set.of(
            "currentTimeMillis",
            "nanoTime",
            "getenv",
            "getProperty",
            "getProperties",
            "lineSeparator",
            "identityHashCode",
            "exit",
            "out",
            "err",
            "in");
    check(
        noClasses()
            .should()
            .accessTargetWhere(
                DescribedPredicate.describe(
                    "the system",
                    access ->
                        access.getTargetOwner().isEquivalentTo(System.class)
                            && asked.contains(access.getTarget().getName()))));
    check(noClasses().should().callMethod(Math.class, "random"));
  }

  /** Without a Locale (or a Charset) these are other texts in Turkey or on an old Windows. */
  @Test
  void writesTheSameTextInEveryCountry() {
    check(
        noClasses()
            .should()
            .callMethod(String.class, "format", String.class, Object[].class)
            .orShould()
            .callMethod(String.class, "formatted", Object[].class)
            .orShould()
            .callMethod(String.class, "toLowerCase")
            .orShould()
            .callMethod(String.class, "toUpperCase")
            .orShould()
            .callMethod(String.class, "getBytes")
            .orShould()
            .callConstructor(String.class, byte[].class)
            .orShould()
            .dependOnClassesThat(
                nameMatching("java\\.text\\.(.*Format|Collator|BreakIterator).*")
                    .or(name("java.util.Formatter"))));
  }

  @Test
  void copiesNothingIntoAMapOrSetWhoseOrderDiffersBetweenRuns() {
    check(
        noClasses()
            .should()
            .callMethod(java.util.Map.class, "copyOf", java.util.Map.class)
            .orShould()
            .callMethod(Set.class, "copyOf", java.util.Collection.class));
  }

  @Test
  void everyPackageIsNullMarkedAndSaysItsDuty() {
    Stream<JavaPackage> packages = CLASSES.stream().map(JavaClass::getPackage).distinct();
    assertThat(packages)
        .isNotEmpty()
        .allSatisfy(p -> assertThat(p.isAnnotatedWith(NullMarked.class)).as(p.getName()).isTrue());
  }

  @Test
  void noClassIsNamedForNothing() {
    check(
        noClasses()
            .should()
            .haveNameMatching(".*(Utils?|Manager|Impl|Helpers?|Common|Abstract[A-Z][a-z]+)"));
  }

  /** A rule that meets no class holds nothing. */
  private static void check(ArchRule rule) {
    rule.allowEmptyShould(false).check(CLASSES);
  }
}
