package org.telosfs.block;

class MemoryBlockDeviceTest extends BlockDeviceContract {
  @Override
  protected BlockDevice device() {
    return new MemoryBlockDevice(512, 64);
  }
}
