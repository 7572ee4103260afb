// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.testing;

import dev.segue.agent.reconcile.PortException;
import dev.segue.agent.rehearse.Fault;
import dev.segue.renderer.model.LiveWorkflow;
import dev.segue.renderer.model.Manifest;
import dev.segue.renderer.status.AttemptRecord;
import dev.segue.renderer.status.HistoryFile;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an agent goes through while it is killed again and again. Each agent of a story is one life;
 * the story goes on from where the world is, whoever lives.
 */
public enum Story {
  FIRST_RELEASE {
    @Override
    public void begin(ReleaseLab lab) throws PortException {
      lab.group(SHOP, "db=red", "web=red<db").push();
    }
  },

  /** The upgrade of web fails, and the group goes back to the commit before. */
  FAILED_UPGRADE {
    @Override
    public void before(ReleaseLab lab) throws PortException {
      releaseRed(lab);
    }

    @Override
    public void begin(ReleaseLab lab) throws PortException {
      lab.cluster().fail("web", Fault.TIMES_OUT);
      lab.group(SHOP, "db=blue", "web=blue<db").push();
    }

    /** What made the upgrade fail does not make its way back fail. */
    @Override
    public boolean next(ReleaseLab lab) {
      boolean begun = lab.workflows(SHOP).size() == 2; // asked first: then it has ended, below
      if (begun && running(lab).isEmpty()) {
        lab.cluster().heal("web");
      }
      return false;
    }
  },

  REMOVAL {
    @Override
    public void before(ReleaseLab lab) throws PortException {
      lab.group("one", "uno").group("two", "due"); // half of all may go without being asked for
      releaseRed(lab);
    }

    @Override
    public void begin(ReleaseLab lab) throws PortException {
      lab.remove("products/shop.yaml").push();
    }
  },

  /** Only the newest commit counts: the Workflow of the one before is stopped. */
  COMMIT_WHILE_A_WORKFLOW_RUNS {
    @Override
    public void before(ReleaseLab lab) throws PortException {
      releaseRed(lab);
    }

    @Override
    public void begin(ReleaseLab lab) throws PortException {
      lab.group(SHOP, "db=blue", "web=blue<db").push();
    }

    @Override
    public boolean next(ReleaseLab lab) throws PortException {
      Optional<LiveWorkflow> found = running(lab);
      if (found.isEmpty()) {
        return false;
      }
      LiveWorkflow workflow = found.get();
      if (lab.says("products/shop.yaml", "green")) {
        return workflow.suspended() && !workflow.busy(); // spares the wait for the next look
      }
      if (!workflow.busy()) {
        return false; // its first step is under way before the next commit comes, in every world
      }
      lab.group(SHOP, "db=green", "web=green<db").push();
      return true;
    }

    /** However long the agent takes to stop the Workflow, it has not ended by then. */
    @Override
    boolean timePasses(ReleaseLab lab) {
      return !lab.says("products/shop.yaml", "green")
          || lab.workflows(SHOP).size() != 2
          || running(lab).map(stopping -> !stopping.stoppedFor().isEmpty()).orElse(true);
    }
  },

  /** Somebody deleted a HelmRelease. */
  DRIFT {
    @Override
    public void before(ReleaseLab lab) throws PortException {
      releaseRed(lab);
    }

    @Override
    public void begin(ReleaseLab lab) {
      Manifest release = lab.objects(SHOP, "HelmRelease").get(0);
      lab.cluster().delete("HelmRelease", ReleaseLab.NAMESPACE.value(), release.name());
      lab.pass(Duration.ofMinutes(5));
    }
  },

  APPROVAL {
    @Override
    public void before(ReleaseLab lab) throws PortException {
      releaseRed(lab);
    }

    @Override
    public void begin(ReleaseLab lab) throws PortException {
      lab.spec("approval: manual").group(SHOP, "db=blue", "web=red<db").push();
    }

    @Override
    public boolean next(ReleaseLab lab) throws PortException {
      List<Manifest> asked = lab.objects(SHOP, "ConfigMap");
      Optional<AttemptRecord> plan =
          lab.statusFile("groups/shop/next/plan.yaml").flatMap(HistoryFile::read);
      if (!asked.isEmpty() && plan.isPresent() && asked.get(0).annotation(APPROVE).isEmpty()) {
        Manifest requests = asked.get(0);
        lab.cluster()
            .edit(
                "ConfigMap",
                ReleaseLab.NAMESPACE.value(),
                requests.name(),
                object -> annotated(object, plan.get().plan()));
        return true;
      }
      return false;
    }
  };

  public static final String SHOP = "shop";
  private static final String APPROVE = "segue.dev/approve";

  /** What was there before: done by an agent that nobody kills. */
  public void before(ReleaseLab lab) throws PortException {}

  /** What the agents have to see to; while none lives. */
  public abstract void begin(ReleaseLab lab) throws PortException;

  /**
   * What happens meanwhile; asked again and again, and nothing happens twice.
   *
   * @return whether Git is to be asked
   */
  public boolean next(ReleaseLab lab) throws PortException {
    return false;
  }

  /** Whether the cluster's time passes, or stands still until the agent has done something. */
  boolean timePasses(ReleaseLab lab) {
    return true;
  }

  /** Lets an agent live until it is killed or the story is over. */
  public final void live(ReleaseLab lab, Life life) {
    life.poll();
    lab.until(
        () -> {
          boolean over = life.dead() || life.settled();
          try {
            if (!life.dead() && next(lab)) {
              life.poll();
              return life.dead();
            }
          } catch (PortException e) {
            throw new IllegalStateException(e);
          }
          return over;
        },
        () -> timePasses(lab));
  }

  private static void releaseRed(ReleaseLab lab) throws PortException {
    lab.group(SHOP, "db=red", "web=red<db").push();
    lab.start().release().stop();
  }

  private static Optional<LiveWorkflow> running(ReleaseLab lab) {
    return lab.objects(SHOP, "Workflow").stream()
        .map(LiveWorkflow::of)
        .filter(workflow -> !workflow.ended())
        .findFirst();
  }

  private static Manifest annotated(Manifest object, String digest) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>(object.fields());
    Map<String, @Nullable Object> metadata = new LinkedHashMap<>(object.map("metadata"));
    metadata.put("annotations", Map.of(APPROVE, digest));
    fields.put("metadata", metadata);
    return new Manifest(fields);
  }
}
