// SPDX-License-Identifier: Apache-2.0
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;

/**
 * Writes a jar's classes of Java 5 as classes of Java 8, which do the same: {@code ModernClasses
 * <jar> <folder>}. Java takes classes into an archive (class-data sharing) only where they carry
 * what the verifier of Java 6 and newer wants. The jar must be on the class path.
 */
final class ModernClasses {
  private ModernClasses() {}

  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[1]);
    try (ZipFile jar = new ZipFile(arguments[0])) {
      for (ZipEntry entry : jar.stream().filter(ModernClasses::isClass).toList()) {
        Path file = folder.resolve(entry.getName()).normalize();
        if (!file.startsWith(folder)) {
          throw new IOException("leaves the folder: " + entry.getName());
        }
        Files.createDirectories(file.getParent());
        Files.write(file, modern(jar.getInputStream(entry).readAllBytes()));
      }
    }
  }

  private static boolean isClass(ZipEntry entry) {
    return entry.getName().startsWith("picocli/") && entry.getName().endsWith(".class");
  }

  private static byte[] modern(byte[] old) {
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_FRAMES);
    ClassVisitor newer =
        new ClassVisitor(Opcodes.ASM9, writer) {
          @Override
          public void visit(
              int version, int access, String name, String signature, String parent, String[] types) {
            super.visit(Math.max(version, Opcodes.V1_8), access, name, signature, parent, types);
          }
        };
    new ClassReader(old).accept(newer, ClassReader.SKIP_FRAMES);
    return writer.toByteArray();
  }
}
