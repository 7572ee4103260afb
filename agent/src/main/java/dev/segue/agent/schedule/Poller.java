// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Objects;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.quartz.DisallowConcurrentExecution;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobDataMap;
import org.quartz.JobExecutionContext;
import org.quartz.JobExecutionException;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.TriggerKey;
import org.quartz.impl.StdSchedulerFactory;

/**
 * Calls a task again and again, never two calls at a time: an interval after the last call ended,
 * spread by a tenth so that many agents do not ask one server together.
 */
public final class Poller implements AutoCloseable {
  private static final String TASK = "task";
  private static final String INTERVAL = "interval";
  private static final TriggerKey TRIGGER = TriggerKey.triggerKey("poll");

  private final Scheduler scheduler;

  private Poller(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /** Begins at once. The task must not throw. */
  public static Poller start(Duration interval, Runnable task) {
    Properties properties = new Properties();
    properties.setProperty("org.quartz.scheduler.instanceName", "segue-" + UUID.randomUUID());
    properties.setProperty("org.quartz.scheduler.skipUpdateCheck", "true");
    properties.setProperty("org.quartz.scheduler.makeSchedulerThreadDaemon", "true");
    properties.setProperty("org.quartz.threadPool.class", "org.quartz.simpl.SimpleThreadPool");
    properties.setProperty("org.quartz.threadPool.threadCount", "1");
    properties.setProperty("org.quartz.threadPool.makeThreadsDaemons", "true");
    properties.setProperty("org.quartz.jobStore.class", "org.quartz.simpl.RAMJobStore");
    try {
      Scheduler scheduler = new StdSchedulerFactory(properties).getScheduler();
      JobDataMap data = new JobDataMap();
      data.put(TASK, task);
      data.put(INTERVAL, interval);
      scheduler.scheduleJob(
          JobBuilder.newJob(PollJob.class).usingJobData(data).build(), next(Duration.ZERO));
      scheduler.start();
      return new Poller(scheduler);
    } catch (SchedulerException e) {
      throw new IllegalStateException("an in-memory scheduler must start", e);
    }
  }

  @SuppressWarnings("JavaUtilDate") // Quartz knows no other
  private static Trigger next(Duration delay) {
    return TriggerBuilder.newTrigger()
        .withIdentity(TRIGGER)
        .startAt(Date.from(Instant.now().plus(delay)))
        .build();
  }

  /** Waits for a call under way; none begins any more. */
  @Override
  public void close() {
    try {
      scheduler.shutdown(true);
    } catch (SchedulerException e) {
      throw new IllegalStateException("an in-memory scheduler must end", e);
    }
  }

  /** One call, and the next one's time. */
  @DisallowConcurrentExecution
  public static final class PollJob implements Job {
    @Override
    public void execute(JobExecutionContext context) throws JobExecutionException {
      JobDataMap data = context.getMergedJobDataMap();
      ((Runnable) Objects.requireNonNull(data.get(TASK))).run();
      long millis = ((Duration) Objects.requireNonNull(data.get(INTERVAL))).toMillis();
      long spread = ThreadLocalRandom.current().nextLong(Math.max(1, millis / 10));
      try {
        context.getScheduler().rescheduleJob(TRIGGER, next(Duration.ofMillis(millis + spread)));
      } catch (SchedulerException e) {
        throw new JobExecutionException("cannot schedule the next poll", e);
      }
    }
  }
}
