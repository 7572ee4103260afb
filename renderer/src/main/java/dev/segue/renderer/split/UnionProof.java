// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.split;

import dev.segue.renderer.model.HelmOutput;
import java.util.List;
import java.util.SortedMap;

/** Whether the parts of an umbrella chart together are what its author wrote. */
public final class UnionProof {
  private UnionProof() {}

  /**
   * Compares object by object, hooks and CRDs too.
   *
   * @param again the whole rendered once more: what differs between {@code whole} and it is
   *     generated (chance, time) and not compared; may be the same object
   * @param parts what each part renders, by sub-chart, the parent's under ""
   */
  public static Comparison compare(
      HelmOutput whole, HelmOutput again, SortedMap<String, HelmOutput> parts) {
    if (parts.isEmpty()) {
      return new Comparison(0, List.of(), List.of());
    }
    throw new UnsupportedOperationException("not written yet");
  }

  /**
   * What the comparison found.
   *
   * @param objects how many the whole chart renders
   * @param differences by object and field
   * @param notices what a reader should know, such as what is generated and was not compared;
   *     sorted
   */
  public record Comparison(int objects, List<Difference> differences, List<String> notices) {
    public Comparison {
      differences = List.copyOf(differences);
      notices = notices.stream().sorted().distinct().toList();
    }

    /** Whether the parts together are the whole. */
    public boolean exact() {
      return differences.isEmpty();
    }
  }

  /**
   * One field that is not the same. What a Secret holds is masked.
   *
   * @param object {@code apiVersion Kind namespace/name}
   * @param part the sub-chart whose part renders it, "" for the parent's; "" too when none does
   * @param field such as {@code spec.replicas}; "" when the object as a whole is missing or extra
   * @param whole the value in the whole chart; "" when there is none
   * @param parts the value in the part; "" when there is none
   * @param source the template's path, such as {@code shop/charts/db/templates/service.yaml}
   */
  public record Difference(
      String object, String part, String field, String whole, String parts, String source) {}
}
