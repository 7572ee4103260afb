// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of docs/architecture.md, as far as the agent goes. */
class ArchitectureTest {
  private static final String ROOT = "dev.segue.agent";
  private static final Set<String> PACKAGES =
      Set.of(
          "cli",
          "reconcile",
          "operate",
          "git",
          "kube",
          "charts",
          "schedule",
          "rehearse",
          "validate",
          "log",
          "web");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  @Test
  void hasThePackagesOfTheDocumentationAndNoOthers() {
    assertThat(CLASSES)
        .extracting(JavaClass::getPackageName)
        .containsOnly(
            Stream.concat(Stream.of(ROOT), PACKAGES.stream().map(name -> ROOT + "." + name))
                .toArray(String[]::new));
  }

  /** Only the root knows all and puts them together. */
  @ParameterizedTest(name = "{0} knows its own package and {1}")
  @CsvSource({
    "reconcile, ''",
    "cli, ''",
    "git, reconcile",
    "kube, reconcile",
    "charts, reconcile",
    "operate, reconcile",
    "schedule, reconcile",
    "rehearse, reconcile",
    "validate, ''",
    "log, reconcile",
    "web, reconcile"
  })
  void noAdapterKnowsAnother(String adapter, String known) {
    DescribedPredicate<JavaClass> others =
        DescribedPredicate.describe(
            "are of another part of the agent",
            type ->
                inAgent(type)
                    && !type.getPackageName().equals(ROOT + "." + adapter)
                    && !type.getPackageName().equals(ROOT + "." + known));
    check(
        noClasses()
            .that()
            .resideInAPackage(ROOT + "." + adapter)
            .should()
            .dependOnClassesThat(others));
  }

  private static boolean inAgent(JavaClass type) {
    return type.getPackageName().equals(ROOT) || type.getPackageName().startsWith(ROOT + ".");
  }

  @ParameterizedTest(name = "{1} in {0} only")
  @CsvSource({
    "git, org.eclipse.jgit..",
    "git, org.apache.sshd..",
    "kube, io.fabric8..",
    "charts, com.marcnuri.helm..",
    "charts, com.sun.jna..",
    "charts, org.apache.commons.compress..",
    "charts, org.yaml.snakeyaml..",
    "log, ch.qos.logback..",
    "schedule, org.quartz..",
    "cli, picocli..",
    "rehearse, net.thisptr..",
    "rehearse, com.fasterxml.jackson..",
    "validate, com.networknt..",
    "web, com.sun.net.httpserver.."
  })
  void aLibraryStandsBehindOnePackage(String home, String library) {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + "." + home)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(library));
    assertThat(CLASSES)
        .as("somebody uses %s", library)
        .anyMatch(
            type ->
                type.getDirectDependenciesFromSelf().stream()
                    .anyMatch(
                        d ->
                            d.getTargetClass()
                                .getPackageName()
                                .startsWith(library.replace("..", ""))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"org.jgrapht..", "java.util.logging.."})
  void someLibrariesAreForNobodyHere(String library) {
    check(noClasses().should().dependOnClassesThat().resideInAPackage(library));
  }

  /** What decides is tested without a cluster, a repository and a network. */
  @Test
  void theReconcilerTouchesTheWorldThroughItsPortsOnly() {
    check(
        noClasses()
            .that()
            .resideInAPackage(ROOT + ".reconcile")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.nio.file..", "java.net.http..", "java.nio.channels..")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.io.File")
            .orShould()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .callMethod(System.class, "getenv", String.class)
            .orShould()
            .callMethod(System.class, "currentTimeMillis"));
  }

  /** Both streams are injected, so that results and the rest never mix. */
  @Test
  void onlyTheRootAndTheWorkersProcessWriteToTheTerminal() {
    check(
        noClasses()
            .that()
            .doNotHaveFullyQualifiedName(ROOT + ".Main")
            .and()
            .doNotHaveFullyQualifiedName(ROOT + ".charts.RenderWorker")
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err"));
  }

  @Test
  void everyPackageIsNullMarked() {
    assertThat(CLASSES.stream().map(JavaClass::getPackage).distinct())
        .hasSize(PACKAGES.size() + 1)
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
