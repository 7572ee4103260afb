// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import dev.segue.agent.reconcile.ClusterException;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaderElectionRecord;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.Lock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Lease as fabric8's elector takes it, judged by how long we ourselves have not seen it change
 * and never by the times that are written in it: clocks that differ, or are set, elect nobody. One
 * that was deleted counts for as long as it would have.
 */
final class ObservedLease implements Lock {
  private static final Logger LOG = LoggerFactory.getLogger(ObservedLease.class);
  private static final DateTimeFormatter MICRO_TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'");

  /** Here an agent that holds less writes its identity, into a Lease of one that holds more. */
  private static final String ASKED_BY = "segue.dev/asked-by";

  /**
   * What its holder wrote, and when ({@link System#nanoTime}) we saw it first. What others write
   * beside it is no sign of life.
   */
  private record Seen(@Nullable Object spec, LeaderElectionRecord record, long at) {}

  /**
   * Our hold of it.
   *
   * @param tenure which time it is that we hold it, from 1
   * @param renewedAt when the last renewal that succeeded was sent
   * @param lost whether somebody else has it
   */
  private record Hold(long tenure, long renewedAt, boolean lost) {}

  private final ApiServer server;
  private final LeaseSettings settings;
  private final ShardPace pace;
  private final String name;
  private final String path;
  private @Nullable Map<String, @Nullable Object> current;
  private @Nullable Seen seen;
  private @Nullable Long freeSince;
  private boolean released;
  private volatile @Nullable Hold hold;
  private volatile boolean asked;
  private volatile boolean lettingGo;
  private volatile String holder = "";
  private volatile String told = "";

  ObservedLease(ApiServer server, LeaseSettings settings, int shard, ShardPace pace) {
    this.server = server;
    this.settings = settings;
    this.pace = pace;
    this.name = settings.leaseName(shard);
    this.path = Resource.LEASE.path(settings.namespace().value());
  }

  /** Which time it is that we hold it and may go on; 0 while we do not. */
  long tenure() {
    Hold now = hold;
    return now != null && goesOn(now) && !lettingGo ? now.tenure() : 0;
  }

  private boolean goesOn(Hold hold) {
    return !hold.lost() && within(hold, settings.renewDeadline());
  }

  /** Whether no write that we began while we held it may be under way any more. */
  boolean over() {
    Hold now = hold;
    return now == null || now.lost() || !within(now, settings.writesEnd());
  }

  private static boolean within(Hold hold, Duration time) {
    return System.nanoTime() - hold.renewedAt() < time.toNanos();
  }

  /** Who holds it, as last seen; "" for nobody. */
  String holder() {
    return holder;
  }

  String name() {
    return name;
  }

  /** Reads it once, patiently, to hear in plain words what stands in the way. */
  void probe() throws ClusterException {
    Request request = read();
    Answer answer = server.ask(request);
    if (!answer.successful() && !absent(answer)) {
      throw Failures.answered(request.target(), Resource.LEASE, answer);
    }
  }

  /** As it is; as another's while somebody who holds less should be first to take it. */
  @Override
  public synchronized @Nullable LeaderElectionRecord get(@Nullable KubernetesClient unused) {
    released = false;
    Seen last = seen;
    LeaderElectionRecord now = last != null && isFresh() ? judged(last) : observe();
    if (now != null && (isOurs(now) || !(isFree(now) || isExpired(now)))) {
      freeSince = null;
      return now;
    }
    if (freeSince == null) {
      freeSince = System.nanoTime();
    }
    return pace.mayTake(freeSince) ? now : another();
  }

  private LeaderElectionRecord another() {
    ZonedDateTime now = ZonedDateTime.now(ZoneOffset.UTC);
    return new LeaderElectionRecord("another", settings.leaseDuration(), now, now, 0);
  }

  private @Nullable LeaderElectionRecord observe() {
    Answer answer = send(read());
    if (absent(answer)) {
      current = null;
      Seen last = seen;
      // Whoever held it before it was deleted may not know yet.
      return last == null || isOurs(last.record()) || isFree(last.record()) ? null : judged(last);
    }
    Seen now = take(demand(read(), answer), System.nanoTime());
    if (isOurs(now.record())) {
      asked = asked || asking(current);
    } else {
      lose();
    }
    return judged(now);
  }

  @Override
  public synchronized void create(@Nullable KubernetesClient unused, LeaderElectionRecord record) {
    current = null;
    write(record);
  }

  @Override
  public synchronized void update(@Nullable KubernetesClient unused, LeaderElectionRecord record) {
    if (released) {
      throw new KubernetesClientException("released since it was read", 409, null);
    }
    if (!isFresh()) {
      write(record);
    }
  }

