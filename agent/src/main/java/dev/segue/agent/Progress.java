// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

import dev.segue.agent.cli.Console;
import java.time.Duration;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Says what is being done when it lasts: in one line on standard error that is printed over, and is
 * gone at the end. On a terminal only. Safe for several threads.
 */
final class Progress implements AutoCloseable {
  private static final Duration QUIET = Duration.ofSeconds(1);
  private static final Duration PERIOD = Duration.ofMillis(250);
  private static final String CLEARED = "\r\u001b[K";

  private final Console console;
  private final long begun = System.nanoTime();
  private final @Nullable Timer timer;
  private String doing = "";
  private int columns;
  private boolean shown;
  private boolean closed;

  private Progress(Console console, Duration quiet) {
    this.console = console;
    if (console.redraws()) {
      timer = new Timer("segue-progress", true);
      timer.schedule(
          new TimerTask() {
            @Override
            public void run() {
              show();
            }
          },
          quiet.toMillis(),
          PERIOD.toMillis());
    } else {
      timer = null;
    }
  }

  /** Begins; nothing is printed within the first second. */
  static Progress on(Console console) {
    return new Progress(console, QUIET);
  }

  /** As {@link #on}, after another time than a second. */
  static Progress on(Console console, Duration quiet) {
    return new Progress(console, quiet);
  }

  /** Says what is done from now on, such as {@code planning for site-a}. */
  synchronized void say(String what) {
    doing = what;
  }

  private synchronized void show() {
    if (closed || doing.isEmpty()) {
      return;
    }
    if (columns == 0) {
      columns = TerminalSize.columns(console); // asks a process
    }
    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun);
    String line = doing + " (" + seconds + " s)";
    int room = Math.max(1, columns - 1); // a full line would wrap
    console.err().print(CLEARED + line.substring(0, Math.min(room, line.length())));
    console.err().flush();
    shown = true;
  }

  /** Clears the line; nothing is printed afterwards. */
  @Override
  public synchronized void close() {
    closed = true;
    if (timer != null) {
      timer.cancel();
    }
    if (shown) {
      shown = false;
      console.err().print(CLEARED);
      console.err().flush();
    }
  }
}
