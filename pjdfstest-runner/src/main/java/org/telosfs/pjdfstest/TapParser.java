package org.telosfs.pjdfstest;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a script's output in the Test Anything Protocol. Lines that are no TAP are ignored, but a
 * difference between the plan and the assertions that ran is a failure, one per assertion.
 */
final class TapParser {
  /** A plan beyond this is taken for garbage rather than counted out. */
  private static final int MAX_PLAN = 1_000_000;

  private static final Pattern ASSERTION =
      Pattern.compile("(not )?ok\\b(?:\\s+(\\d{1,9})\\b)?\\s*(?:-\\s*)?(.*)");
  private static final Pattern PLAN = Pattern.compile("1\\.\\.(\\d{1,9})\\s*(?:#\\s*(.*))?");
  private static final Pattern DIRECTIVE =
      Pattern.compile("(?:^|\\s)#\\s*(TODO|SKIP)\\b.*", Pattern.CASE_INSENSITIVE);
  private static final String BAIL_OUT = "Bail out!";

  private final List<TapResult> results = new ArrayList<>();
  private final BitSet seen = new BitSet();
  private int planned = -1;
  private int last;
  private boolean bailedOut;

  private TapParser() {}

  static List<TapResult> parse(List<String> lines) {
    TapParser parser = new TapParser();
    for (String line : lines) {
      parser.read(line.stripTrailing());
      if (parser.bailedOut) {
        break;
      }
    }
    parser.compareWithPlan();
    return List.copyOf(parser.results);
  }

  private void read(String line) {
    if (line.startsWith(BAIL_OUT)) {
      bailedOut = true;
      fail(0, line);
      return;
    }
    Matcher plan = PLAN.matcher(line);
    if (plan.matches()) {
      readPlan(Integer.parseInt(plan.group(1)), plan.group(2));
      return;
    }
    Matcher assertion = ASSERTION.matcher(line);
    if (assertion.matches()) {
      String number = assertion.group(2);
      last = number == null ? last + 1 : Integer.parseInt(number);
      readAssertion(assertion.group(1) == null, last, assertion.group(3));
    }
  }

  @SuppressWarnings("NullAway") // a regex group that did not take part is null
  private void readPlan(int count, String note) {
    if (planned >= 0) {
      fail(0, "a second plan: 1.." + count);
    } else if (count > MAX_PLAN) {
      fail(0, "a plan too large to be true: 1.." + count);
    } else if (count == 0) {
      results.add(new TapResult.Skipped(0, note == null ? "" : note));
    }
    planned = Math.min(count, MAX_PLAN);
  }

  private void readAssertion(boolean ok, int number, String text) {
    if (number > MAX_PLAN || seen.get(number)) {
      fail(number, "assertion number out of order: " + number + " " + text);
      return;
    }
    seen.set(number);
    Matcher directive = DIRECTIVE.matcher(text);
    boolean marked = directive.find();
    boolean todo = marked && directive.group(1).toUpperCase(Locale.ROOT).equals("TODO");
    if (marked && (!todo || !ok)) {
      results.add(new TapResult.Skipped(number, text));
    } else if (ok) {
      results.add(new TapResult.Passed(number, text));
    } else {
      fail(number, text);
    }
  }

  private void compareWithPlan() {
    if (planned < 0) {
      if (!bailedOut) {
        fail(0, "no plan (1..N) in the output");
      }
      return;
    }
    for (int n = seen.nextClearBit(1); n <= planned; n = seen.nextClearBit(n + 1)) {
      fail(n, "did not run (planned 1.." + planned + ")");
    }
    int beyond = seen.cardinality() - seen.get(0, planned + 1).cardinality();
    if (beyond > 0 || seen.get(0)) {
      fail(0, "ran assertions outside the plan 1.." + planned);
    }
  }

  private void fail(int number, String text) {
    results.add(new TapResult.Failed(number, text));
  }
}