  /** Whether it is ours and not to be renewed yet: the elector looks more often than that. */
  private boolean isFresh() {
    Hold now = hold;
    return now != null && !now.lost() && within(now, settings.retryPeriod());
  }

  /** Asks its holder to let it go. */
  synchronized void ask() {
    observe();
    Map<String, @Nullable Object> before = current;
    if (before != null && !holder.isEmpty() && !holder.equals(settings.identity())) {
      LOG.info("asks {} for Lease {}", holder, name);
      replace(annotated(before, settings.identity()), System.nanoTime());
    }
  }

  /** Whether it is ours and somebody who holds less asked for it; says so once. */
  boolean asked() {
    boolean now = asked;
    asked = false;
    return now && tenure() != 0;
  }

  /** Begins nothing more under it; it is renewed until {@link #release}. */
  void letGo() {
    lettingGo = true;
  }

  /** Whether it was let go and waits for its release. */
  boolean lettingGo() {
    return lettingGo;
  }

  /** Gives it back, where we hold it; the next may have it at once. */
  synchronized void release() {
    Hold before = hold;
    lettingGo = false;
    if (before == null || before.lost()) {
      return;
    }
    hold = new Hold(before.tenure(), before.renewedAt(), true);
    released = true;
    LeaderElectionRecord now = observe();
    if (now != null && isOurs(now)) {
      ZonedDateTime time = ZonedDateTime.now(ZoneOffset.UTC);
      write(
          new LeaderElectionRecord(
              null, Duration.ofSeconds(1), time, time, now.getLeaderTransitions()));
      LOG.info("released Lease {}", name);
    }
  }

