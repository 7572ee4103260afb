// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.kube;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.model.Namespace;
import dev.segue.renderer.model.PlainData;
import dev.segue.renderer.render.RenderedBundle;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whatever a group says, what is made of it refers to what is beside it and nothing else. */
final class ReferencesStayTest {
  private static final Namespace NAMESPACE = Namespace.parse("segue");
  private static final Set<String> REFERENCES =
      Set.of("secretRef", "certSecretRef", "chartRef", "sourceRef", "valuesFrom");

  private final Set<String> found = new TreeSet<>();

  @Test
  void inTheNamespaceOfTheGroupsObjects() throws IOException {
    RenderedBundle bundle = new RenderedProduct(NAMESPACE).first(everyFeature());
    List<Manifest> objects = new ArrayList<>(bundle.prerequisites());
    objects.addAll(bundle.helmReleases());
    objects.add(bundle.workflow().orElseThrow());
    objects.addAll(RenderedProduct.applied(bundle.workflow().orElseThrow()));

    assertThat(objects)
        .allSatisfy(object -> assertThat(object.namespace()).contains(NAMESPACE.value()))
        .allSatisfy(object -> look("", object.fields()));
    assertThat(found).contains("secretRef", "chartRef", "sourceRef", "valuesFrom");
    assertThat(bundle.helmReleases())
        .allSatisfy(release -> assertThat(release.at("spec", "kubeConfig")).isNull())
        .allSatisfy(
            release ->
                assertThat(release.at("spec", "storageNamespace"))
                    .isEqualTo(release.at("spec", "targetNamespace")))
        .allSatisfy(
            release ->
                assertThat(release.text("spec", "serviceAccountName").orElseThrow())
                    .isIn("group-deployer", "deployer"));
  }

  private void look(String key, @Nullable Object node) {
    if (node instanceof List<?> list) {
      list.forEach(item -> look(key, item));
    } else if (node instanceof Map<?, ?>) {
      Map<String, @Nullable Object> map = PlainData.map(node);
      if (REFERENCES.contains(key)) {
        found.add(key);
        assertThat(map).as(key).doesNotContainKey("namespace");
        assertThat(PlainData.text(map, "name")).as(key).matches("[a-z0-9]([a-z0-9.-]*[a-z0-9])?");
      }
      map.forEach(this::look);
    }
  }

  private static String everyFeature() throws IOException {
    try (InputStream in =
        requireNonNull(
            ReferencesStayTest.class.getResourceAsStream("/groups/every-feature.yaml"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
