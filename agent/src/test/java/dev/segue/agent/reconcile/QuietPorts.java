// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import dev.segue.renderer.model.ChartRef;
import dev.segue.renderer.model.CommitId;
import dev.segue.renderer.model.GroupName;
import dev.segue.renderer.model.HelmOutput;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.RepoPath;
import dev.segue.renderer.model.ResolvedChart;
import dev.segue.renderer.render.RenderSettings;
import dev.segue.renderer.split.SplitChart;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Ports that do nothing and count it: every group is declared with an application that this version
 * refuses, so that a pass ends where the status is read.
 */
final class QuietPorts implements SourceRepo, Cluster, StatusBranch, ChartStore {
  /** Whether passes that look at the cluster go on. */
  enum Gate {
    OPEN,
    CLOSED
  }

  private final List<String> calls = new CopyOnWriteArrayList<>();
  private final AtomicInteger polls = new AtomicInteger();
  private final Map<String, Integer> seen = new ConcurrentHashMap<>();
  private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private volatile Tree tree = new Tree(0, Map.of());
  private volatile Consumer<GroupName> watcher = group -> {};
  private volatile String broken = "";
  private Gate gate = Gate.OPEN;

  Reconciler reconciler(int concurrency, Duration interval) {
    return reconciler(concurrency, interval, (group, outcome) -> {});
  }

  Reconciler reconciler(
      int concurrency, Duration interval, BiConsumer<GroupName, Outcome> listener) {
    return reconciler(concurrency, interval, Mandate.forAll(), listener);
  }

  Reconciler reconciler(
      int concurrency,
      Duration interval,
      Mandate mandate,
      BiConsumer<GroupName, Outcome> listener) {
    RenderSettings render =
        new RenderSettings(
            Namespace.parse("delivery"),
            "segue",
            0,
            Duration.ofHours(1),
            "OnPodSuccess",
            "https://git.example.com/product.git",
            "main",
            null,
            "https://git.example.com/product.git",
            "segue/lab",
            null);
    InstantSource time = () -> now;
    Clock clock = time.withZone(ZoneOffset.UTC);
    return new Reconciler(
        this,
        this,
        this,
        this,
        new ReconcilerSettings("quiet", List.of("products"), "", interval, concurrency, 50, render),
        mandate,
        null,
        listener,
        clock);
  }

  /** Makes a new commit that declares {@code group-0} and so on. */
  void declare(int groups) {
    declare(IntStream.range(0, groups).mapToObj(i -> "group-" + i).toList(), "10m");
  }

  void declare(List<String> groups, String interval) {
    Map<RepoPath, String> files = new TreeMap<>();
    for (String group : groups) {
      files.put(
          RepoPath.parse("products/" + group + ".yaml"),
          """
          apiVersion: segue.dev/v1alpha1
          kind: ApplicationGroup
          metadata: {name: %s}
          spec:
            interval: %s
            applications:
              - name: %s
                spec:
                  chart: {path: charts/web}
                  release: {targetNamespace: shop}
                  workflow: [{name: gate, type: keptn}]
          """
              .formatted(group, interval, group));
    }
    tree = new Tree(tree.number() + 1, files);
  }

  void change(GroupName group) {
    watcher.accept(group);
  }

  void advance(Duration by) {
    now = now.plus(by);
  }

  void breakPassesOf(String group) {
    broken = group;
  }

  synchronized void gate(Gate wanted) {
    gate = wanted;
    notifyAll();
  }

