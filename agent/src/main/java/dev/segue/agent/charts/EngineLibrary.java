// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import com.marcnuri.helm.jni.HelmLib;
import com.marcnuri.helm.jni.NativeLibrary;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Helm's engine as a native library, and JNA's own, by which Java calls it. Both are kept unpacked
 * from one worker to the next: to unpack them takes longer than all else that a worker's start
 * does.
 */
final class EngineLibrary {
  private final String folder;
  private final Path home;
  private @Nullable Path ofJna;

  /**
   * @param folder where the libraries of this version are kept; "" where they are not to be
   * @param home a folder that this user made
   */
  EngineLibrary(String folder, Path home) {
    this.folder = folder;
    this.home = home;
  }

  /** Has JNA take its own library from there; to be called before anything of JNA is used. */
  void prepare() {
    if (folder.isEmpty()) {
      return;
    }
    String name = System.mapLibraryName("jnidispatch");
    Path kept = Path.of(folder, "jna-" + Native.VERSION); // JNA takes no other version's
    String resource = "/com/sun/jna/" + Platform.RESOURCE_PREFIX + "/" + name;
    try {
      ofJna = new KeptLibrary(resource, kept, home).unpacked();
      System.setProperty("jna.boot.library.path", kept.toString());
    } catch (IOException | UnsupportedOperationException e) {
      return; // JNA unpacks a copy of the worker's own
    }
  }

  /** Loads Helm's engine; where it cannot be kept, from a copy of the worker's own. */
  HelmLib load() {
    HelmLib engine = loadEngine();
    if (ofJna != null && !ofJna.toString().equals(System.getProperty("jnidispatch.path"))) {
      ofJna.toFile().delete(); // JNA could not load it
    }
    return engine;
  }

  private HelmLib loadEngine() {
    NativeLibrary packed = NativeLibrary.getInstance();
    if (folder.isEmpty()) {
      return packed.load();
    }
    Path file;
    try {
      file = new KeptLibrary("/" + packed.getBinaryName(), Path.of(folder), home).unpacked();
    } catch (IOException | UnsupportedOperationException e) {
      return packed.load();
    }
    try {
      return Native.load(file.toString(), HelmLib.class);
    } catch (UnsatisfiedLinkError e) { // damaged, or nothing may be run from there
      file.toFile().delete();
      return packed.load();
    }
  }
}
