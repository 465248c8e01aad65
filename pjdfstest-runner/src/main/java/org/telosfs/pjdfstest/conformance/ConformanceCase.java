package org.telosfs.pjdfstest.conformance;

import java.util.List;

/** One expectation: its id is {@code table/name}. */
record ConformanceCase(String table, String name, List<Need> needs, Work work) {
  /** What a case does in its sandbox; it throws where something is not as it must be. */
  interface Work {
    void run(Sandbox in) throws Exception;
  }

  ConformanceCase {
    needs = List.copyOf(needs);
    if (!name.matches("[a-z0-9][a-z0-9-]*")) {
      throw new IllegalArgumentException("no case name: " + name);
    }
  }

  String id() {
    return table + "/" + name;
  }
}