  private synchronized void pass() {
    try {
      while (gate == Gate.CLOSED) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Every call but those of {@link #poll}. */
  List<String> calls() {
    return List.copyOf(calls);
  }

  int polls() {
    return polls.get();
  }

  /** The groups whose passes asked the cluster's watch, in order. */
  List<String> observed() {
    return calls.stream()
        .filter(call -> call.startsWith("cluster.observe "))
        .map(call -> call.substring("cluster.observe ".length()))
        .toList();
  }

  /** The groups that were told of the newest commit. */
  Set<String> sawNewest() {
    Set<String> names = new TreeSet<>();
    seen.forEach(
        (group, number) -> {
          if (number == tree.number()) {
            names.add(group);
          }
        });
    return names;
  }

  void forget() {
    calls.clear();
    polls.set(0);
  }

  @Override
  public RepoTree poll() {
    polls.incrementAndGet();
    return tree;
  }

  @Override
  public RepoTree tree(CommitId commit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean descends(CommitId commit, CommitId ancestor) {
    throw new UnsupportedOperationException();
  }

  @Override
  public String url() {
    return "https://git.example.com/product.git";
  }

  @Override
  public String branch() {
    return "main";
  }

  @Override
  public String description() {
    return "quiet";
  }

  @Override
  public String kubernetesVersion() {
    calls.add("cluster.version");
    return "v1.34.4";
  }

  @Override
  public void watch(Consumer<GroupName> changed) {
    watcher = changed;
  }

  @Override
  public List<Manifest> observe(GroupName group) {
    calls.add("cluster.observe " + group);
    pass();
    if (group.value().equals(broken)) {
      throw new StackOverflowError("a bug");
    }
    return List.of();
  }

  @Override
  public void apply(List<Manifest> objects) {
    calls.add("cluster.apply");
  }

  @Override
  public boolean create(Manifest object) {
    calls.add("cluster.create");
    return true;
  }

  @Override
  public boolean patch(Manifest change) {
    calls.add("cluster.patch");
    return true;
  }

  @Override
  public void collect(GroupName group, String namespace, List<Manifest> kept) {
    calls.add("cluster.collect");
  }

  @Override
  public ResolvedChart resolve(ChartRef ref, CommitId commit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public HelmOutput render(RenderRequest request) {
    throw new UnsupportedOperationException();
  }

  @Override
  public SplitChart split(SplitRequest request) {
    throw new UnsupportedOperationException();
  }

  @Override
  public SortedMap<String, byte[]> files(ResolvedChart chart) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void refresh() {
    calls.add("status.refresh");
  }

  @Override
  public Optional<Snapshot> find(Predicate<Written> which) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Snapshot read() {
    calls.add("status.read");
    return snapshot();
  }

  private final Map<RepoPath, String> written = new ConcurrentHashMap<>();

  private Snapshot snapshot() {
    return new Snapshot() {
      @Override
      public Optional<CommitId> commit() {
        return Optional.empty();
      }

      @Override
      public Optional<String> read(RepoPath file) {
        return Optional.ofNullable(written.get(file));
      }

      @Override
      public List<String> folders(RepoPath folder) {
        return List.of();
      }
    };
  }

  @Override
  public synchronized Optional<CommitId> commit(Change change) {
    calls.add("status.commit");
    Edit edit = change.of(snapshot());
    written.putAll(edit.files());
    @Nullable String commit = edit.trailers().get("Source-Commit");
    @Nullable String group = edit.trailers().get("Group");
    if (commit != null && group != null) {
      seen.put(group, Integer.parseInt(commit.substring(30)));
    }
    return Optional.empty();
  }

  @Override
  public void close() {}

  /** A commit whose id ends in its number. */
  private final class Tree implements RepoTree {
    private final int number;
    private final Map<RepoPath, String> files;

    Tree(int number, Map<RepoPath, String> files) {
      this.number = number;
      this.files = Collections.unmodifiableMap(new TreeMap<>(files));
    }

    int number() {
      return number;
    }

    @Override
    public CommitId commit() {
      return new CommitId("%040d".formatted(number));
    }

    @Override
    public List<Entry> list(RepoPath folder) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<Entry> find(List<String> globs) {
      calls.add("tree.find");
      return files.entrySet().stream()
          .map(file -> new Entry(file.getKey(), file.getValue().length(), false))
          .toList();
    }

    @Override
    public Optional<String> objectId(RepoPath path) {
      return Optional.empty();
    }

    @Override
    public byte[] read(RepoPath file, long maxBytes) {
      calls.add("tree.read");
      String text = files.get(file);
      if (text == null) {
        throw new IllegalArgumentException("no " + file);
      }
      return text.getBytes(StandardCharsets.UTF_8);
    }
  }
}
