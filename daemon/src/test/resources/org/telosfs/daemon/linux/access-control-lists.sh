echo "== round trip"
echo text > f; chmod 640 f
tell setfacl -m u:1001:rw,g:2001:r f; acl f
tell setfacl -m m::r f; acl f
tell setfacl -x u:1001 f; acl f
tell setfacl -b f; acl f
tell getfattr -d -m - f
tell setfacl -m u:1001:rw f; tell getfattr -m - -e hex -d f
tell setfattr -x system.posix_acl_access f; acl f
tell setfattr -x system.posix_acl_access f
tell setfattr -n system.posix_acl_access -v 0x02000000 f; acl f

echo "== enforcement"
chmod 640 f; setfacl -m u:1001:rw,u:1003:-,g:2001:r,g:2002:- f; acl f
for who in 1001:9999 1002:9999 1003:2001 1004:2001 1005:2002; do
  echo "as $who"; tell as $who cat f; tell as $who sh -c 'echo more >> f'
done
mkdir guarded; chmod 700 guarded; echo in > guarded/file; setfacl -m u:1001:x guarded
tell as 1001:9999 cat guarded/file; tell as 1001:9999 ls guarded; tell as 1002:9999 cat guarded/file
setfacl -m m::r guarded; tell as 1001:9999 cat guarded/file
tell as 1001:9999 setfacl -m u:1001:rwx f
tell as 1001:9999 getfacl -nE f

echo "== chmod and the mask"
setfacl -b f; setfacl -m u:1001:rwx f; tell chmod 600 f; acl f; tell as 1001:9999 cat f
tell chmod 665 f; acl f; tell chmod g+s,u+s f; acl f
tell setfacl -m o::- f; acl f

echo "== inheritance"
mkdir d; tell setfacl -d -m u:1001:rwx,g:2001:rx,o::- d; acl d
(umask 077; touch d/f; mkdir d/e; ln -s x d/s; mknod d/n c 1 3; mkfifo d/p; touch d/e/g)
for i in d/f d/e d/n d/p d/e/g; do echo "$i"; acl $i; done
(umask 0; touch d/f2; python3 -c 'import os; os.close(os.open("d/f3", os.O_CREAT|os.O_WRONLY, 0o604)); os.mkdir("d/e3", 0o1750)')
for i in d/f2 d/f3 d/e3; do echo "$i"; acl $i; done
tell getfattr -h -m - d/s
mkdir m; setfacl -d -m u::rwx,g::rwx,o::- m; (umask 077; touch m/f; mkdir m/e); acl m; acl m/f; acl m/e
tell setfacl -k m; acl m; (umask 027; touch m/h); acl m/h
mkdir -m 2775 sg; chgrp 2001 sg; setfacl -d -m u:1001:rwx sg; mkdir sg/e; touch sg/f; stat -c '%n %a %g' sg/e sg/f
chmod 777 d; tell as 1001:9999 mkdir d/theirs; acl d/theirs

echo "== refusals"
ln -s f l
tell setfacl -d -m u:1001:rwx f
tell setfattr -n system.posix_acl_default -v 0x0200000001000700ffffffff04000500ffffffff20000500ffffffff f
tell setfattr -h -n system.posix_acl_access -v 0x0200000001000700ffffffff04000500ffffffff20000500ffffffff l
tell setfattr -n system.posix_acl_access -v 0x0200000001000700ffffffff04000500ffffffff f
tell setfattr -n system.posix_acl_access -v 0x0100000001000700ffffffff04000500ffffffff20000500ffffffff f
tell setfattr -n system.posix_acl_access -v 0x02000000010007 f
tell setfattr -n system.other -v x f
tell setfattr -n strange.x -v x f
tell setfattr -n user. -v x f
tell getfattr --only-values -n system.posix_acl_default f

echo "== setgid and a stranger's list"
touch sgid; chown 1001:2001 sgid; chmod 2775 sgid
tell as 1001:9999 setfacl -m u:1002:r sgid; stat -c %a sgid
chmod 2775 sgid; tell as 1001:2001 setfacl -m u:1002:rw sgid; stat -c %a sgid
chmod 2775 sgid; tell setfacl -m u:1002:rw sgid; stat -c %a sgid
mkdir sgdir; chown 1001:2001 sgdir; chmod 2775 sgdir; tell as 1001:9999 setfacl -d -m u:1002:r sgdir; stat -c %a sgdir
tell as 1001:9999 setfacl -m u:1002:r sgdir; stat -c %a sgdir

echo "== lists of many"
touch many
for i in $(seq 1 60); do echo "user:$((3000 + i)):r--"; done > list
setfacl -M list many
acl many
python3 - <<'P'
import os, struct, errno
def acl(users):
    entries = [(1, 7, 0xffffffff)]
    entries += [(2, 5, 5000 + i) for i in range(users)]
    entries += [(4, 5, 0xffffffff), (16, 7, 0xffffffff), (32, 0, 0xffffffff)]
    return struct.pack('<I', 2) + b''.join(struct.pack('<HHI', *entry) for entry in entries)
for users in (400, 9000):
    try:
        os.setxattr('many', 'system.posix_acl_access', acl(users))
        print(users, len(os.getxattr('many', 'system.posix_acl_access')))
    except OSError as refusal:
        print(users, errno.errorcode[refusal.errno])
P

echo "== default lists and programs"
mkdir dd
setfacl -d -m u:1001:rwx,g::rx,o::- dd
(
  cd dd
  mkdir -p a/b/c
  echo x > a/b/c/f
  install -m 750 /bin/true installed
  cp /etc/passwd copied
  cp --preserve=mode /etc/passwd preserved
  tar -cf archive a
  mkdir unpacked
  tar -C unpacked -xf archive
  sed -i s/x/y/ a/b/c/f
)
find dd | sort | while read -r i; do acl "$i"; done
chown 1001:2001 dd/copied
acl dd/copied
python3 - <<'P'
import os
fd = os.open('dd/x', os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
os.fchmod(fd, 0o660)
print(oct(os.fstat(fd).st_mode), os.listxattr(fd), os.getxattr(fd, 'system.posix_acl_access').hex())
os.mkdir('dd/y', 0o2700)
os.umask(0o077)
unnamed = os.open('dd', os.O_TMPFILE | os.O_RDWR, 0o664)
os.link('/proc/self/fd/%d' % unnamed, 'dd/z', follow_symlinks=True)
P
acl dd/x
acl dd/y
acl dd/z

echo "== copies"
mkdir -p from/sub; echo one > from/a; echo two > from/sub/b
setfacl -m u:1001:rw,g:2001:r from/a; setfacl -m u:1002:x from/sub; setfacl -d -m u:1001:rx from/sub
setfattr -n user.note -v hello from/a; setfattr -n trusted.note -v hidden from/sub/b
tell cp -a from copied
tell rsync -aAX from/ synced/
for t in copied synced; do getfacl -RnE $t 2>&1 | sed "s,$t,T,"; getfattr -Rdm - $t 2>&1 | sed "s,$t,T,"; done
(umask 077; tell cp from/a plain); acl plain
mkdir inh; setfacl -d -m u:1001:rwx inh; cp from/a inh/a; acl inh/a; cp -p from/a inh/b; acl inh/b; mv from/a inh/c; acl inh/c
