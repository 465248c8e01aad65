package org.telosfs.fuse.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.telosfs.vfs.AllocateMode;
import org.telosfs.vfs.AttributeChange;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileHandle;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.FileType;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.PrivilegeLoss;
import org.telosfs.vfs.RenameMode;
import org.telosfs.vfs.SeekTarget;
import org.telosfs.vfs.TimeChange;
import org.telosfs.vfs.Timestamp;
import org.telosfs.vfs.XattrMode;
import org.telosfs.vfs.XattrName;

class RequestViewTest {
  private final CapturedRequests captured = new CapturedRequests();

  @Test
  void headerIsReadInPlace() throws Exception {
    RequestView view = captured.view(Opcode.LOOKUP);
    assertEquals(Opcode.LOOKUP, view.opcode());
    assertEquals(6, view.unique());
    assertEquals(1, view.node());
    assertEquals(0, view.uid());
    assertEquals(0x3d0b, view.pid());
  }

  @Test
  void unknownOpcodeIsAValue() throws Exception {
    byte[] request = captured.of(Opcode.LOOKUP);
    request[4] = 99;
    assertEquals(Opcode.UNKNOWN, CapturedRequests.view(request).opcode());
    request[7] = -1;
    RequestView negative = CapturedRequests.view(request);
    assertEquals(Opcode.UNKNOWN, negative.opcode());
    assertTrue(negative.toString().startsWith("opcode -"), negative.toString());
  }

  @Test
  void nextRequestReplacesTheLast() throws Exception {
    ByteBuffer buffer = ByteBuffer.allocateDirect(8192);
    RequestView view = new RequestView(buffer);
    buffer.put(0, captured.of(Opcode.MKDIR));
    view.received(captured.of(Opcode.MKDIR).length);
    assertEquals(FileName.of("dir"), new NameRequests(view).mkdirName());
    buffer.put(0, captured.of(Opcode.UNLINK));
    view.received(captured.of(Opcode.UNLINK).length);
    assertEquals(FileName.of("copy"), new NameRequests(view).name());
  }

  @Test
  void lengthMustBeWhatTheHeaderTells() {
    byte[] request = captured.of(Opcode.MKDIR);
    request[0]++;
    assertThrows(BadRequestException.class, () -> CapturedRequests.view(request));
    assertThrows(BadRequestException.class, () -> CapturedRequests.view(new byte[39]));
    assertThrows(BadRequestException.class, () -> CapturedRequests.view(new byte[0]));
  }

  @ParameterizedTest
  @EnumSource(Opcode.class)
  void everyKindCutShortAtEveryByteIsRefusedOrComplete(Opcode opcode) throws Exception {
    byte[] whole = captured.all().get(opcode);
    if (whole == null) {
      return; // never sent to us
    }
    readAll(whole);
    for (int length = 0; length < whole.length; length++) {
      byte[] cut =
          length < 4 ? java.util.Arrays.copyOf(whole, length) : CapturedRequests.cut(whole, length);
      try {
        readAll(cut);
      } catch (BadRequestException | FsException refused) {
        continue;
      }
      assertTrue(length >= FuseWire.IN_HEADER_BYTES, opcode + " of " + length);
    }
  }

  private static void readAll(byte[] request) throws BadRequestException, FsException {
    AllFields.read(CapturedRequests.view(request));
  }

  @Test
  void names() throws Exception {
    NameRequests symlink = new NameRequests(captured.view(Opcode.SYMLINK));
    assertEquals(FileName.of("link"), symlink.symlinkName());
    assertArrayEquals("file".getBytes(StandardCharsets.UTF_8), symlink.symlinkTarget());
    NameRequests mknod = new NameRequests(captured.view(Opcode.MKNOD));
    assertEquals(FileName.of("null"), mknod.mknodName());
    assertEquals(FileType.CHARACTER_DEVICE, mknod.mknodType());
    assertEquals(0666, mknod.mknodPermissions(), "before the umask");
    assertEquals(022, mknod.mknodUmask());
    assertEquals(1 << 8 | 3, mknod.mknodDevice());
    NameRequests mkdir = new NameRequests(captured.view(Opcode.MKDIR));
    assertEquals(FileName.of("dir"), mkdir.mkdirName());
    assertEquals(0750, mkdir.mkdirPermissions());
    NameRequests create = new NameRequests(captured.view(Opcode.CREATE));
    assertEquals(FileName.of("file"), create.createName());
    assertEquals(0640, create.createPermissions());
    assertTrue(create.createFlags().exclusive());
    assertTrue(create.createFlags().writes());
    NameRequests link = new NameRequests(captured.view(Opcode.LINK));
    assertEquals(3, link.linkedNode());
    assertEquals(FileName.of("hard"), link.linkName());
  }

