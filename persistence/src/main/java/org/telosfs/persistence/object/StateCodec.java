package org.telosfs.persistence.object;

import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.KryoBufferOverflowException;
import com.esotericsoftware.kryo.io.Output;
import org.telosfs.persistence.ByteString;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.ObjectPut;

/**
 * States to bytes and back, on Kryo's buffers. Only the kinds of {@link SlotValue} exist; no class
 * is ever named or made from bytes, so bytes from anywhere may be decoded. Stateless: any number of
 * threads may use it.
 */
public final class StateCodec {

  /** No state is larger. */
  public static final int MAX_STATE_BYTES = 64 * 1024 * 1024;

  private static final int FIRST_BUFFER_BYTES = 256;

  private StateCodec() {}

  /**
   * The bytes of a state.
   *
   * @throws IllegalArgumentException if values are nested deeper than {@link SlotValue#MAX_DEPTH},
   *     a text holds half a surrogate pair, a slot's name is empty or too long, or the state is
   *     larger than {@link #MAX_STATE_BYTES}
   */
  public static ByteString encode(ObjectState state) {
    try (Output output = new Output(FIRST_BUFFER_BYTES, MAX_STATE_BYTES)) {
      new StateWriter(output).write(state);
      return ByteString.copyOf(output.getBuffer(), 0, output.position());
    } catch (KryoBufferOverflowException e) {
      throw new IllegalArgumentException("a state is larger than " + MAX_STATE_BYTES + " bytes", e);
    }
  }

  /** The state as a transaction takes it, with its references. */
  public static ObjectPut put(ObjectId id, ObjectState state) {
    return new ObjectPut(id, encode(state), state.references());
  }

  /**
   * The one state whose bytes these are.
   *
   * @throws StateFormatException if they are none; memory and depth are bounded by the number of
   *     bytes
   */
  public static ObjectState decode(ByteString bytes) throws StateFormatException {
    byte[] array = bytes.toByteArray();
    try (Input input = new Input(array)) {
      return new StateReader(input, array.length).read();
    } catch (KryoException e) {
      StateFormatException failure =
          new StateFormatException("the state ends after " + array.length + " bytes, too early");
      failure.initCause(e);
      throw failure;
    }
  }
}