  private void write(LeaderElectionRecord record) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    @Nullable Map<String, @Nullable Object> before = current;
    if (before == null) {
      object.put("apiVersion", Resource.LEASE.apiVersion());
      object.put("kind", Resource.LEASE.kind());
      object.put("metadata", Map.of("name", name, "namespace", settings.namespace().value()));
    } else {
      object.putAll(annotated(before, null));
    }
    object.put("spec", spec(record));
    long sent = System.nanoTime();
    if (before == null) {
      Request request = Request.create(target("create"), path, server.asJson(object));
      take(demand(request, send(request)), sent);
    } else {
      replace(object, sent);
    }
    if (isOurs(record)) {
      renewed(sent);
    }
  }

  /** With the version that we read: who changed it meanwhile was first. */
  private void replace(Map<String, @Nullable Object> object, long sent) {
    Request request = Request.replace(target("update"), path + "/" + name, server.asJson(object));
    take(demand(request, send(request)), sent);
  }

  private void renewed(long sent) {
    Hold before = hold;
    boolean goesOn = before != null && goesOn(before);
    hold = new Hold((before == null ? 0 : before.tenure()) + (goesOn ? 0 : 1), sent, false);
    if (!goesOn) {
      lettingGo = false; // that was another time
      LOG.info("holds Lease {} as {}", name, settings.identity());
    }
  }

  private void lose() {
    Hold before = hold;
    if (before != null && !before.lost()) {
      hold = new Hold(before.tenure(), before.renewedAt(), true);
      LOG.warn("Lease {} is {}'s now", name, holder.isEmpty() ? "nobody" : holder);
    }
  }

  private Seen take(Map<String, @Nullable Object> object, long at) {
    current = object;
    Object spec = object.get("spec");
    Seen last = seen;
    Seen now =
        last != null && Objects.equals(last.spec(), spec) ? last : new Seen(spec, record(spec), at);
    seen = now;
    holder = Objects.requireNonNullElse(now.record().getHolderIdentity(), "");
    return now;
  }

  /**
   * As if it had been renewed when we saw it, by the clock that the elector asks now, and for as
   * long as we are to wait.
   */
  private static LeaderElectionRecord judged(Seen seen) {
    LeaderElectionRecord record = seen.record();
    return new LeaderElectionRecord(
        record.getHolderIdentity(),
        LeaseSettings.followedAfter(record.getLeaseDuration()),
        record.getAcquireTime(),
        ZonedDateTime.now(ZoneOffset.UTC).minusNanos(System.nanoTime() - seen.at()),
        record.getLeaderTransitions());
  }

  private boolean isOurs(LeaderElectionRecord record) {
    return settings.identity().equals(record.getHolderIdentity());
  }

  /** As the elector asks. */
  private static boolean isExpired(LeaderElectionRecord record) {
    return ZonedDateTime.now(ZoneOffset.UTC)
        .isAfter(record.getRenewTime().plus(record.getLeaseDuration()));
  }

  private static boolean isFree(LeaderElectionRecord record) {
    return record.getHolderIdentity() == null || record.getHolderIdentity().isEmpty();
  }

  private static Map<String, @Nullable Object> spec(LeaderElectionRecord record) {
    Map<String, @Nullable Object> spec = new LinkedHashMap<>();
    spec.put("holderIdentity", record.getHolderIdentity());
    spec.put("leaseDurationSeconds", record.getLeaseDuration().toSeconds());
    spec.put("acquireTime", MICRO_TIME.format(record.getAcquireTime()));
    spec.put("renewTime", MICRO_TIME.format(record.getRenewTime()));
    spec.put("leaseTransitions", record.getLeaderTransitions());
    return spec;
  }

  /** The object with that name as who asks for it, or with none. */
  private static Map<String, @Nullable Object> annotated(
      Map<String, @Nullable Object> object, @Nullable String asking) {
    Map<String, @Nullable Object> metadata = copy(object.get("metadata"));
    Map<String, @Nullable Object> annotations = copy(metadata.get("annotations"));
    annotations.remove(ASKED_BY);
    if (asking != null) {
      annotations.put(ASKED_BY, asking);
    }
    metadata.put("annotations", annotations);
    Map<String, @Nullable Object> changed = new LinkedHashMap<>(object);
    changed.put("metadata", metadata);
    return changed;
  }

  private static Map<String, @Nullable Object> copy(@Nullable Object map) {
    Map<String, @Nullable Object> copy = new LinkedHashMap<>();
    if (map instanceof Map<?, ?> fields) {
      fields.forEach((key, value) -> copy.put(String.valueOf(key), value));
    }
    return copy;
  }

  private boolean asking(@Nullable Map<String, @Nullable Object> object) {
    if (object == null || !(object.get("metadata") instanceof Map<?, ?> metadata)) {
      return false;
    }
    String by = text(metadata.get("annotations"), ASKED_BY);
    return !by.isEmpty() && !by.equals(settings.identity());
  }

  /** Whatever somebody wrote into it. */
  private LeaderElectionRecord record(@Nullable Object spec) {
    String identity = text(spec, "holderIdentity");
    return new LeaderElectionRecord(
        identity.isEmpty() ? null : identity,
        Duration.ofSeconds(
            number(spec, "leaseDurationSeconds", settings.leaseDuration().toSeconds())),
        time(text(spec, "acquireTime")),
        time(text(spec, "renewTime")),
        (int) number(spec, "leaseTransitions", 0));
  }

  private static String text(@Nullable Object map, String key) {
    return map instanceof Map<?, ?> fields && fields.get(key) instanceof String text ? text : "";
  }

  private static long number(@Nullable Object map, String key, long otherwise) {
    return map instanceof Map<?, ?> fields && fields.get(key) instanceof Number number
        ? number.longValue()
        : otherwise;
  }

  private static ZonedDateTime time(String text) {
    try {
      return ZonedDateTime.parse(text).withZoneSameInstant(ZoneOffset.UTC);
    } catch (DateTimeParseException e) {
      return ZonedDateTime.now(ZoneOffset.UTC);
    }
  }

  private Request read() {
    return Request.get(target("read"), path + "/" + name);
  }

  private Target target(String operation) {
    return new Target(operation, Resource.LEASE.kind(), settings.namespace().value(), name);
  }

  private static boolean absent(Answer answer) {
    return answer.code() == 404 && answer.detailsKind().equals(Resource.LEASE.plural());
  }

  /** The elector knows what to do with failures of fabric8 alone. */
  private Answer send(Request request) {
    try {
      return server.send(request);
    } catch (ClusterException e) {
      throw failed(e, 0);
    }
  }

  private Map<String, @Nullable Object> demand(Request request, Answer answer) {
    if (!answer.successful() || answer.fields() == null) {
      throw failed(Failures.answered(request.target(), Resource.LEASE, answer), answer.code());
    }
    told = "";
    return answer.fields();
  }

  private KubernetesClientException failed(ClusterException failure, int code) {
    String message = failure.code().id() + ": " + failure.getMessage();
    if (code != 409 && !message.equals(told)) { // another was first, as it happens
      LOG.warn("{}", message);
      told = message;
    }
    return new KubernetesClientException(message, code, null);
  }

  @Override
  public String identity() {
    return settings.identity();
  }

  @Override
  public String describe() {
    return "Lease " + settings.namespace() + "/" + name;
  }
}
