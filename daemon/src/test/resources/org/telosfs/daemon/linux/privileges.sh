# A program with a capability, what happens to it, and whether it still has one.
capable() {
  chmod 755 c
  setcap cap_net_raw+ep c
}
after() {
  echo "after $1"
  getcap c
  stat -c 'mode %a' c
}

echo "== capabilities"
cp /bin/true c
capable; after 'setcap'
capable; echo >> c; after 'write'
capable; truncate -s 10 c; after 'truncate'
capable; : > c; after 'open with truncation'
cp /bin/true c
capable; chown 0:0 c; after 'chown to the same'
capable; chown 1001 c; after 'chown'
chown 0 c
capable; chgrp 2001 c; after 'chgrp'
capable; chmod 700 c; after 'chmod'
capable; fallocate -l 100000 c; after 'fallocate'
capable; fallocate -p -o 0 -l 4096 c; after 'punch'
capable; touch c; after 'touch'
capable; setfattr -n user.k -v v c; after 'setxattr'
capable; setfacl -m u:1001:rx c; after 'setfacl'
setfacl -b c
capable; mv c moved; ln moved c; rm moved; after 'rename and link'
python3 - <<'P'
import mmap, os

def capable():
    os.system('setcap cap_net_raw+ep c')

def told(what):
    print(what, 'security.capability' in os.listxattr('c'))

os.truncate('c', 8192)
source = os.open('source', os.O_RDWR | os.O_CREAT)
os.pwrite(source, b'y' * 100, 0)
capable()
file = os.open('c', os.O_RDWR)
told('open')
os.pwrite(file, b'', 0)
told('write of nothing')
os.pwrite(file, b'x', 0)
told('write')
capable()
os.ftruncate(file, 8192)
told('truncate to the same')
capable()
os.copy_file_range(source, file, 10)
told('copy_file_range')
capable()
os.pread(file, 10, 0)
told('read')
mapped = mmap.mmap(file, 4096)
mapped[0] = 1
mapped.flush()
told('write to mapped memory')
os.posix_fallocate(file, 0, 20000)
told('posix_fallocate')
capable()
os.pwritev(os.open('c', os.O_RDWR | os.O_DIRECT), [mmap.mmap(-1, 4096)], 0)
told('direct write')
P

echo "== set-id bits"
python3 - <<'P'
import mmap, os

def fresh(mode):
    if os.path.exists('s'):
        os.unlink('s')
    file = os.open('s', os.O_RDWR | os.O_CREAT, 0o600)
    os.write(file, b'z' * 8192)
    os.close(file)
    os.chmod('s', mode)

def told(what, change, uid, mode):
    fresh(mode)
    child = os.fork()
    if child == 0:
        os.setgroups([])
        os.setgid(9999)
        os.setuid(uid)
        try:
            change()
        except OSError as refusal:
            print('error', refusal.errno, flush=True)
        os._exit(0)
    os.waitpid(child, 0)
    print(what, uid, oct(mode), oct(os.stat('s').st_mode & 0o7777), flush=True)

def opened(flags=0):
    return os.open('s', os.O_RDWR | flags)

def map_and_write():
    mapped = mmap.mmap(opened(), 4096)
    mapped[0] = 1
    mapped.flush()

CHANGES = {
    'write': lambda: os.pwrite(opened(), b'x', 0),
    'truncate': lambda: os.truncate('s', 100),
    'open with truncation': lambda: opened(os.O_TRUNC),
    'fallocate': lambda: os.posix_fallocate(opened(), 0, 20000),
    'copy': lambda: os.copy_file_range(os.open('readable', os.O_RDONLY), opened(), 10),
    'direct write': lambda: os.pwritev(opened(os.O_DIRECT), [mmap.mmap(-1, 4096)], 0),
    'write to mapped memory': map_and_write,
}
os.write(os.open('readable', os.O_RDWR | os.O_CREAT, 0o644), b'y' * 100)
# Not among them: setgid where the group may not execute, which FUSE leaves alone.
for mode in (0o6777, 0o4767, 0o2777):
    for what, change in CHANGES.items():
        for uid in (0, 1001):
            told(what, change, uid, mode)
P

echo "== capabilities have effect"
cat > prog.c <<'C'
#include <stdio.h>
#include <unistd.h>
int main(void) {
  int refused = setuid(0);
  printf("%d %d\n", refused, (int) geteuid());
  return 0;
}
C
gcc -o prog prog.c
tell as 1001:9999 ./prog
setcap cap_setuid+ep prog
tell as 1001:9999 ./prog
echo >> prog
tell as 1001:9999 ./prog
setcap cap_setuid+ep prog
setcap -r prog
tell getcap prog
setcap -n 1000 cap_setuid+ep prog
tell getcap -n prog
setcap -r prog
tell as 1001:9999 setcap cap_setuid+ep prog | grep -v '^\$' | tail -1
# A linker may write through mapped memory, which reaches the file only afterwards.
gcc -o linked prog.c && setcap cap_setuid+ep linked
sync linked
tell as 1001:9999 ./linked

echo "== capabilities of copies"
setcap cap_setuid+ep prog
cp prog plain
cp -a prog archived
rsync -aX prog synced
mv prog moved
ln moved linked-to
tar --xattrs --xattrs-include='*' --acls -cf archive moved
mkdir out
tar --xattrs --xattrs-include='*' --acls -C out -xf archive
getcap plain archived synced moved linked-to out/moved
