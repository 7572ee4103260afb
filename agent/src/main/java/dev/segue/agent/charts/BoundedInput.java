// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent.charts;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream that gives at most so many bytes and then fails. */
final class BoundedInput extends FilterInputStream {
  private long left;

  BoundedInput(InputStream in, long maxBytes) {
    super(in);
    this.left = maxBytes;
  }

  @Override
  public int read() throws IOException {
    int value = super.read();
    spend(value < 0 ? 0 : 1);
    return value;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int count = super.read(buffer, offset, length);
    spend(Math.max(count, 0));
    return count;
  }

  @Override
  public long skip(long count) throws IOException {
    long skipped = super.skip(count);
    spend(skipped);
    return skipped;
  }

  private void spend(long count) throws TooMuch {
    left -= count;
    if (left < 0) {
      throw new TooMuch();
    }
  }

  /** There is more than the bound allows. */
  static final class TooMuch extends IOException {}
}
