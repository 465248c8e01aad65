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
          new ChownCases(),
          new TmpfileCases(),
          new TruncateCases(),
          new UtimesCases(),
          new StatCases(),
          new IoCases(),
          new SeekCases(),
          new FallocateCases(),
          new CopyRangeCases(),
          new SyncCases(),
          new MmapCases(),
          new DirectoryCases(),
          new TimesCases(),
          new HandleCases(),
          new FlockCases(),
          new RecordLockCases(),
          new XattrCases(),
          new AclCases(),
          new CapabilityCases(),
          new FullCases());

  private Tables() {}

  /** The cases whose id contains a text, table by table, without tables that have none. */
  static List<List<ConformanceCase>> containing(String text) {
    return ALL.stream()
        .map(table -> CaseList.of(table).stream().filter(c -> c.id().contains(text)).toList())
        .filter(cases -> !cases.isEmpty())
        .toList();
  }
}
