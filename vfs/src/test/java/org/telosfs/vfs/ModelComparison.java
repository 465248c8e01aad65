package org.telosfs.vfs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;

/**
 * Runs one random sequence on a model and on the tree to be tested, step by step, and fails at the
 * first difference with what it takes to repeat it. Both trees take their time from the clock.
 */
public final class ModelComparison {
  private static final int STEPS_SHOWN = 12;

  private final ManualClock clock;
  private final VfsSession model;
  private final long seed;
  private final List<VfsOperation> operations;
  private VfsSession real;
  private int step;

  /** Nothing has run yet. */
  public ModelComparison(
      long seed, int steps, ManualClock clock, VirtualFileSystem model, VirtualFileSystem real) {
    this.seed = seed;
    this.operations = VfsOperation.sequence(seed, steps);
    this.clock = clock;
    this.model = new VfsSession(model);
    this.real = new VfsSession(real);
  }

  /** True while there are operations left. */
  public boolean hasNext() {
    return step < operations.size();
  }

  /** Runs up to {@code most} operations. */
  public void run(int most) {
    for (int end = Math.min(operations.size(), step + most); step < end; step++) {
      clock.tick();
      VfsOperation operation = operations.get(step);
      assertEquals(operation.applyTo(model), operation.applyTo(real), this::whereAmI);
    }
  }

  /** Compares the whole trees. */
  public void compare(TreeSnapshot.Times times) throws FsException {
    assertEquals(
        List.of(),
        TreeSnapshot.of(model.tree(), times).differencesTo(TreeSnapshot.of(real.tree(), times)),
        this::whereAmI);
  }

  /** Lets go of everything held in both, since a tree is about to be unmounted. */
  public void releaseAll() {
    model.releaseAll();
    real.releaseAll();
  }

  /** Goes on with the tree as mounted again. */
  public void remounted(VirtualFileSystem again) {
    real = new VfsSession(again);
  }

  private String whereAmI() {
    StringBuilder text = new StringBuilder("seed " + seed + ", step " + step + ", latest:");
    for (int i = Math.max(0, step - STEPS_SHOWN); i <= step && i < operations.size(); i++) {
      text.append("\n  ").append(i).append(' ').append(operations.get(i));
    }
    return text.append('\n').toString();
  }
}
