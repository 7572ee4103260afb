// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.rehearse;

import dev.segue.agent.reconcile.RepoException;
import dev.segue.agent.reconcile.StatusBranch.Snapshot;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Labels;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.ReleaseName;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.plan.DeployedRelease;
import dev.segue.renderer.plan.Inventory;
import dev.segue.renderer.plan.Planner;
import dev.segue.renderer.status.InventoryFile;
import dev.segue.renderer.status.LastGood;
import dev.segue.renderer.status.ReleaseStatus.State;
import dev.segue.renderer.status.StatusFile;
import dev.segue.renderer.status.StatusPaths;
import dev.segue.renderer.status.StatusReport;
import dev.segue.renderer.yaml.YamlNode;
import dev.segue.renderer.yaml.YamlReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a status branch records of a group. */
final class RecordedGroup {
  private static final String HOOK = "helm.sh/hook";

  private final Snapshot branch;
  private final GroupName group;

  RecordedGroup(Snapshot branch, GroupName group) {
    this.branch = branch;
    this.group = group;
  }

  /** How the group stands; empty before the first attempt. */
  Optional<StatusReport> report() throws RepoException {
    return text(StatusPaths.STATUS).flatMap(StatusFile::read);
  }

  /** Where it was last as a commit wanted it; empty when it never was. */
  Optional<LastGood> good() throws RepoException {
    return text(StatusPaths.GOOD)
        .flatMap(InventoryFile::readGood)
        .filter(good -> !good.inventory().releases().isEmpty());
  }

  /** What Flux was given. */
  List<ReleaseName> there() throws RepoException {
    return text(StatusPaths.INVENTORY)
        .flatMap(InventoryFile::read)
        .map(inventory -> List.copyOf(inventory.releases().keySet()))
        .orElse(List.of());
  }

  /**
   * Puts the releases that Flux was given into the cluster, as they were given, with their sources
   * and values.
   */
  void putInto(EmbeddedCluster cluster) throws RepoException {
    Optional<Inventory> inventory = text(StatusPaths.INVENTORY).flatMap(InventoryFile::read);
    Optional<StatusReport> report = report();
    if (inventory.isEmpty()) {
      return;
    }
    try {
      for (DeployedRelease release : inventory.get().releases().values()) {
        Optional<Manifest> object =
            object("helmreleases/" + release.name()).filter(o -> !release.dissolved());
        if (object.isPresent()) {
          cluster.apply(referred(object.get()));
          put(object.get(), release, report, cluster.helm());
        }
      }
    } catch (dev.segue.agent.reconcile.ClusterException | RejectedException e) {
      throw new IllegalStateException("what was released before must be an object: " + e, e);
    }
  }

  private void put(
      Manifest object, DeployedRelease release, Optional<StatusReport> report, HelmController helm)
      throws RepoException, RejectedException {
    Optional<dev.segue.renderer.status.ReleaseStatus> told =
        report.stream()
            .flatMap(r -> r.releases().stream())
            .filter(r -> r.name().equals(release.name()))
            .findFirst();
    String version =
        told.map(dev.segue.renderer.status.ReleaseStatus::revision)
            .filter(revision -> !revision.isEmpty())
            .orElse(release.version());
    boolean ready = told.filter(r -> r.state() == State.FAILED).isEmpty();
    Map<String, Object> labels = new LinkedHashMap<>();
    object.map("metadata", "labels").forEach((key, value) -> labels.put(key, Fields.text(value)));
    labels.put(Labels.DIGEST, release.digest().prefix(Planner.LABEL_DIGITS));
    helm.restore(
        Fields.with(object, labels, "metadata", "labels"),
        release.chart(),
        version,
        ready,
        deployed(release));
  }

  /** The sources and values that a HelmRelease names, a source before the chart made of it. */
  private List<Manifest> referred(Manifest release) throws RepoException {
    List<Manifest> objects = new ArrayList<>();
    Optional<Manifest> chart =
        object("sources/" + release.text("spec", "chartRef", "name").orElse("-"));
    if (chart.isPresent()) {
      chart.get().text("spec", "sourceRef", "name").flatMap(this::source).ifPresent(objects::add);
      objects.add(chart.get());
    }
    for (Map<String, ?> values : release.maps("spec", "valuesFrom")) {
      if ("ConfigMap".equals(values.get("kind"))) {
        object("configmaps/" + values.get("name")).ifPresent(objects::add);
      }
    }
    return objects;
  }

  private Optional<Manifest> source(String name) {
    try {
      return object("sources/" + name);
    } catch (RepoException e) {
      return Optional.empty(); // a chart without its source is not made, as in a cluster
    }
  }

  /** What Helm left of it, without what was there for a moment. */
  private List<Manifest> deployed(DeployedRelease release) throws RepoException {
    return text(RepoPath.parse("manifests/" + release.name() + ".yaml"))
        .map(YamlReader::read)
        .map(
            yaml ->
                yaml.documents().stream()
                    .filter(YamlNode.Mapping.class::isInstance)
                    .map(document -> new Manifest(((YamlNode.Mapping) document).data()))
                    .filter(object -> object.text("metadata", "name").isPresent())
                    .filter(object -> object.text("kind").isPresent())
                    .filter(object -> object.annotation(HOOK).isEmpty())
                    .toList())
        .orElse(List.of());
  }

  private Optional<Manifest> object(String file) throws RepoException {
    return text(RepoPath.parse(file + ".yaml"))
        .flatMap(text -> YamlReader.read(text).firstMapping())
        .map(document -> new Manifest(document.data()));
  }

  private Optional<String> text(RepoPath file) throws RepoException {
    return branch.read(StatusPaths.of(group, file));
  }
}
