echo "== attributes"
echo x > x; ln -s x xl; mkdir xd; mkfifo xp
for n in user trusted security; do tell setfattr -n $n.k -v v x; tell setfattr -n $n.k -v v xd; tell setfattr -h -n $n.k -v v xl; tell setfattr -n $n.k -v v xp; done
tell getfattr -h -d -m - x xd xl xp
tell as 1001:9999 getfattr -d -m - x
tell as 1001:9999 getfattr -n trusted.k x
tell as 1001:9999 setfattr -n trusted.k -v v x
tell as 1001:9999 setfattr -n security.k -v v x
tell as 1001:9999 setfattr -n user.k -v v x
chmod 000 x; tell as 1001:9999 getfattr -n user.k x; tell as 1001:9999 getfattr -n security.k x; chmod 644 x
mkdir -m 1777 sticky; chown 0 sticky; tell as 1001:9999 setfattr -n user.k -v v sticky
tell getfattr -n user.absent x; tell setfattr -x user.absent x
python3 - <<'P'
import os, errno
def told(what, call):
    try: print(what, call())
    except OSError as e: print(what, errno.errorcode[e.errno])
told('create', lambda: os.setxattr('x', 'user.k', b'w', os.XATTR_CREATE))
told('replace', lambda: os.setxattr('x', 'user.none', b'w', os.XATTR_REPLACE))
told('empty', lambda: (os.setxattr('x', 'user.e', b''), os.getxattr('x', 'user.e')))
told('name of 255', lambda: os.setxattr('x', 'user.' + 'n' * 250, b''))
told('name of 256', lambda: os.setxattr('x', 'user.' + 'n' * 251, b''))
told('value of 65537', lambda: os.setxattr('x', 'user.big', b'v' * 65537))
told('value of 3001', lambda: (os.setxattr('x', 'user.k', b'v' * 3001), len(os.getxattr('x', 'user.k'))))
before = os.stat('x')
os.setxattr('x', 'user.k', b'new')
after = os.stat('x')
print('ctime moved', after.st_ctime_ns > before.st_ctime_ns, 'mtime moved', after.st_mtime_ns != before.st_mtime_ns)
P
