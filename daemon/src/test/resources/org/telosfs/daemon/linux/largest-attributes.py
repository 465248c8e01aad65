import errno, os

def refused(change):
    try:
        change()
    except OSError as refusal:
        print(errno.errorcode[refusal.errno])

def name(number):
    return ('user.%d.' % number).ljust(255, 'x')

open('f', 'w').close()
os.setxattr('f', 'user.large', b'v' * 65536)
print(len(os.getxattr('f', 'user.large')))
os.removexattr('f', 'user.large')
for number in range(256):
    os.setxattr('f', name(number), b'')
names = os.listxattr('f')
print(len(names), sum(len(it) + 1 for it in names))
refused(lambda: os.setxattr('f', name(256), b''))
os.removexattr('f', name(7))
refused(lambda: os.setxattr('f', 'user.large', b'v' * 65537))
