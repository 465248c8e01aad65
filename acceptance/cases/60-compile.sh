# A C program compiled and run on the tree; it writes through a shared mapping and reads the file back.
cd "$CASE_DIR"
cat >mapped.c <<'C'
#define _GNU_SOURCE
#include <assert.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#define BYTES (4 << 20)
int main(void) {
  static char back[BYTES];
  int fd = open("mapped", O_CREAT | O_RDWR | O_TRUNC, 0600);
  assert(fd >= 0 && !ftruncate(fd, BYTES));
  char *map = mmap(0, BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  assert(map != MAP_FAILED);
  for (int i = 0; i < BYTES; i++) map[i] = i * 31 + (i >> 12);
  assert(pread(fd, back, BYTES, 0) == BYTES && !memcmp(map, back, BYTES));
  assert(pwrite(fd, "written", 7, 12345) == 7 && !memcmp(map + 12345, "written", 7));
  assert(!msync(map, BYTES, MS_SYNC) && !munmap(map, BYTES) && !fsync(fd));
  char *again = mmap(0, BYTES, PROT_READ, MAP_PRIVATE, fd, 0);
  assert(again != MAP_FAILED && !memcmp(again + 12345, "written", 7) && again[99] == (char)(99 * 31));
  return 0;
}
C
cc -O2 -Wall -Werror -o writer mapped.c
./writer
sum=$(sha256sum <mapped)
cd "$WORK"
remount
equal "$sum" "$(sha256sum <"$CASE_DIR/mapped")" 'what it wrote, after a remount'
(cd "$CASE_DIR" && ./writer)
