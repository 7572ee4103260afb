// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.renderer.model.GoDuration;
import dev.segue.renderer.model.Problem;
import dev.segue.renderer.model.ProblemCode;
import dev.segue.renderer.model.Tenant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What settings must be together. */
final class ConfigConsistency {
  private final Map<String, ConfigValue> effective;
  private final List<Problem> problems = new ArrayList<>();

  private ConfigConsistency(Map<String, ConfigValue> effective) {
    this.effective = effective;
  }

  static List<Problem> check(
      Map<String, ConfigValue> given, Map<String, ConfigValue> effective, List<Tenant> tenants) {
    ConfigConsistency consistency = new ConfigConsistency(effective);
    consistency.checkUrl();
    consistency.checkOneOf(ConfigDefaults.REVISIONS, effective);
    for (String side : List.of("source", "status")) {
      consistency.checkAuth(side + ".auth.", given);
      consistency.checkSsh(side);
    }
    consistency.checkStatusBranch();
    consistency.checkWeb(given);
    consistency.checkHighAvailability();
    consistency.checkTenancy(tenants);
    consistency.checkOrkestra();
    return consistency.problems;
  }

  private void checkUrl() {
    if (effective.containsKey("source.url")) {
      return;
    }
    if (!isTrue("cluster.applied")) {
      report(
          "`source.url` must be given",
          "Set it in segue.yaml or in SEGUE_SOURCE_URL to the URL of the repository.");
      return;
    }
    for (String key : List.of("status.url", "web.git.url")) {
      if (effective.containsKey(key)) {
        report(
            "`" + key + "` must not be given without `source.url`",
            "What is known of applied groups is kept in the cluster.");
      }
    }
    if (isTrue("web.git.enabled")) {
      report("`web.git.enabled` must not be given without `source.url`", "");
    }
  }

  private void checkOrkestra() {
    if (isTrue("cluster.orkestra") && !isTrue("cluster.applied")) {
      report(
          "`cluster.orkestra` must not be given without `cluster.applied`",
          "Set `cluster.applied: true`: objects of Orkestra are read as those that others apply.");
    }
  }

  private void checkAuth(String prefix, Map<String, ConfigValue> given) {
    checkOneOf(
        List.of(prefix + "passwordFile", prefix + "tokenFile", prefix + "sshKeyFile"), given);
    if (given.containsKey(prefix + "passwordFile") && !given.containsKey(prefix + "username")) {
      report("`" + prefix + "username` must be given with `" + prefix + "passwordFile`", "");
    }
  }

  private void checkSsh(String side) {
    ConfigValue url = effective.get(side + ".url");
    boolean sameAsSource =
        side.equals("status") && url != null && url.texts().equals(texts("source.url"));
    if (url == null || sameAsSource || !GitUrl.isSsh(url.text())) {
      return;
    }
    for (String key : List.of("sshKeyFile", "knownHostsFile")) {
      if (!effective.containsKey(side + ".auth." + key)) {
        report("`" + side + ".auth." + key + "` must be given for an ssh URL", "");
      }
    }
  }

  private void checkOneOf(List<String> keys, Map<String, ConfigValue> values) {
    List<String> present = keys.stream().filter(values::containsKey).toList();
    if (present.size() > 1) {
      report(
          "`" + String.join("` and `", present) + "` must not be given together",
          "Keep one of them.");
    }
  }

  /** Otherwise every status commit would be a new source commit, for ever. */
  private void checkStatusBranch() {
    ConfigValue url = effective.get("source.url");
    ConfigValue branch = effective.get("source.branch");
    if (url != null
        && branch != null
        && url.texts().equals(texts("status.url"))
        && branch.texts().equals(texts("status.branch"))) {
      report(
          "`status.branch` must not be the branch that is watched; got \"" + branch.text() + "\"",
          "Leave it out to write to a branch of the cluster's own.");
    }
  }

