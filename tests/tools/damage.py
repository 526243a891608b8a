# SPDX-License-Identifier: Apache-2.0
"""damage.py CONFIG DIR: damaged copies of a config.json: every node removed and replaced by what is
wrong there, and the text cut, doubled, not in UTF-8, nested without end. One file each, by number."""
import copy
import json
import os
import random
import sys

VALUES = [None, True, -1, 2**64, 1.5e308, "", "..", "../../outside", "/", "%n%s", "a\nb", "a\x01b", "x" * 70000, [], {},
          [None], {"": ""}]
RAW = ['"\\u0000"', '"a\\u0000b"', '"\\ud800"', "1e999", "99999999999999999999", "[[[]]]", '{"a": 1, "a": 2}']


def nodes(value, path=()):
    if path:
        yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in items:
        yield from nodes(child, path + (key,))


def changed(top, path, value):
    top = copy.deepcopy(top)
    at = top
    for key in path[:-1]:
        at = at[key]
    if value is REMOVED:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return top


REMOVED = object()


def texts(top):
    for path in nodes(top):
        # What is asked for on the host itself is no damage.
        asked = path[-1] in ("path", "source", "cgroupsPath")
        values = [v for v in VALUES if not (asked and v in ("/", "..", "../../outside", ""))]
        yield json.dumps(changed(top, path, REMOVED)).encode()
        for value in values:
            yield json.dumps(changed(top, path, value)).encode()
        for raw in RAW:
            yield json.dumps(changed(top, path, "@RAW@")).replace('"@RAW@"', raw).encode()
    good = json.dumps(top).encode()
    for i in range(60):
        yield good[: len(good) * i // 60]
    random.seed(1)
    for _ in range(200):
        flipped = bytearray(good)
        flipped[random.randrange(len(good))] ^= 1 << random.randrange(8)
        yield bytes(flipped)
    yield b"\xef\xbb\xbf" + good
    yield good.decode().encode("utf-16")
    yield good + b"x"
    yield b"[" * 100000
    yield b'{"a":' * 100000
    yield good.replace(b'"/bin/true"', b'"\xff\xfe"')
    yield b"// " + good


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        top = json.load(file)
    for number, text in enumerate(texts(top)):
        with open(os.path.join(sys.argv[2], f"{number:05}"), "wb") as file:
            file.write(text)


main()
