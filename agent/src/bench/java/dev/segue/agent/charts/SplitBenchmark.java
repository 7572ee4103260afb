// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import dev.segue.agent.reconcile.ChartStore.SplitRequest;
import dev.segue.renderer.model.ResolvedChart;
import dev.segue.renderer.split.SplitChart;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/**
 * Splits an umbrella chart of 100 sub-charts of ten templates, renders every part and proves the
 * union, beside {@code helm template} of the whole; prints ratios. {@code -Dhelm=} names Helm's
 * binary (default: {@code helm} of PATH).
 */
public final class SplitBenchmark {
  private static final int SUBCHARTS = 100;
  private static final int RUNS = 5;
  private static final List<String> KINDS =
      List.of(
          "v1 ServiceAccount",
          "v1 Service",
          "v1 ConfigMap",
          "v1 Secret",
          "rbac.authorization.k8s.io/v1 Role",
          "rbac.authorization.k8s.io/v1 RoleBinding",
          "networking.k8s.io/v1 NetworkPolicy",
          "policy/v1 PodDisruptionBudget",
          "autoscaling/v2 HorizontalPodAutoscaler");

  private final PrintStream out = System.out;
  private final Path folder;
  private final String helm = System.getProperty("helm", "helm");

  private SplitBenchmark(Path folder) {
    this.folder = folder;
  }

  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createTempDirectory("segue-bench-");
    try {
      SplitBenchmark benchmark = new SplitBenchmark(folder);
      benchmark.run("labels by `include`", false);
      benchmark.run("labels by `include`, annotations by `tpl`", true);
    } finally {
      RenderWorker.delete(folder);
    }
  }

  private void run(String what, boolean evaluated) throws Exception {
    out.printf(
        "%d sub-charts of ten templates, %s, %d processors%n",
        SUBCHARTS, what, Runtime.getRuntime().availableProcessors());
    Path chart = folder.resolve(evaluated ? "tpl" : "plain");
    for (var file : umbrella(0, evaluated).entrySet()) {
      Path path = chart.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getValue());
    }
    MemoryRepo repo = new MemoryRepo();
    for (int i = 0; i < RUNS + 3; i++) {
      for (var file : umbrella(i, evaluated).entrySet()) {
        repo.write("u" + i + "/" + file.getKey(), file.getValue().getBytes(StandardCharsets.UTF_8));
      }
    }
    try (HelmChartStore store = Stores.store(repo, folder.resolve("cache-" + evaluated))) {
      List<ResolvedChart> charts = new ArrayList<>();
      for (int i = 0; i < RUNS + 3; i++) {
        charts.add(Stores.git(store, "u" + i));
      }
      for (int i = 0; i < 3; i++) { // warm
        exact(store.split(request(charts.get(RUNS + i), Map.of())));
        exact(store.split(request(charts.get(RUNS + i), change(i))));
      }
      List<Double> peers = new ArrayList<>();
      List<Double> full = new ArrayList<>();
      List<Double> changed = new ArrayList<>();
      List<Double> again = new ArrayList<>();
      double[] cpu = new double[3];
      for (int i = 0; i < RUNS; i++) { // by turns, so that other load falls on all of them
        ResolvedChart one = charts.get(i);
        int seed = i + 1;
        double before = cpuSeconds(store.workerPid());
        peers.add(seconds(() -> template(chart)));
        cpu[0] += cpuSeconds(store.workerPid()) - before;
        before = cpuSeconds(store.workerPid());
        full.add(seconds(() -> exact(store.split(request(one, Map.of())))));
        cpu[1] += cpuSeconds(store.workerPid()) - before;
        before = cpuSeconds(store.workerPid());
        changed.add(seconds(() -> exact(store.split(request(one, change(seed))))));
        cpu[2] += cpuSeconds(store.workerPid()) - before;
        again.add(seconds(() -> exact(store.split(request(one, change(seed))))));
      }
      double peer = median(peers);
      double proof = median(full);
      out.printf("  helm template of the whole           %7.3f s%n", peer);
      report("split, render every part, prove", proof, peer, proof);
      report("after a change in one sub-chart", median(changed), peer, proof);
      report("again, nothing changed", median(again), peer, proof);
      out.printf(
          "  CPU: helm template %.2f s, full proof %.2f s, after a change %.2f s%n",
          cpu[0] / RUNS, cpu[1] / RUNS, cpu[2] / RUNS);
    }
  }

  private void report(String what, double seconds, double peer, double proof) {
    out.printf(
        "  %-36s %7.3f s   %.2f of helm template, %.3f of the full proof%n",
        what, seconds, seconds / peer, seconds / proof);
  }

  private static Map<String, Object> change(int seed) {
    return Map.of("c" + (10 + seed), Map.of("replicas", 7L + seed));
  }

  private static SplitRequest request(ResolvedChart chart, Map<String, Object> values) {
    return UmbrellaCase.request(chart, values, List.of());
  }

  private static SplitChart exact(SplitChart split) {
    if (!split.refusals().isEmpty() || split.parts().size() != SUBCHARTS) {
      throw new IllegalStateException(split.parts().size() + " parts: " + split.refusals());
    }
    return split;
  }

  private @org.jspecify.annotations.Nullable Void template(Path chart)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                helm,
                "template",
                "web",
                chart.toString(),
                "--namespace",
                "shop",
                "--kube-version",
                "v1.34.4")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    if (process.waitFor() != 0) {
      throw new IOException("helm fails");
    }
    return null;
  }

  private static SortedMap<String, String> umbrella(int seed, boolean evaluated) {
    SortedMap<String, String> files = new TreeMap<>();
    StringBuilder chart = new StringBuilder("apiVersion: v2\nname: umbrella\nversion: 1.0.0\n");
    StringBuilder values = new StringBuilder("global: {zone: a}\n");
    chart.append("dependencies:\n");
    for (int i = 0; i < SUBCHARTS; i++) {
      String name = "c" + i;
      chart.append("- {name: %s, version: 1.0.0, condition: %s.enabled}\n".formatted(name, name));
      values.append("%s: {enabled: true, replicas: %d}\n".formatted(name, i % 5));
      subchart(files, name, seed, evaluated);
    }
    files.put("Chart.yaml", chart.toString());
    files.put("values.yaml", values.toString());
    files.put(
        "templates/umbrella.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: '{{ .Release.Name }}-umbrella'}\n");
    return files;
  }

  private static void subchart(
      SortedMap<String, String> files, String name, int seed, boolean evaluated) {
    String folder = "charts/" + name + "/";
    files.put(folder + "Chart.yaml", "apiVersion: v2\nname: %s\nversion: 1.0.0\n".formatted(name));
    files.put(
        folder + "values.yaml",
        """
        enabled: true
        replicas: 1
        image: {repository: example.org/%s, tag: "%d", pullPolicy: IfNotPresent}
        annotations: {owner: '{{ .Release.Name }}', kind: plain}
        service: {type: ClusterIP, port: 80}
        resources: {limits: {cpu: 100m, memory: 128Mi}, requests: {cpu: 100m, memory: 128Mi}}
        """
            .formatted(name, seed));
    files.put(
        folder + "templates/_helpers.tpl",
        """
        {{- define "NAME.fullname" -}}
        {{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 63 }}
        {{- else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 63 | trimSuffix "-" }}{{ end }}
        {{- end }}
        {{- define "NAME.selector" -}}
        app.kubernetes.io/name: {{ .Chart.Name }}
        app.kubernetes.io/instance: {{ .Release.Name }}
        {{- end }}
        {{- define "NAME.labels" -}}
        helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
        {{ include "NAME.selector" . }}
        app.kubernetes.io/managed-by: {{ .Release.Service }}
        {{- end }}
        """
            .replace("NAME", name));
    String head =
        """
        apiVersion: VERSION
        kind: KIND
        metadata:
          name: {{ include "NAME.fullname" . }}
          labels:
            {{- include "NAME.labels" . | nindent 4 }}
          annotations:
            ANNOTATIONS
        """
            .replace("NAME", name)
            .replace(
                "ANNOTATIONS",
                evaluated
                    ? "{{- tpl (toYaml .Values.annotations) . | nindent 4 }}"
                    : "{{- toYaml .Values.annotations | nindent 4 }}");
    for (String kind : KINDS) {
      String[] words = kind.split(" ", -1);
      files.put(
          folder + "templates/" + words[1].toLowerCase(java.util.Locale.ROOT) + ".yaml",
          head.replace("VERSION", words[0]).replace("KIND", words[1])
              + "spec:\n  replicas: {{ .Values.replicas }}\n  service:\n    {{- toYaml .Values.service"
              + " | nindent 4 }}\n  selector:\n    {{- include \"%s.selector\" . | nindent 4 }}\n"
                  .formatted(name));
    }
    files.put(
        folder + "templates/deployment.yaml",
        head.replace("VERSION", "apps/v1").replace("KIND", "Deployment")
            + """
            spec:
              replicas: {{ .Values.replicas }}
              selector:
                matchLabels:
                  {{- include "NAME.selector" . | nindent 6 }}
              template:
                metadata:
                  labels:
                    {{- include "NAME.labels" . | nindent 8 }}
                spec:
                  serviceAccountName: {{ include "NAME.fullname" . }}
                  containers:
                  - name: {{ .Chart.Name }}
                    image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                    imagePullPolicy: {{ .Values.image.pullPolicy }}
                    ports:
                    - {name: http, containerPort: {{ .Values.service.port }}, protocol: TCP}
                    livenessProbe: {httpGet: {path: /, port: http}}
                    readinessProbe: {httpGet: {path: /, port: http}}
                    resources:
                      {{- toYaml .Values.resources | nindent 12 }}
            """
                .replace("NAME", name));
  }

  /** What this process, its ended children and the worker have used; Linux. */
  private static double cpuSeconds(long worker) throws IOException {
    return (ticks("/proc/self/stat", 13, 17) + ticks("/proc/" + worker + "/stat", 13, 15)) / 100;
  }

  private static double ticks(String stat, int from, int to) throws IOException {
    String line = Files.readString(Path.of(stat));
    String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
    double ticks = 0;
    for (int i = from; i < to; i++) {
      ticks += Double.parseDouble(fields[i - 2]);
    }
    return ticks;
  }

  private static double seconds(Callable<?> work) throws Exception {
    long start = System.nanoTime();
    work.call();
    return (System.nanoTime() - start) / 1e9;
  }

  private static double median(List<Double> all) {
    List<Double> sorted = new ArrayList<>(all);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }
}
