// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import dev.segue.agent.reconcile.Cluster;
import dev.segue.agent.reconcile.ClusterException;
import dev.segue.agent.reconcile.CredentialSource;
import dev.segue.agent.reconcile.DaemonThreads;
import dev.segue.agent.reconcile.DryRun;
import dev.segue.agent.reconcile.GroupObjects;
import dev.segue.agent.reconcile.OrkestraRemains;
import dev.segue.agent.reconcile.StatusBranch;
import dev.segue.renderer.model.ApiKind;
import dev.segue.renderer.model.ApiKind.Scope;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.Labels;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.ProblemCode;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A Kubernetes cluster by fabric8's client. What is watched is held in memory without templates,
 * arguments and managed fields; a write of our own is in {@link #observe} before the watch reports
 * it.
 */
public final class Fabric8Cluster implements Cluster {
  private static final Duration VERSION_KEPT = Duration.ofHours(1);
  private static final List<Resource> WATCHED = List.of(Resource.HELM_RELEASE, Resource.WORKFLOW);
  private static final List<Resource> COLLECTED =
      List.of(
          Resource.CONFIG_MAP,
          Resource.SECRET,
          Resource.HELM_CHART,
          Resource.GIT_REPOSITORY,
          Resource.HELM_REPOSITORY,
          Resource.OCI_REPOSITORY);
  private static final Comparator<Manifest> BY_PLACE =
      Comparator.comparing(Manifest::kind)
          .thenComparing(manifest -> manifest.namespace().orElse(""))
          .thenComparing(Manifest::name);

  private record Version(String text, long readAt) {}

  private final String description;
  private final Namespace agentNamespace;
  private final Set<Namespace> namespaces;
  private final KubernetesClient client;
  private final ApiServer server;
  private final Resources resources;
  private final ObjectWriter writer;
  private final GroupHoldings holdings;
  private final Workers workers = new Workers();
  private final ScheduledExecutorService checks;
  private final Fabric8GroupObjects groupObjects;
  private final Watches watches;
  private final Fabric8GroupObjects orkestraObjects;
  private volatile @Nullable Version version;

  /**
   * Connects as the kubeconfig says; nothing is sent yet.
   *
   * @param kubeconfig null for the environment's, or else the service account of the pod
   * @param context null for the current one
   * @param agentNamespace where the Secrets with credentials and the ConfigMaps with requests are
   * @param namespaces where HelmReleases and Workflows are watched; empty for everywhere
   * @throws ClusterException not retryable, when there is no usable configuration
   */
  public Fabric8Cluster(
      @Nullable Path kubeconfig,
      @Nullable String context,
      Namespace agentNamespace,
      List<Namespace> namespaces)
      throws ClusterException {
    this(Connection.config(kubeconfig, context), agentNamespace, namespaces, Limits.DEFAULT);
  }

  Fabric8Cluster(Config config, Namespace agentNamespace, List<Namespace> namespaces, Limits limits)
      throws ClusterException {
    this.agentNamespace = agentNamespace;
    this.namespaces = Set.copyOf(namespaces);
    this.client = Connection.client(config, limits);
    this.description = Connection.describe(config, client.getMasterUrl());
    this.server = new ApiServer(client, limits);
    this.resources = new Resources(server);
    this.writer = new ObjectWriter(server, resources);
    this.holdings = new GroupHoldings(server, COLLECTED);
    this.checks =
        Executors.newSingleThreadScheduledExecutor(new DaemonThreads("segue-cluster-watch"));
    this.watches = new Watches(client, server, limits, checks);
    this.groupObjects = groups(Resource.GROUP, reached(agentNamespace, namespaces), limits);
    this.orkestraObjects = groups(Resource.ORKESTRA_GROUP, Set.of(), limits);
  }

  private Fabric8GroupObjects groups(Resource kind, Set<Namespace> among, Limits limits) {
    return new Fabric8GroupObjects(kind, client, server, resources, limits, among, checks);
  }

  /** Empty for everywhere. */
  private static Set<Namespace> reached(Namespace agentNamespace, List<Namespace> namespaces) {
    Set<Namespace> reached = new HashSet<>(namespaces);
    if (!reached.isEmpty()) {
      reached.add(agentNamespace);
    }
    return reached;
  }

  /**
   * The ApplicationGroups of the agent's namespace and of those that are watched; not to be used
   * once this is closed.
   */
  public GroupObjects groupObjects() {
    return groupObjects;
  }

  /** As {@link #groupObjects}, and those of Orkestra; for one who watches them. */
  public GroupObjects withOrkestra() {
    return new BothGroupObjects(groupObjects, orkestraObjects);
  }

  /** What Orkestra left in the cluster; not to be used once this is closed. */
  public OrkestraRemains orkestraRemains() {
    return new ListedOrkestraRemains(server);
  }

  /**
   * A memory in Secrets of the agent's namespace, for groups that are in no Git; not to be used
   * once this is closed.
   */
  public StatusBranch memory() {
    return new SecretBranch(server, agentNamespace);
  }

  /** The credentials in the Secrets of the agent's namespace. */
  public CredentialSource credentials() {
    return new SecretCredentials(server, agentNamespace);
  }

  /** Asks the API server what it would take; not to be used once this is closed. */
  public DryRun dryRun() {
    return new ServerDryRun(server, resources, workers);
  }

  @Override
  public String description() {
    return description;
  }

  /** As {@link Cluster#kubernetesVersion()}; asked for again after an hour. */
  @Override
  public String kubernetesVersion() throws ClusterException {
    Version known = version;
    if (known != null && System.nanoTime() - known.readAt() < VERSION_KEPT.toNanos()) {
      return known.text();
    }
    Target target = new Target("read", "the cluster's version", null, null);
    Answer answer = server.ask(Request.get(target, "version"));
    if (answer.successful()
        && answer.fields() != null
        && answer.fields().get("gitVersion") instanceof String text) {
      version = new Version(text, System.nanoTime());
      return text;
    }
    throw Failures.answered(target, null, answer);
  }

  @Override
  public Scope scope(ApiKind kind) throws ClusterException {
    return resources.scope(kind);
  }

  @Override
  public boolean reaches(Namespace namespace) {
    return namespaces.isEmpty() || namespaces.contains(namespace);
  }

  /** As {@link Cluster#watch}; to be called once, and again after it failed. */
  @Override
  public synchronized void watch(Consumer<GroupName> changed) throws ClusterException {
    if (watches.stand()) {
      throw new IllegalStateException("it is watched already");
    }
    watches.start(watched(), seen -> tell(seen, changed));
  }

  /**
   * As {@link Cluster#observe}, sorted by kind, namespace and name. Fails when the watch has been
   * down for two minutes, rather than to give what was true then.
   */
  @Override
  public List<Manifest> observe(GroupName group) throws ClusterException {
    if (!watches.stand()) {
      throw new IllegalStateException("nothing is watched yet");
    }
    List<Manifest> found = new ArrayList<>();
    for (KindWatch watch : watches) {
      for (Manifest item : watch.observe(group)) {
        found.add(unpacked(item));
      }
    }
    found.sort(BY_PLACE);
    return List.copyOf(found);
  }

  /**
   * As {@link Cluster#apply}: eight at a time within a run of one kind; a kind begins when the one
   * before it is done. What was applied before a failure stays.
   */
  @Override
  public void apply(List<Manifest> objects) throws ClusterException {
    int from = 0;
    while (from < objects.size()) {
      int to = from + 1;
      while (to < objects.size() && sameKind(objects.get(from), objects.get(to))) {
        to++;
      }
      workers.forEach(objects.subList(from, to), this::applied);
      from = to;
    }
  }

  private void applied(Manifest object) throws ClusterException {
    try {
      wrote(writer.apply(object));
    } finally {
      holdings.wrote(object);
    }
  }

  @Override
  public boolean create(Manifest object) throws ClusterException {
    try {
      var created = writer.create(object);
      created.ifPresent(this::wrote);
      return created.isPresent();
    } finally {
      holdings.wrote(object);
    }
  }

  @Override
  public boolean patch(Manifest change) throws ClusterException {
    var patched = writer.patch(change);
    patched.ifPresent(this::wrote);
    return patched.isPresent();
  }

  /**
   * As {@link Cluster#collect}; what changes while it is looked at is left for the next time.
   * Nothing is asked while nothing is left over, but for a list of all groups now and then.
   */
  @Override
  public void collect(GroupName group, String namespace, List<Manifest> kept)
      throws ClusterException {
    Namespace where = Namespace.parse(namespace);
    for (Resource kind : COLLECTED) {
      Set<String> keep = new HashSet<>();
      kept.stream()
          .filter(object -> object.kind().equals(kind.kind()))
          .filter(object -> object.namespace().orElse(namespace).equals(namespace))
          .forEach(object -> keep.add(object.name()));
      if (!keep.containsAll(holdings.names(kind, group, where))) {
        List<Manifest> unreferenced =
            holdings.read(kind, group, where).stream()
                .filter(object -> !keep.contains(object.name()))
                .toList();
        workers.forEach(unreferenced, object -> writer.delete(kind, object));
      }
    }
  }

  @Override
  public synchronized void close() {
    checks.shutdownNow();
    watches.close();
    groupObjects.close();
    orkestraObjects.close();
    workers.close();
    client.close();
  }

  private void wrote(Manifest object) {
    watches.wrote(object);
  }

  /** Tells the groups that objects were of and are of. */
  private static void tell(List<ObjectMeta> seen, Consumer<GroupName> changed) {
    seen.stream()
        .map(object -> object.getLabels() == null ? "" : object.getLabels().get(Labels.GROUP))
        .filter(Objects::nonNull)
        .distinct()
        .flatMap(label -> name(label).stream())
        .forEach(changed);
  }

  /** Empty for somebody's label that is none of ours. */
  private static Optional<GroupName> name(String label) {
    try {
      return Optional.of(GroupName.parse(label));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private List<Selection> watched() {
    List<Selection> watched = new ArrayList<>();
    for (Resource resource : WATCHED) {
      Selection.in(namespaces)
          .forEach(name -> watched.add(Selection.ofSegue(resource, name, Map.of())));
    }
    Map<String, String> requests = Map.of(Labels.REQUESTS, "true");
    watched.add(Selection.ofSegue(Resource.CONFIG_MAP, agentNamespace.value(), requests));
    return watched;
  }

  private Manifest unpacked(Manifest item) throws ClusterException {
    try {
      return WorkflowNodes.unpack(item, client.getKubernetesSerialization());
    } catch (IOException e) {
      Target target =
          new Target("read the nodes of", item.kind(), item.namespace().orElse(null), item.name());
      throw new ClusterException(
          ProblemCode.CLUSTER_FAILED, false, target.cannot() + ": " + e.getMessage(), e);
    }
  }

  private static boolean sameKind(Manifest one, Manifest other) {
    return one.kind().equals(other.kind()) && one.apiVersion().equals(other.apiVersion());
  }
}
