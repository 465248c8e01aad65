package org.telosfs.persistence.object;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.telosfs.persistence.ByteString;
import org.telosfs.persistence.ObjectId;

class StateCodecTest {

  /** Write-once: a byte that changes here is a new version of the format. */
  private static final String GOLDEN =
      "010100000000000000070d046e756c6c01026e6f020379657303046c6f6e6704fffffffffffffffe"
          + "06646f75626c65053ff80000000000000474657874060c6772c3bcc39f6520f09f8cb1056279746573"
          + "070200ff07696e74656765720809c0000000000000000007646563696d616c090000000302cfcc04"
          + "74696d650affffffffffffffff3b9ac9ff046c6973740b020601610b00036d61700c02017a0400000000"
          + "00000001000b020d000000000000000901097265666572656e63650d0000000000000008";

  private static ObjectState everyKind() {
    Map<String, SlotValue> map = new LinkedHashMap<>();
    map.put("z", SlotValue.of(1));
    map.put("", SlotValue.of(List.of(SlotValue.of(new ObjectId(9)), SlotValue.NULL)));
    return ObjectState.builder()
        .prototype(new ObjectId(7))
        .slot("null", SlotValue.NULL)
        .slot("no", SlotValue.of(false))
        .slot("yes", SlotValue.of(true))
        .slot("long", -2)
        .slot("double", SlotValue.of(1.5))
        .slot("text", "grüße 🌱")
        .slot("bytes", SlotValue.of(ByteString.copyOf(new byte[] {0, -1})))
        .slot("integer", SlotValue.of(BigInteger.TWO.pow(70).negate()))
        .slot("decimal", SlotValue.of(new BigDecimal("-12.340")))
        .slot("time", SlotValue.of(Instant.parse("1969-12-31T23:59:59.999999999Z")))
        .slot("list", SlotValue.of(List.of(SlotValue.of("a"), SlotValue.of(List.of()))))
        .slot("map", SlotValue.of(map))
        .slot("reference", new ObjectId(8))
        .build();
  }

  @Test
  void everyKindOfValueComesBack() throws StateFormatException {
    ObjectState state = everyKind();
    assertEquals(state, StateCodec.decode(StateCodec.encode(state)));
    assertEquals(ObjectState.EMPTY, StateCodec.decode(StateCodec.encode(ObjectState.EMPTY)));
  }

  @Test
  void referencesAreFoundOnceEachWhereverTheyAre() {
    assertEquals(
        List.of(new ObjectId(7), new ObjectId(9), new ObjectId(8)), everyKind().references());
    assertEquals(
        everyKind().references(),
        StateCodec.put(
                new ObjectId(2), everyKind().toBuilder().slot("again", new ObjectId(9)).build())
            .references());
  }

  @Test
  void theBytesAreThoseOfTheFormat() {
    assertEquals(GOLDEN, hex(StateCodec.encode(everyKind())));
  }

  @Test
  void everyPrefixIsRefused() {
    byte[] bytes = StateCodec.encode(everyKind()).toByteArray();
    for (int length = 0; length < bytes.length; length++) {
      ByteString cut = ByteString.copyOf(bytes, 0, length);
      assertThrows(StateFormatException.class, () -> StateCodec.decode(cut));
    }
    ByteString longer = ByteString.copyOf(Arrays.copyOf(bytes, bytes.length + 1));
    assertThrows(StateFormatException.class, () -> StateCodec.decode(longer));
  }

  /** A decoder may accept what it would write itself, and else only refuse. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void changedBytesAreRefusedOrAreAnotherStatesOwn(long seed) {
    Random random = new Random(seed);
    byte[] original = StateCodec.encode(everyKind()).toByteArray();
    for (int round = 0; round < 10_000; round++) {
      byte[] bytes = original.clone();
      for (int changes = random.nextInt(3); changes >= 0; changes--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      try {
        ObjectState decoded = StateCodec.decode(ByteString.copyOf(bytes));
        assertEquals(decoded, StateCodec.decode(StateCodec.encode(decoded)));
      } catch (StateFormatException refused) {
        assertTrue(refused.getMessage().length() > 5);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", // nothing
        "00", // no version
        "020000", // a newer version
        "010200", // an unknown flag
        "0100ffffffff07", // 2^31 slots in no bytes
        "010001016107ffffffff07", // a byte string of 2^31 bytes
        "01000101610bffffff7f", // a list of 2^28 elements
        "01000101610cffffff7f", // a map of 2^28 entries
        "0100010161088140", // a number cut short
        "01000101610800", // a number without digits
        "010001016108020001", // a number with a needless byte
        "010001016109000fffff0101", // a decimal that is a megabyte written out
        "01000101610a7fffffffffffffff00000000", // a second beyond time
        "01000101610a00000000000000003b9aca00", // a thousand million nanoseconds
        "01000101610d0000000000000000", // object 0
        "01000101610dffffffffffffffff", // a negative object
        "010001016106018f", // not UTF-8
        "0100010001", // a slot without a name
        "0100020161010161010000", // a name twice
        "01000101610c0201610101610100", // a key twice, and more
        "0100818000", // a count in needless bytes
        "010001016100", // tag 0
        "01000101610e", // an unknown tag
      })
  void hostileBytesAreRefused(String hex) {
    ByteString bytes = ByteString.copyOf(HexFormat.of().parseHex(hex));
    assertThrows(StateFormatException.class, () -> StateCodec.decode(bytes));
  }

  @Test
  void depthIsBoundedBothWays() throws StateFormatException {
    SlotValue deep = SlotValue.NULL;
    for (int depth = 1; depth < SlotValue.MAX_DEPTH; depth++) {
      deep = SlotValue.of(List.of(deep));
    }
    ObjectState deepest = ObjectState.builder().slot("a", deep).build();
    assertEquals(deepest, StateCodec.decode(StateCodec.encode(deepest)));
    ObjectState tooDeep = ObjectState.builder().slot("a", SlotValue.of(List.of(deep))).build();
    assertThrows(IllegalArgumentException.class, () -> StateCodec.encode(tooDeep));
    ByteString hostile =
        ByteString.copyOf(HexFormat.of().parseHex("0100010161" + "0b01".repeat(100_000) + "01"));
    assertThrows(StateFormatException.class, () -> StateCodec.decode(hostile));
  }

  @Test
  void whatCannotBeWrittenIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> encode("", SlotValue.NULL));
    assertThrows(IllegalArgumentException.class, () -> encode("x".repeat(4097), SlotValue.NULL));
    assertThrows(IllegalArgumentException.class, () -> encode("a", SlotValue.of("\ud800")));
    assertThrows(
        IllegalArgumentException.class, () -> SlotValue.of(BigInteger.ONE.shiftLeft(65_536)));
    assertThrows(IllegalArgumentException.class, () -> SlotValue.of(new BigDecimal("1e999999999")));
  }

  @Test
  void theLargestNameAndNumberComeBack() throws StateFormatException {
    ObjectState state =
        ObjectState.builder()
            .slot("x".repeat(4096), SlotValue.of(BigInteger.ONE.shiftLeft(65_000)))
            .build();
    assertEquals(state, StateCodec.decode(StateCodec.encode(state)));
  }

  private static ByteString encode(String name, SlotValue value) {
    return StateCodec.encode(ObjectState.builder().slot(name, value).build());
  }

  private static String hex(ByteString bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }
}
