// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.reconcile;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * One repository as Git clients may fetch from it: certain refs and what they reach, nothing else,
 * and never a push. It speaks Git's protocol of version 0 in its stateless form, one request and
 * one answer at a time. Safe for several threads.
 */
public interface GitService {
  /** Whether one of the refs is here. */
  boolean ready() throws IOException;

  /** Writes what a client is told first: the refs and what may be asked for. */
  void advertise(OutputStream out) throws IOException;

  /**
   * Reads what a client wants and has, to the end, and writes the objects that it lacks. A request
   * that is not understood, or wants what no ref reaches, is answered within the protocol and
   * thrown as well.
   */
  void upload(InputStream in, OutputStream out) throws IOException;
}
