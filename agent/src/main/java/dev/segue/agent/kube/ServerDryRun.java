// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import dev.segue.agent.reconcile.ClusterException;
import dev.segue.agent.reconcile.DryRun;
import dev.segue.renderer.model.Manifest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Server-side dry runs. An answer counts for the object it is about, never for the others. */
final class ServerDryRun implements DryRun {
  private static final String QUERY = "&fieldValidation=Strict&dryRun=All";

  private final ApiServer server;
  private final Resources resources;
  private final Workers workers;

  ServerDryRun(ApiServer server, Resources resources, Workers workers) {
    this.server = server;
    this.resources = resources;
    this.workers = workers;
  }

  @Override
  public List<Verdict> ask(List<Candidate> candidates) throws ClusterException {
    resources.find(candidates.stream().map(Candidate::object).toList(), workers);
    Map<Integer, Verdict> verdicts = new ConcurrentHashMap<>();
    workers.forEach(
        IntStream.range(0, candidates.size()).boxed().toList(),
        index -> verdicts.put(index, ask(candidates.get(index))));
    return IntStream.range(0, candidates.size())
        .mapToObj(index -> Objects.requireNonNull(verdicts.get(index)))
        .toList();
  }

  private Verdict ask(Candidate candidate) throws ClusterException {
    Resource resource = resources.known(candidate.object()).orElse(null);
    if (resource == null) {
      return new Verdict.UnknownKind();
    }
    Manifest object = placed(candidate, resource);
    Target target =
        new Target("apply", object.kind(), object.namespace().orElse(null), object.name());
    String path;
    try {
      path = ObjectWriter.path(target, resource, object);
    } catch (ClusterException e) {
      return new Verdict.Refused(e.getMessage());
    }
    String query = "?fieldManager=" + candidate.writer().text() + QUERY;
    String body = server.asJson(object.fields());
    Request request =
        candidate.anew()
            ? Request.create(target, path + query, body)
            : Request.apply(target, path + "/" + object.name() + query + "&force=true", body);
    return verdict(target, resource, server.ask(request));
  }

  /** In the namespace that its kind wants, or in none, as Helm has it. */
  private static Manifest placed(Candidate candidate, Resource resource) {
    Manifest object = candidate.object();
    Map<String, @Nullable Object> metadata = new LinkedHashMap<>(object.map("metadata"));
    if (resource.namespaced()) {
      metadata.put("namespace", object.namespace().orElse(candidate.namespace()));
    } else {
      metadata.remove("namespace");
    }
    Map<String, @Nullable Object> fields = new LinkedHashMap<>(object.fields());
    fields.put("metadata", metadata);
    return new Manifest(fields);
  }

  private static Verdict verdict(Target target, Resource resource, Answer answer)
      throws ClusterException {
    if (answer.successful() || (answer.code() == 409 && answer.reason().equals("AlreadyExists"))) {
      return new Verdict.Taken();
    }
    if (Failures.isAboutNamespace(answer)) {
      return new Verdict.NoNamespace(Objects.requireNonNullElse(target.namespace(), ""));
    }
    if (answer.message().contains("does not support dry run")) {
      return new Verdict.Unable("an admission webhook does not support dry runs");
    }
    if (Failures.isRejection(answer)) {
      return new Verdict.Refused(Refusals.text(target, answer));
    }
    return switch (answer.code()) {
      case 401, 429 -> throw Failures.answered(target, resource, answer);
      case 403 -> forbidden(target, resource, answer);
      case 404 -> new Verdict.UnknownKind();
      default ->
          new Verdict.Unable(
              "the API server answered " + answer.code() + ": " + Refusals.text(target, answer));
    };
  }

  private static Verdict forbidden(Target target, Resource resource, Answer answer) {
    if (answer.message().contains("attempting to grant RBAC permissions")) {
      return new Verdict.Forbidden(
          "the rights that " + resource.plural() + " of this plan grant, or verb \"escalate\"");
    }
    String right = Failures.missingRight(answer);
    return right.isEmpty()
        ? new Verdict.Refused(Refusals.text(target, answer))
        : new Verdict.Forbidden(right);
  }
}
