package org.telosfs.fuse.kernel;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.CallingConvention;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.Library;
import com.kenai.jffi.Type;
import java.util.Arrays;

/**
 * A function of the C library that takes and returns integers and addresses. Called by way of jffi,
 * on which jnr-ffi is built: jnr-ffi itself would generate a class for each interface first, for
 * which a start has no time. Safe for threads.
 *
 * <p>Arguments are 64 bits wide, as registers are where we run; a function that wants an {@code
 * int} takes the lower half, and of what one returns only that counts.
 */
final class LibraryFunction {
  private static final int MOST_ARGUMENTS = 6;
  private static final Invoker INVOKER = Invoker.getInstance();
  private static final Library C_LIBRARY = Library.getDefault();
  private static final CallContext[] CONTEXTS = contexts();

  private final long address;

  /**
   * Finds a function.
   *
   * @throws UnsatisfiedLinkError if the C library does not have it
   */
  LibraryFunction(String name) {
    this.address = C_LIBRARY.getSymbolAddress(name);
    if (address == 0) {
      throw new UnsatisfiedLinkError("the C library has no " + name);
    }
  }

  /** One for each number of arguments; they keep errno for {@link com.kenai.jffi.LastError}. */
  private static CallContext[] contexts() {
    CallContext[] contexts = new CallContext[MOST_ARGUMENTS + 1];
    for (int arguments = 0; arguments <= MOST_ARGUMENTS; arguments++) {
      Type[] types = new Type[arguments];
      Arrays.fill(types, Type.SINT64);
      contexts[arguments] =
          CallContext.getCallContext(Type.SINT64, types, CallingConvention.DEFAULT, true);
    }
    return contexts;
  }

  long call() {
    return INVOKER.invokeL0(CONTEXTS[0], address);
  }

  long call(long a) {
    return INVOKER.invokeL1(CONTEXTS[1], address, a);
  }

  long call(long a, long b) {
    return INVOKER.invokeL2(CONTEXTS[2], address, a, b);
  }

  long call(long a, long b, long c) {
    return INVOKER.invokeL3(CONTEXTS[3], address, a, b, c);
  }

  long call(long a, long b, long c, long d) {
    return INVOKER.invokeL4(CONTEXTS[4], address, a, b, c, d);
  }

  long call(long a, long b, long c, long d, long e) {
    return INVOKER.invokeL5(CONTEXTS[5], address, a, b, c, d, e);
  }

  long call(long a, long b, long c, long d, long e, long f) {
    return INVOKER.invokeL6(CONTEXTS[6], address, a, b, c, d, e, f);
  }
}