  @Test
  void renames() throws Exception {
    NameRequests rename = new NameRequests(captured.view(Opcode.RENAME));
    assertEquals(RenameMode.REPLACE, rename.renameMode());
    assertEquals(2, rename.renameDirectory());
    assertEquals(FileName.of("hard"), rename.renameOldName());
    assertEquals(FileName.of("renamed"), rename.renameNewName());
    NameRequests exchange = new NameRequests(captured.view(Opcode.RENAME2));
    assertEquals(RenameMode.EXCHANGE, exchange.renameMode());
    assertEquals(FileName.of("file"), exchange.renameOldName());
    assertEquals(FileName.of("copy"), exchange.renameNewName());
  }

  @Test
  void renamesLeaveWhiteouts() throws Exception {
    assertEquals(RenameMode.WHITEOUT, renameWith(4).renameMode());
    assertEquals(RenameMode.WHITEOUT_NO_REPLACE, renameWith(5).renameMode());
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 6, 7, 8})
  void otherRenameFlagsAreRefused(int flags) throws Exception {
    NameRequests rename = renameWith(flags);
    assertEquals(Errno.EINVAL, assertThrows(FsException.class, rename::renameMode).errno());
  }

  private NameRequests renameWith(int flags) throws Exception {
    byte[] request = captured.of(Opcode.RENAME2);
    request[FuseWire.IN_HEADER_BYTES + FuseWire.RENAME2_FLAGS] = (byte) flags;
    return new NameRequests(CapturedRequests.view(request));
  }

  @Test
  void nameTooLongForAnyTreeIsRefusedWithItsErrno() throws Exception {
    byte[] request = java.util.Arrays.copyOf(captured.of(Opcode.LOOKUP), 40 + 300);
    java.util.Arrays.fill(request, 40, 339, (byte) 'n');
    NameRequests lookup =
        new NameRequests(CapturedRequests.view(CapturedRequests.cut(request, 340)));
    assertEquals(Errno.ENAMETOOLONG, assertThrows(FsException.class, lookup::name).errno());
  }

  @Test
  void truncation() throws Exception {
    AttributeChange change = new NodeRequests(captured.view(Opcode.SETATTR)).attributeChange();
    assertEquals(5L, change.sizeBytes());
    assertEquals(TimeChange.KEEP, change.accessed());
    assertEquals(null, change.permissions());
    assertEquals(null, change.uid());
  }

  @Test
  void everyAttributeAtOnce() throws Exception {
    byte[] request = captured.of(Opcode.SETATTR);
    ByteBuffer body =
        ByteBuffer.wrap(request)
            .order(java.nio.ByteOrder.LITTLE_ENDIAN)
            .slice(40, 88)
            .order(java.nio.ByteOrder.LITTLE_ENDIAN);
    body.putInt(FuseWire.SETATTR_VALID, 1 | 2 | 4 | 16 | 32 | 1 << 8 | 1 << 11);
    body.putInt(FuseWire.SETATTR_MODE, 0104755);
    body.putInt(FuseWire.SETATTR_UID, 1000);
    body.putInt(FuseWire.SETATTR_GID, -2);
    body.putLong(FuseWire.SETATTR_ATIME, -1);
    body.putInt(FuseWire.SETATTR_ATIME_NANOS, 999_999_999);
    AttributeChange change = new NodeRequests(CapturedRequests.view(request)).attributeChange();
    assertEquals(
        new AttributeChange(
            04755,
            1000,
            -2,
            null,
            new TimeChange.At(new Timestamp(-1, 999_999_999)),
            TimeChange.NOW,
            true),
        change);
  }

  @Test
  void timeOutOfRangeIsRefused() throws Exception {
    byte[] request = captured.of(Opcode.SETATTR);
    request[40 + FuseWire.SETATTR_VALID] = 16;
    request[40 + FuseWire.SETATTR_ATIME_NANOS + 3] = 0x7F;
    NodeRequests setattr = new NodeRequests(CapturedRequests.view(request));
    assertEquals(Errno.EINVAL, assertThrows(FsException.class, setattr::attributeChange).errno());
  }

  @Test
  void forgets() throws Exception {
    NodeRequests forget = new NodeRequests(captured.view(Opcode.FORGET));
    assertEquals(4, forget.forgottenLookups());
    NodeRequests batch = new NodeRequests(captured.view(Opcode.BATCH_FORGET));
    assertEquals(0x24, batch.batchCount());
    assertEquals(7, batch.batchNode(0));
    assertEquals(1, batch.batchLookups(0));
    assertEquals(9, batch.batchNode(1));
  }

  @Test
  void batchOfMoreThanThereAreIsUnreadable() throws Exception {
    byte[] request = captured.of(Opcode.BATCH_FORGET);
    request[43] = 0x7F;
    NodeRequests batch = new NodeRequests(CapturedRequests.view(request));
    assertThrows(BadRequestException.class, batch::batchCount);
  }

  @Test
  void content() throws Exception {
    DataRequests write = new DataRequests(captured.view(Opcode.WRITE));
    byte[] data = new byte[11];
    ByteBuffer slice = write.writeData();
    assertEquals(11, slice.remaining());
    slice.get(data);
    assertEquals("hello world", new String(data, StandardCharsets.UTF_8));
    assertEquals(0, write.writeOffset());
    assertEquals(FileHandle.NONE, write.writeHandle());
    assertEquals(PrivilegeLoss.CAPABILITY, write.writeLoss());
    DataRequests read = new DataRequests(captured.view(Opcode.READ));
    assertEquals(0, read.readOffset());
    assertEquals(4096, read.readBytes());
    DataRequests allocate = new DataRequests(captured.view(Opcode.FALLOCATE));
    assertEquals(AllocateMode.ALLOCATE, allocate.allocateMode());
    assertEquals(4096, allocate.allocateOffset());
    assertEquals(8192, allocate.allocateBytes());
    DataRequests seek = new DataRequests(captured.view(Opcode.LSEEK));
    assertEquals(SeekTarget.DATA, seek.seekTarget());
    DataRequests copy = new DataRequests(captured.view(Opcode.COPY_FILE_RANGE_64));
    assertEquals(4, copy.copyToNode());
    assertEquals(0, copy.copyFromOffset());
    assertEquals(8192, copy.copyToOffset());
    assertEquals(4096, copy.copyBytes());
    assertFalse(new DataRequests(captured.view(Opcode.FSYNC)).fsyncDataOnly());
    assertTrue(new DataRequests(captured.view(Opcode.OPEN)).openFlags().reads());
  }

  @Test
  void writeThatClaimsMoreThanItCarriesIsUnreadable() throws Exception {
    byte[] request = captured.of(Opcode.WRITE);
    request[40 + FuseWire.WRITE_SIZE]++;
    DataRequests longer = new DataRequests(CapturedRequests.view(request));
    assertThrows(BadRequestException.class, longer::writeData);
    request[40 + FuseWire.WRITE_SIZE + 3] = -1;
    DataRequests negative = new DataRequests(CapturedRequests.view(request));
    assertThrows(BadRequestException.class, negative::writeData);
  }

  @Test
  void extendedAttributes() throws Exception {
    XattrRequests set = new XattrRequests(captured.view(Opcode.SETXATTR));
    assertEquals(XattrName.of("user.key"), set.setName(false));
    assertArrayEquals("value".getBytes(StandardCharsets.UTF_8), set.setValue(false));
    assertEquals(XattrMode.SET, set.setMode());
    XattrRequests get = new XattrRequests(captured.view(Opcode.GETXATTR));
    assertEquals(XattrName.of("security.capability"), get.getName());
    assertEquals(0, get.roomBytes());
    assertEquals(
        XattrName.of("user.key"),
        new XattrRequests(captured.view(Opcode.REMOVEXATTR)).removeName());
  }

  @Test
  void initOfferedByANewKernelHasHighFlags() throws Exception {
    SessionRequests init = new SessionRequests(captured.view(Opcode.INIT));
    assertEquals(7, init.initMajor());
    assertEquals(45, init.initMinor());
    assertEquals(128 << 10, init.initMaxReadaheadBytes());
    long offered = init.initFlags();
    assertTrue((offered & InitFlag.EXPLICIT_INVAL_DATA.mask()) != 0);
    assertTrue((offered & InitFlag.DIRECT_IO_ALLOW_MMAP.mask()) != 0);
  }

  @Test
  void initOfAnOldKernelHasNoHighFlags() throws Exception {
    byte[] old = CapturedRequests.cut(captured.of(Opcode.INIT), 40 + 16);
    long offered = new SessionRequests(CapturedRequests.view(old)).initFlags();
    assertEquals(0, offered >>> 32);
  }
}