  /** What is served is encrypted unless the configuration says that it need not be. */
  private void checkWeb(Map<String, ConfigValue> given) {
    if (!effective.containsKey("web.listen")) {
      given.keySet().stream()
          .filter(key -> key.startsWith("web.") && !key.equals("web.health"))
          .filter(key -> !texts(key).equals(List.of("false")))
          .findFirst()
          .ifPresent(key -> report("`web.listen` must be given with `" + key + "`", ""));
      return;
    }
    if (effective.containsKey("web.health") && texts("web.health").equals(texts("web.listen"))) {
      report("`web.health` must be another address than `web.listen`", "Give it another port.");
    }
    boolean plain = isTrue("web.plainHttp");
    for (String key : List.of("web.tls.certificate", "web.tls.key")) {
      boolean there = effective.containsKey(key);
      if (plain && there) {
        report("`" + key + "` must not be given with `web.plainHttp`", "Keep one of them.");
      } else if (!plain && !there) {
        report(
            "`" + key + "` must be given with `web.listen`",
            "Inside a cluster, `web.plainHttp: true` does without TLS.");
      }
    }
    if (effective.containsKey("web.git.url") && !isTrue("web.git.enabled")) {
      report("`web.git.enabled` must be true where `web.git.url` is given", "");
    }
    if (effective.containsKey("web.git.secretRef") && !effective.containsKey("web.git.url")) {
      report("`web.git.url` must be given with `web.git.secretRef`", "");
    }
  }

  /** A holder must have ended before another begins, and have several tries to renew. */
  private void checkHighAvailability() {
    String prefix = "highAvailability.";
    Optional<Duration> lease = duration(prefix + "leaseDuration");
    Optional<Duration> deadline = duration(prefix + "renewDeadline");
    Optional<Duration> retry = duration(prefix + "retryPeriod");
    if (lease.isPresent() && lease.get().toNanosPart() != 0) {
      report("`" + prefix + "leaseDuration` must be whole seconds", "");
    } else if (lease.isPresent()
        && deadline.isPresent()
        && deadline.get().multipliedBy(4).compareTo(lease.get().multipliedBy(3)) > 0) {
      report(
          "`" + prefix + "renewDeadline` must be at most three quarters of `leaseDuration`",
          "The rest is for writes under way to end.");
    }
    if (deadline.isPresent()
        && retry.isPresent()
        && retry.get().multipliedBy(3).compareTo(deadline.get()) > 0) {
      report(
          "`" + prefix + "retryPeriod` must be at most a third of `renewDeadline`",
          "One renewal may fail without an end.");
    }
    if (!isTrue(prefix + "enabled") && !texts(prefix + "shards").equals(List.of("1"))) {
      report("`" + prefix + "enabled` must be true where `" + prefix + "shards` is given", "");
    }
    if (isTrue(prefix + "enabled") && isTrue("web.git.enabled")) {
      report(
          "`web.git.enabled` must not be given together with `" + prefix + "enabled`",
          "An agent that stands by has no copy of the repositories to serve.");
    }
  }

  /** What is laid down must be possible, and no way to the rights of Segue's own accounts. */
  private void checkTenancy(List<Tenant> tenants) {
    String key = "tenancy.defaultServiceAccount";
    if (isTrue("tenancy.serviceAccountRequired") && effective.containsKey(key)) {
      report(
          "`tenancy.serviceAccountRequired` must not be given together with `" + key + "`",
          "With the default no HelmRelease is without an account.");
    }
    if (isTrue("tenancy.serviceAccountRequired")) {
      tenants.stream()
          .filter(tenant -> tenant.serviceAccount() == null && !tenant.isFree())
          .forEach(
              tenant ->
                  report(
                      "`serviceAccount` of tenant \""
                          + tenant.name()
                          + "\" must be given where `tenancy.serviceAccountRequired` is true",
                      "Its files could name the account of any other tenant."));
    }
    Map<String, String> accounts = new LinkedHashMap<>();
    texts(key).forEach(account -> accounts.put("`" + key + "`", account));
    tenants.forEach(
        tenant ->
            accounts.put(
                "`serviceAccount` of tenant \"" + tenant.name() + "\"",
                tenant.serviceAccount() == null ? "" : tenant.serviceAccount()));
    accounts.forEach(
        (what, account) -> {
          if (texts("cluster.workflowServiceAccount").contains(account)) {
            report(
                what + " must not be `cluster.workflowServiceAccount`; got \"" + account + "\"",
                "Who may create HelmReleases may do all that Flux may.");
          }
        });
  }

  private Optional<Duration> duration(String key) {
    try {
      return Optional.of(GoDuration.parse(String.join("", texts(key))));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // reported already
    }
  }

  private boolean isTrue(String key) {
    return texts(key).equals(List.of("true"));
  }

  private List<String> texts(String key) {
    ConfigValue value = effective.get(key);
    return value == null ? List.of() : value.texts();
  }

  private void report(String message, String remedy) {
    problems.add(Problem.of(ProblemCode.CONFIG_INVALID, message, remedy));
  }
}
