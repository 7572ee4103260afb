// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.GroupName;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestsFileTest {
  private static final GroupName SHOP = GroupName.parse("shop");
  private static final String DIGEST = "d".repeat(64);
  private static final String COMMIT = "c".repeat(40);

  @Property(tries = 300)
  void readsWhatItWrote(@ForAll("requests") Requests requests) {
    String text = RequestsFile.write(SHOP, requests);
    assertThat(RequestsFile.read(text)).contains(requests);
    assertThat(RequestsFile.write(SHOP, RequestsFile.read(text).orElseThrow())).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "no: mapping: here",
        "{}",
        "a: 1\n---\nb: 2",
        "kind: Requests~kind: \"\"",
        "digest: " + "\"?d{64}\"?" + "~digest: 12",
        "attempt: 3~attempt: three",
        "attempt: 3~attempt: 99999999999999",
        "to: c{40}~to: main",
        "from: d{64}~from: \"\"",
      })
  void isNoRequestAfterAnEditThatSpoiltIt(String edit) {
    String good =
        RequestsFile.write(
            SHOP,
            new Requests(
                new Requests.Suspend("jane", "now"),
                new Requests.Approve(DIGEST, "jane", "now"),
                new Requests.Retry(3, "jane", "now"),
                new Requests.Rollback(COMMIT, DIGEST, "jane", "now")));
    assertThat(RequestsFile.read(good)).isPresent();
    int cut = edit.indexOf('~');
    String spoilt =
        cut < 0 ? edit : good.replaceFirst(edit.substring(0, cut), edit.substring(cut + 1));
    assertThat(spoilt).isNotEqualTo(good);
    assertThat(RequestsFile.read(spoilt)).isEmpty();
  }

  @Test
  void takesWhatPeopleWriteByHand() {
    String text =
        """
        # please
        apiVersion: segue.dev/v1alpha1
        kind: Requests
        metadata: {name: shop}
        spec:
          suspend: true
          approve: {digest: "sha256:%s"}
          retry:
          rollback: false
        """
            .formatted(DIGEST);
    assertThat(RequestsFile.read(text))
        .contains(
            new Requests(
                new Requests.Suspend("", ""), new Requests.Approve(DIGEST, "", ""), null, null));
    assertThat(RequestsFile.read(text.replaceAll("(?s)spec:.*", "spec: {}\n")))
        .contains(Requests.NONE);
  }

  @Provide
  Arbitrary<Requests> requests() {
    Arbitrary<String> texts =
        Arbitraries.of("", "null", "~", "Jane: <j>", "true", "2026-11-21T03:00:00Z", "é\u202e\n#");
    return Combinators.combine(
            Arbitraries.integers().between(0, 15),
            Arbitraries.integers().between(0, Integer.MAX_VALUE),
            texts,
            texts)
        .as(
            (which, attempt, by, at) ->
                new Requests(
                    (which & 1) == 0 ? null : new Requests.Suspend(by, at),
                    (which & 2) == 0 ? null : new Requests.Approve(DIGEST, by, at),
                    (which & 4) == 0 ? null : new Requests.Retry(attempt, by, at),
                    (which & 8) == 0 ? null : new Requests.Rollback(COMMIT, DIGEST, by, at)));
  }
}
