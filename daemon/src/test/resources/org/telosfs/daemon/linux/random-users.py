# Random operations of several users on a small tree, with what comes of each. The seed decides all.
import errno, os, random, stat, struct, sys

rng = random.Random(int(sys.argv[1]))
STEPS = int(sys.argv[2])
# uid, gid, other groups
USERS = [(0, 0, []), (1001, 2001, []), (1002, 2002, [2001]), (1003, 2003, [])]
IDS = [1001, 1002, 1003, 2001, 2002, 2003]
FILES = ['a', 'b', 'c']
DIRECTORIES = ['p', 'q']
ACCESS, DEFAULT = 'system.posix_acl_access', 'system.posix_acl_default'
CAPABILITY = struct.pack('<IIIII', 0x02000001, 1 << 13, 0, 0, 0)

def become(user):
    os.seteuid(0)
    os.setegid(user[1])
    os.setgroups(user[2])
    os.seteuid(user[0])

def target(directory=None):
    if directory is None:
        directory = rng.random() < 0.35
    above = [rng.choice(['d', 'e'])] + [rng.choice(DIRECTORIES) for _ in range(rng.choice([0, 1, 1, 2]))]
    return '/'.join(above + [rng.choice(DIRECTORIES if directory else FILES)])

def permissions(directory):
    special = rng.choice([0, 0, 0, 0o1000, 0o2000, 0o3000] if directory else [0, 0, 0, 0o4000])
    return special | rng.choice([0o777, 0o777, 0o775, 0o755, 0o750, 0o711, rng.randrange(0o1000)])

def some():
    return rng.choice([7, 7, 5, rng.randrange(8)])

def acl():
    entries = [(1, some(), -1)]
    named = rng.random() < 0.8
    if named:
        entries += sorted((2, some(), i) for i in rng.sample(IDS[:3], rng.randrange(3)))
    entries.append((4, some(), -1))
    if named:
        entries += sorted((8, some(), i) for i in rng.sample(IDS[3:], rng.randrange(3)))
        entries.append((16, some(), -1))
    entries.append((32, some(), -1))
    if rng.random() < 0.08:
        rng.shuffle(entries)
    if rng.random() < 0.04:
        entries.pop()
    return struct.pack('<I', 2) + b''.join(struct.pack('<HHi', *entry) for entry in entries)

def shown(where):
    it = os.lstat(where)
    text = '%o %d:%d links %d' % (it.st_mode, it.st_uid, it.st_gid, it.st_nlink)
    if stat.S_ISREG(it.st_mode):
        text += ' size %d' % it.st_size
    attributes = sorted(os.listxattr(where, follow_symlinks=False))
    for name in attributes:
        try:
            value = os.getxattr(where, name, follow_symlinks=False).hex()
        except OSError as refusal:
            value = errno.errorcode[refusal.errno]
        text += ' %s=%s' % (name, value)
    return text

def with_file(where, flags, change, mode=0o666):
    file = os.open(where, flags | os.O_NONBLOCK, mode)
    try:
        return change(file)
    finally:
        os.close(file)

def is_directory(where):
    return stat.S_ISDIR(os.lstat(where).st_mode)

def change_mode(where):
    # A link is not followed: its target may be anything.
    mode = permissions(not os.path.islink(where) and is_directory(where))
    if 'security.capability' in os.listxattr(where):
        mode &= ~0o4000
    os.chmod(where, mode)
    return '%o' % mode

def make_capable(where):
    # Of a file with both FUSE cannot tell which of them is to go.
    if not os.stat(where).st_mode & 0o4000:
        os.setxattr(where, 'security.capability', CAPABILITY)

def keep_owners(where):
    # Of a file with set-id bits Linux refuses it to strangers; FUSE is not told of them.
    if os.geteuid() in (0, os.stat(where).st_uid):
        os.chown(where, -1, -1)

OPERATIONS = [
    (9, 'create', lambda t: with_file(t, os.O_CREAT | os.O_RDWR, os.fstat, permissions(False)).st_size),
    (9, 'mkdir', lambda t: os.mkdir(t, permissions(True))),
    (2, 'mkfifo', lambda t: os.mkfifo(t, permissions(False))),
    (1, 'symlink', lambda t: os.symlink(rng.choice(FILES), t)),
    (2, 'unlink', os.unlink),
    (1, 'rmdir', os.rmdir),
    (2, 'rename', lambda t: os.rename(t, target())),
    (2, 'link', lambda t: os.link(t, target())),
    (8, 'chmod', change_mode),
    (3, 'chown', lambda t: os.chown(t, rng.choice([-1, 0, 1001, 1002]), rng.choice([0, 2001, 2002]))),
    (1, 'keep owners', keep_owners),
    (4, 'write', lambda t: with_file(t, os.O_WRONLY, lambda f: os.pwrite(f, b'text', rng.randrange(9000)))),
    (2, 'truncate', lambda t: os.truncate(t, rng.randrange(9000))),
    (2, 'fallocate', lambda t: with_file(t, os.O_RDWR, lambda f: os.posix_fallocate(f, 0, 5000))),
    (4, 'read', lambda t: with_file(t, os.O_RDONLY, lambda f: stat.S_IFMT(os.fstat(f).st_mode))),
    (4, 'list', lambda t: sorted(os.listdir(t))),
    (6, 'access', lambda t: [os.access(t, m, effective_ids=True) for m in (4, 2, 1)]),
    (12, 'set access list', lambda t: os.setxattr(t, ACCESS, acl())),
    (9, 'set default list', lambda t: os.setxattr(t, DEFAULT, acl())),
    (2, 'remove access list', lambda t: os.removexattr(t, ACCESS)),
    (2, 'remove default list', lambda t: os.removexattr(t, DEFAULT)),
    (2, 'set user attribute', lambda t: os.setxattr(t, 'user.k', b'v' * rng.randrange(50), rng.randrange(3))),
    (1, 'set trusted attribute', lambda t: os.setxattr(t, 'trusted.k', b'v')),
    (2, 'set capability', make_capable),
    (1, 'remove attribute', lambda t: os.removexattr(t, rng.choice(['user.k', 'trusted.k']))),
    (10, 'show', shown),
]
weights = [weight for weight, _, _ in OPERATIONS]

def outcome(operation, where):
    try:
        return operation(where)
    except OSError as refusal:
        return errno.errorcode[refusal.errno]

os.chmod('.', 0o777)
for name in ('d', 'e'):
    os.mkdir(name)
    os.chmod(name, 0o777)
for step in range(STEPS):
    if step % 100 == 0:
        for name in ('d', 'e'):
            os.removexattr(name, ACCESS)
            os.chmod(name, 0o777)
    user = rng.choice(USERS)
    os.umask(rng.choice([0, 0o022, 0o077, 0o027]))
    _, what, operation = rng.choices(OPERATIONS, weights)[0]
    where = target(None if rng.random() < 0.1 or what not in ('mkdir', 'set default list') else True)
    state = rng.getstate()
    become(user)
    result = outcome(operation, where)
    become(USERS[0])
    print(step, user[0], what, where, result, flush=True)
    # However often the operation drew, the next one starts from the same place.
    rng.setstate(state)
    rng.random()
for above, directories, files in sorted(os.walk('.')):
    for name in sorted(directories + files):
        print(os.path.join(above, name), shown(os.path.join(above, name)))
