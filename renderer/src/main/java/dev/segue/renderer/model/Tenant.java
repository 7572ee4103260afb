// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.model;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Somebody whose files, or applied objects, may release into some namespaces only.
 *
 * @param name for people
 * @param paths globs of the files; one without a wildcard is a file or all that is below a folder
 * @param objects {@code NAMESPACE/NAME} of applied ApplicationGroups, in which {@code *} stands for
 *     any characters; no path of a file has to do with them
 * @param namespaces into which its releases and their objects may go; {@code *} stands for any
 *     characters
 * @param clusterScoped the kinds of objects in no namespace that its charts may bring: {@code
 *     Kind}, {@code Kind.group}, or {@code *} for all
 * @param secrets names of the Secrets and ConfigMaps that its groups may name; {@code *} stands for
 *     any characters but a dot
 * @param serviceAccount that its HelmReleases run as, and no other; null where none is laid down
 */
public record Tenant(
    String name,
    List<String> paths,
    List<String> objects,
    List<String> namespaces,
    List<String> clusterScoped,
    List<String> secrets,
    @Nullable String serviceAccount) {
  /** What stands for all. */
  public static final String ANY = "*";

  /** With what the names of objects begin that are Segue's own or its installation's. */
  private static final String OWN_OBJECTS = "segue-";

  public Tenant {
    paths = List.copyOf(paths);
    objects = List.copyOf(objects);
    namespaces = List.copyOf(namespaces);
    clusterScoped = List.copyOf(clusterScoped);
    secrets = List.copyOf(secrets);
  }

  /** One that has files only, which name no Secret. */
  public Tenant(
      String name,
      List<String> paths,
      List<String> namespaces,
      List<String> clusterScoped,
      @Nullable String serviceAccount) {
    this(name, paths, List.of(), namespaces, clusterScoped, List.of(), serviceAccount);
  }

  /** Returns this tenant where applied objects are told as files of their namespace and name. */
  Tenant ofObjects() {
    return new Tenant(
        name,
        objects.stream().map(object -> object + ".yaml").toList(),
        objects,
        namespaces,
        clusterScoped,
        secrets,
        serviceAccount);
  }

  /** Whether the file is this tenant's. */
  boolean has(RepoPath file) {
    return paths.stream().map(Glob::parse).anyMatch(glob -> isIn(glob, file.value()));
  }

  private static boolean isIn(Glob glob, String file) {
    return glob.isLiteral()
        ? glob.path().isEmpty() || file.equals(glob.path()) || file.startsWith(glob.path() + "/")
        : glob.matches(file);
  }

  /**
   * Whether something may be released into that namespace.
   *
   * @param own that of Segue's own objects: a wildcard does not stand for it
   */
  public boolean mayUse(String namespace, Namespace own) {
    return namespace.equals(own.value())
        ? namespaces.contains(namespace)
        : namespaces.stream().anyMatch(pattern -> matches(pattern, namespace, ".*"));
  }

  /**
   * Whether its groups may name that Secret or ConfigMap beside their Flux objects. A wildcard
   * stands neither for Segue's own nor, as it stands for no dot, for values that the agent keeps of
   * groups.
   */
  public boolean mayName(String object) {
    return secrets.contains(object)
        || (!object.startsWith(OWN_OBJECTS)
            && secrets.stream().anyMatch(pattern -> matches(pattern, object, "[^.]*")));
  }

  private static boolean matches(String pattern, String name, String any) {
    String regex =
        Stream.of(pattern.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(any));
    return Pattern.matches(regex, name);
  }

  /** Whether its charts may bring objects of a kind that is in no namespace. */
  public boolean mayBring(ApiKind kind) {
    return clusterScoped.contains(ANY)
        || clusterScoped.contains(kind.qualified())
        || clusterScoped.contains(kind.kind());
  }

  /** Whether nothing is forbidden to it. */
  public boolean isFree() {
    return namespaces.contains(ANY) && clusterScoped.contains(ANY);
  }
}
