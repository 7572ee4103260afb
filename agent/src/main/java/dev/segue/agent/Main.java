// SPDX-License-Identifier: Apache-2.0
package dev.segue.agent;

/** The executable {@code segue}. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.out.println("segue");
  }
}
