// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.agent.git.MirrorRefs.Tip;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MirrorRefsTest {
  private static final String STATUS = "refs/heads/segue/site-a";

  @TempDir private Path temp;

  @Test
  void aPollThatBeganBeforeAPushDoesNotTakeItBack() throws Exception {
    try (RemoteRepository files = RemoteRepository.create(temp.resolve("mirror.git"))) {
      Repository repository = files.repository();
      ObjectId before = ObjectId.fromString(files.commit("a", "x", "1").hex());
      ObjectId pushed = ObjectId.fromString(files.commit("b", "x", "2").hex());
      ObjectId later = ObjectId.fromString(files.commit("c", "x", "3").hex());
      MirrorRefs refs = new MirrorRefs();
      refs.watch(STATUS);
      refs.told(repository, told(before), refs.now());

      long began = refs.now();
      refs.record(repository, STATUS, pushed);
      refs.told(repository, told(before), began);
      assertThat(refs.tip(STATUS)).isEqualTo(new Tip(Optional.of(pushed)));
      assertThat(repository.exactRef(STATUS)).extracting(Ref::getObjectId).isEqualTo(pushed);

      refs.told(repository, told(later), refs.now());
      assertThat(refs.tip(STATUS)).isEqualTo(new Tip(Optional.of(later)));
      assertThat(repository.exactRef(STATUS)).extracting(Ref::getObjectId).isEqualTo(later);

      began = refs.now();
      refs.forget(STATUS);
      refs.told(repository, told(later), began);
      assertThat(refs.tip(STATUS)).isNull();
    }
  }

  private static Map<String, Tip> told(ObjectId id) {
    return Map.of(STATUS, new Tip(Optional.of(id)));
  }
}
