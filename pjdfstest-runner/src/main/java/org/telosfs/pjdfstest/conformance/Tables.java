package org.telosfs.pjdfstest.conformance;

import java.util.List;

/** All tables, in the order they are run. */
final class Tables {
  private static final List<CaseTable> ALL =
      List.of(
          new PathCases(),
          new OpenCases(),
          new RenameCases(),
          new StickyCases(),
          new LinkCases(),
          new SymlinkCases(),
          new UnlinkCases(),
          new MakeCases(),
          new ChmodCases(),
          new ChownCases());

  private Tables() {}

  /** The cases whose id contains a text, table by table, without tables that have none. */
  static List<List<ConformanceCase>> containing(String text) {
    return ALL.stream()
        .map(table -> CaseList.of(table).stream().filter(c -> c.id().contains(text)).toList())
        .filter(cases -> !cases.isEmpty())
        .toList();
  }
}
