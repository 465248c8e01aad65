package org.telosfs.pjdfstest.conformance;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The cases of one table, in the order of their definition. */
final class CaseList {
  private final String table;
  private final List<ConformanceCase> cases = new ArrayList<>();
  private final Set<String> names = new HashSet<>();

  private CaseList(String table) {
    this.table = table;
  }

  static List<ConformanceCase> of(CaseTable table) {
    CaseList list = new CaseList(table.name());
    table.define(list);
    return List.copyOf(list.cases);
  }

  void add(String name, ConformanceCase.Work work) {
    add(name, List.of(), work);
  }

  void add(String name, Need need, ConformanceCase.Work work) {
    add(name, List.of(need), work);
  }

  private void add(String name, List<Need> needs, ConformanceCase.Work work) {
    if (!names.add(name)) {
      throw new IllegalArgumentException("a second case " + table + "/" + name);
    }
    cases.add(new ConformanceCase(table, name, needs, work));
  }
}
