#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""start-noise.py SOCKET N: says N things that make no sense to a container that waits to be started."""
import os
import random
import socket
import struct
import sys

path, many = sys.argv[1], int(sys.argv[2])
random.seed(1)
GO = struct.pack("=iii", 0, 0, 0) + b"\0"
null = os.open("/dev/null", os.O_RDONLY)
refused = 0
for i in range(many):
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as to:
        to.settimeout(20)
        to.connect(path)
        kind = i % 8
        packet = [
            GO[:-1],  # no text
            GO[: random.randrange(1, 12)],
            struct.pack("=iii", random.choice([1, 2, 6, 7, -1, 2**31 - 1]), 0, 0) + b"\0",
            GO + bytes(random.randrange(1, 9000)),
            GO[:-1] + b"x" * random.randrange(1, 2100),  # no end
            random.randbytes(random.randrange(1, 3000)),
            b"",
            GO,
        ][kind]
        try:
            if kind == 7:
                socket.send_fds(to, [packet], [null] * random.randrange(2, 200))
            else:
                to.send(packet)
            if to.recv(4096) == b"":
                refused += 1
        except ConnectionError:
            refused += 1
print(refused)
