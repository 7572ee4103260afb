// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.renderer.model.PlainData;
import dev.segue.renderer.yaml.YamlReader;
import dev.segue.renderer.yaml.YamlWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretLooksTest {
  private static final String MARK = "NEVERWRITTEN";

  private static Map<String, @Nullable Object> values(String yaml) {
    return PlainData.map(YamlReader.read(yaml).documents().get(0).data());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{password: NEVERWRITTEN}",
        "{auth: {rootPassword: NEVERWRITTEN, database: shop}}",
        "{adminUser: {PASSWD: NEVERWRITTEN}}",
        "{db_pwd: NEVERWRITTEN}",
        "{api-key: NEVERWRITTEN}",
        "{aws: {accessKeyId: NEVERWRITTEN, secretAccessKey: NEVERWRITTEN}}",
        "{tls: {privateKey: NEVERWRITTEN}}",
        "{secrets: {anything: {at: {all: NEVERWRITTEN}}}}",
        "{tokens: [NEVERWRITTEN, NEVERWRITTEN]}",
        "{tokens: [[NEVERWRITTEN]]}",
        "{env: [{name: DB_PASSWORD, value: NEVERWRITTEN}, {name: MODE, value: fast}]}",
        "{url: 'postgres://shop:NEVERWRITTEN@db/shop'}",
        "{header: 'Bearer NEVERWRITTENNEVERWRITTEN'}",
        "{jwt: eyJNEVERWRITTEN.eyJNEVERWRITTEN.x}",
        "{github: ghp_NEVERWRITTEN}",
        "{key: '-----BEGIN RSA PRIVATE KEY-----NEVERWRITTEN'}",
        "{config: \"host: db\\npassword: NEVERWRITTEN\\n\"}",
        "{config: \"[db]\\nadmin_token = NEVERWRITTEN\\n\"}",
        "{extra: {list: [{user: a, credentials: {x: NEVERWRITTEN}}]}}"
      })
  void isNotWritten(String yaml) {
    List<String> found = new ArrayList<>();

    String written = YamlWriter.write(SecretLooks.without(values(yaml), found));

    assertThat(written).doesNotContain(MARK);
    assertThat(found).isNotEmpty().noneMatch(path -> path.contains(MARK));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{auth: {existingSecret: pg, existingSecretPasswordKey: ''}}",
        "{tls: {secretName: web-tls}, ref: {secretRef: x}}",
        "{imagePullSecrets: [{name: regcred}, {name: other}]}",
        "{imagePullSecrets: [regcred]}",
        "{serviceAccount: {automountServiceAccountToken: true}}",
        "{password: '', token: null}",
        "{image: {repository: registry.example.com:5000/shop/web, tag: 1.0.0}}",
        "{url: 'https://db.example.com:5432/shop'}",
        "{keyboard: de, monkey: true, passive: 'yes'}",
        "{env: [{name: MODE, value: fast}], empty: {}, none: []}",
        "{replicas: 3, ratio: 0.5, list: [1, [2, 3]]}"
      })
  void isWritten(String yaml) {
    List<String> found = new ArrayList<>();

    assertThat(SecretLooks.without(values(yaml), found)).isEqualTo(values(yaml));
    assertThat(found).isEmpty();
  }

  @Test
  void namesWhatWasTakenOut() {
    List<String> found = new ArrayList<>();

    Map<String, @Nullable Object> kept =
        SecretLooks.without(
            values(
                """
                auth: {password: a, username: shop}
                env: [{name: TOKEN, value: b}]
                tokens: [c, d]
                """),
            found);

    assertThat(found).containsExactlyInAnyOrder("auth.password", "env[0].value", "tokens");
    assertThat(kept).isEqualTo(values("{auth: {username: shop}, env: [{name: TOKEN}]}"));
  }

  /** Whatever is around the word, and however deep. */
  @Property(tries = 200)
  void noKeyHidesTheWord(
      @ForAll @AlphaChars @StringLength(max = 8) String before,
      @ForAll @AlphaChars @StringLength(max = 3) String after) {
    Map<String, @Nullable Object> deep = Map.of("a", Map.of(before + "Password" + after, MARK));

    assertThat(SecretLooks.without(deep, new ArrayList<>()).toString()).doesNotContain(MARK);
  }
}
