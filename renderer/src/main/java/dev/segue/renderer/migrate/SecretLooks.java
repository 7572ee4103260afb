// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.migrate;

import dev.segue.renderer.model.PlainData;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes out of values what looks secret, by its key or its form, rather too much than too little:
 *
 * <ul>
 *   <li>a text or number under a key that has a word for secrets in it ({@code password}, {@code
 *       token}, {@code secret}, {@code credential}, {@code privateKey} …) or stands anywhere below
 *       such a key; not where the key says that it is the name of a Secret ({@code existingSecret},
 *       {@code …SecretName}, {@code …SecretRef}, {@code imagePullSecrets});
 *   <li>the {@code value} of an item whose {@code name} has such a word, as environment variables
 *       are written;
 *   <li>a text that has a private key, a password in a URL, a token of a known form, or a line that
 *       sets what is called by such a word.
 * </ul>
 */
final class SecretLooks {
  private static final String WORDS =
      "passw(or)?d|passwd|passphrase|pwd|secret|token|credential|apikey|accesskey|privatekey"
          + "|encryptionkey|signingkey|licensekey|authkey|masterkey|connectionstring|dsn|htpasswd"
          + "|tlskey|sshkey|dockerconfig|webhookurl|salt";

  private static final Pattern SECRET_WORD = Pattern.compile(WORDS);

  /** Such a key holds a Secret's name or a key in it, and nothing secret. */
  private static final Pattern NAME_OF_SECRET =
      Pattern.compile("existingsecret(name|key)?|imagepullsecrets?|.*secret(name|ref)");

  private static final Pattern SECRET_FORM =
      Pattern.compile(
          "-----BEGIN [A-Z ]*PRIVATE KEY|://[^/\\s:@]*:[^/\\s@]+@"
              + "|eyJ[A-Za-z0-9_-]{8,2000}\\.[A-Za-z0-9_-]{8,2000}\\."
              + "|\\b(gh[pousr]_|github_pat_|glpat-|xox[abprs]-|AKIA[0-9A-Z]{12}|sk_live_|AIza)"
              + "|(?i)\\bbearer\\s+[A-Za-z0-9._~+/-]{12,}");

  private static final Pattern SECRET_LINE =
      Pattern.compile(
          "(?i)("
              + WORDS
              + "|api[_-]key|access[_-]key|private[_-]key)\\S{0,40}?[\"']?[ \\t]{0,20}[:=][ \\t]{0,20}\\S");

  private final List<String> found = new ArrayList<>();

  /**
   * Returns the values without what looks secret.
   *
   * @param found gets the dotted path of everything that was taken out
   */
  static Map<String, @Nullable Object> without(
      Map<String, @Nullable Object> values, List<String> found) {
    SecretLooks looks = new SecretLooks();
    Map<String, @Nullable Object> kept = looks.map(values, "", false);
    found.addAll(looks.found);
    return kept;
  }

  private Map<String, @Nullable Object> map(
      Map<String, @Nullable Object> map, String path, boolean secret) {
    Map<String, @Nullable Object> kept = new TreeMap<>();
    boolean namedSecret = isSecret(PlainData.text(map, "name"));
    map.forEach(
        (key, value) -> {
          boolean name = NAME_OF_SECRET.matcher(plain(key)).matches();
          boolean here = !name && (secret || isSecret(key) || (namedSecret && key.equals("value")));
          add(kept, key, value, path.isEmpty() ? key : path + "." + key, here, name);
        });
    return kept;
  }

  private void add(
      Map<String, @Nullable Object> kept,
      String key,
      @Nullable Object value,
      String path,
      boolean secret,
      boolean name) {
    if (value instanceof Map<?, ?> below) {
      Map<String, @Nullable Object> rest = map(PlainData.map(below), path, secret);
      if (!rest.isEmpty() || below.isEmpty()) {
        kept.put(key, rest);
      }
    } else if (value instanceof List<?> list) {
      list(list, path, secret, name).forEach(items -> kept.put(key, items));
    } else if (isTakenOut(value, secret, name)) {
      found.add(path);
    } else {
      kept.put(key, value);
    }
  }

  /** The list; none when something in it is secret and no map: its other items would move. */
  private List<List<@Nullable Object>> list(
      List<?> list, String path, boolean secret, boolean name) {
    List<@Nullable Object> items = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      Object item = list.get(i);
      String here = path + "[" + i + "]";
      if (item instanceof Map<?, ?> map) {
        items.add(map(PlainData.map(map), here, secret));
      } else if (item instanceof List<?> || isTakenOut(item, secret, name)) {
        boolean harmless =
            item instanceof List<?> && list(all(item), here, secret, name).size() == 1;
        if (!harmless) {
          found.removeIf(other -> other.startsWith(path + "["));
          found.add(path);
          return List.of();
        }
        items.add(item);
      } else {
        items.add(item);
      }
    }
    return List.of(items);
  }

  private static List<?> all(Object item) {
    return item instanceof List<?> list ? list : List.of();
  }

  private static boolean isTakenOut(@Nullable Object value, boolean secret, boolean name) {
    if (value == null || value instanceof Boolean || "".equals(value)) {
      return false;
    }
    boolean form =
        value instanceof String text
            && (SECRET_FORM.matcher(text).find()
                || (text.contains("\n") && SECRET_LINE.matcher(text).find()));
    return form || (secret && !name);
  }

  private static boolean isSecret(String key) {
    String plain = plain(key);
    return SECRET_WORD.matcher(plain).find() && !NAME_OF_SECRET.matcher(plain).matches();
  }

  private static String plain(String key) {
    return key.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
  }
}
