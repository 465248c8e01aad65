package org.telosfs.pjdfstest.conformance;

/** Cases about one system call or topic. */
interface CaseTable {
  /** In lower case; what a case's id begins with. */
  String name();

  void define(CaseList cases);
}
