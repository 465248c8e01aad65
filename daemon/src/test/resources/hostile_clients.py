"""Two thousand bad clients of an object server's socket: USER SOCKET TOKENFILE OBJECT.

They are that user's, by number: whoever starts them needs the right to become it.
Each does one thing wrong; one that is sent away comes back. Says "attacking" when all are there, goes on until its
standard input ends, and prints then how often it met each error.
"""
import collections
import json
import os
import random
import resource
import select
import socket
import struct
import sys
import time

CLIENTS = 2000
COME_BACK_PER_ROUND = 20
ROUND_SECONDS = 0.1
FAILED = 0x81


def frame(kind, request, body=b""):
    return struct.pack(">IBBHI", 8 + len(body), kind, 0, 0, request) + body


def hello(token):
    return frame(0x01, 1, struct.pack(">QHHQI", 0x54454C4F53495043, 1, 1, 0, len(token)) + token)


def messages(token, big):
    """What a client of each kind sends; it reads nothing that it is not made to."""
    admitted = hello(token)
    return {
        "silent": b"",
        "garbage": random.randbytes(64),
        "oversized": struct.pack(">I", 1 << 30) + bytes(8),
        "truncated": struct.pack(">I", 100) + bytes(8),
        "uninvited": hello(b"telos1.AAAA"),
        "half a request": admitted + struct.pack(">I", 100) + b"\x06",
        "idle transaction": admitted + frame(0x04, 2, struct.pack(">I", 1)),
        "never reads": admitted + b"".join(
            frame(0x06, request, struct.pack(">IIQ", 0, 1, big)) for request in range(2, 40)),
    }


class Client:
    def __init__(self, path, kind, message):
        self.path, self.kind, self.message = path, kind, message
        self.errors = []
        self.connect()

    def connect(self):
        self.received = b""
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(self.path)
        self.socket.setblocking(False)
        try:
            self.socket.send(self.message)
        except OSError:
            pass  # sent away already; what was said is read later

    def take(self, errors):
        """Whether the server has ended it."""
        try:
            data = self.socket.recv(1 << 16)
        except OSError:
            data = b""
        self.received += data
        while len(self.received) >= 12:
            length, kind, _, _, request = struct.unpack_from(">IBBHI", self.received)
            if len(self.received) < length + 4:
                break
            if kind == FAILED and request == 0:
                errors[struct.unpack_from(">H", self.received, 12)[0]] += 1
            self.received = self.received[length + 4:]
        return not data


def main():
    user, path, token_file, big = sys.argv[1:]
    os.setgroups([])
    os.setgid(int(user))
    os.setuid(int(user))
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with open(token_file, "rb") as file:
        kinds = list(messages(file.read(), int(big)).items())
    errors = collections.Counter()
    poll = select.poll()
    poll.register(sys.stdin, select.POLLIN | select.POLLHUP)
    clients = {}

    def watch(client):
        clients[client.socket.fileno()] = client
        if client.kind != "never reads":
            poll.register(client.socket, select.POLLIN)

    for number in range(CLIENTS):
        watch(Client(path, *kinds[number % len(kinds)]))
    print("attacking", flush=True)
    gone = collections.deque()
    comeback = time.monotonic()
    while True:
        for number, _ in poll.poll(ROUND_SECONDS * 1000):
            if number == sys.stdin.fileno():
                print(json.dumps(errors), flush=True)
                return
            client = clients[number]
            if client.take(errors):
                poll.unregister(number)
                del clients[number]
                client.socket.close()
                gone.append(client)
        if time.monotonic() < comeback:
            continue
        comeback = time.monotonic() + ROUND_SECONDS
        for _ in range(min(COME_BACK_PER_ROUND, len(gone))):
            client = gone.popleft()
            client.connect()
            watch(client)


main()
