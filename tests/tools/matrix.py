#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""matrix.py [FOLDER]: the matrices of tests/scenarios, bind, rbind, move and umount, of, to and on a mount of each type.

Each file says what the rules of mount_namespaces(7) lead to; the rules are below, once.
"""
import pathlib
import sys

TYPES = ["private", "shared", "slave", "shared,slave", "unbindable"]
top = pathlib.Path(sys.argv[1]) if sys.argv[1:] else pathlib.Path(__file__).resolve().parent.parent / "scenarios"


def a(kind):
    return ("an " if kind[0] == "u" else "a ") + kind


def save(what, name, lines):
    folder = top / f"matrix-{what}"
    folder.mkdir(exist_ok=True)
    (folder / (name.replace(",", "-") + ".mnt")).write_text("\n".join(lines) + "\n")


def prepare(mount, kind, peer, second):
    """A mount of the kind, and what is needed for it: its peer or its master, and with a master its peer."""
    lines = []
    if "slave" in kind:
        lines += [f"make-shared {mount}", f"mkdir {peer}", f"bind {mount} {peer}", f"make-slave {mount}"]
        lines += [f"expect 0 {mount} slave-of 0 {peer}"]
    if "shared" in kind:
        copy = second if "slave" in kind else peer
        lines += [f"make-shared {mount}", f"mkdir {copy}", f"bind {mount} {copy}"]
        lines += [f"expect 0 {mount} shared-with 0 {copy}"]
    if kind == "unbindable":
        lines += [f"make-unbindable {mount}"]
    return lines + [f"expect 0 {mount} type {kind}"]


def receivers(kind):
    """Where a mount on /d/a appears too, and where not."""
    return {"shared": (["/q"], []), "slave": ([], ["/q"]), "shared,slave": (["/r"], ["/q"])}.get(kind, ([], []))


def result_type(source, target):
    """A copy keeps the type, and what arrives on a shared mount becomes shared."""
    if "shared" not in target:
        return source
    return {"private": "shared", "slave": "shared,slave"}.get(source, source)


def refused(what, source, target):
    """An unbindable mount has no copies: neither by a bind nor by propagation."""
    return source == "unbindable" and (what != "move" or "shared" in target)


def title(what, source, target):
    end = {"bind": "A bind of", "rbind": "A recursive bind of", "move": "A move of"}[what]
    kind = f"{a(source.replace(',', ' and '))} mount"
    to = f"{a(target.replace(',', ' and '))} one"
    if refused(what, source, target):
        return f"{end} {kind} to {to} is refused."
    copies = ", and appears in the peer's" if receivers(target)[0] else ""
    return f"{end} {kind} to {to} is {result_type(source, target).replace(',', ' and ')}{copies}."


def below(what):
    """rbind and move take along what is mounted there; move as it is."""
    if what == "bind":
        return ["mount-new /s/b"]
    lines = ["mount-new /s/b", "mount-new /s/c", "make-shared /s/b"]
    return lines + (["make-unbindable /s/c"] if what == "rbind" else [])


def expected_tree(what, at):
    if what == "bind":
        return [f"expect 0 {at}/b not-mounted"]
    if what == "rbind":
        return [f"expect 0 {at}/b shared-with 0 /s/b", f"expect 0 {at}/c not-mounted"]
    return [f"expect 0 {at}/b mounted 1", f"expect 0 {at}/c mounted 1"]


def group(what, source, target):
    lines = []
    if "shared" in source:
        peer = "/t" if "slave" in source else "/p"
        lines += [f"expect 0 /d/a shared-with 0 {peer}"]
    if "slave" in source:
        lines += ["expect 0 /d/a slave-of 0 /p"]
    return lines


def done(what, source, target):
    yes, no = receivers(target)
    lines = [f"expect 0 /d/a type {result_type(source, target)}"] + group(what, source, target)
    lines += expected_tree(what, "/d/a")
    for at in yes:
        lines += [f"expect 0 {at}/a shared-with 0 /d/a"] + expected_tree(what, at + "/a")
    lines += [f"expect 0 {at}/a not-mounted" for at in no]
    lines += [f"expect 0 /s {'not-mounted' if what == 'move' else 'type ' + source}"]
    lines += ["# What is mounted on it follows the same way, and so does its umount.", "mount-new /d/a/a"]
    lines += [f"expect 0 {at}/a/a mounted 1" for at in yes]
    lines += ["umount /d/a lazy"]
    lines += [f"expect 0 {at} not-mounted" for at in ["/d/a", "/d/a/a"] + [at + "/a" for at in yes]]
    return lines


def write(what, number, source, target):
    lines = ["# " + title(what, source, target), "mkdir /s", "mkdir /d", "mount-new /s", "mount-new /d"]
    lines += below(what)
    lines += prepare("/s", source, "/p", "/t") + prepare("/d", target, "/q", "/r")
    word = f"mount-{what} /s /d/a"
    if refused(what, source, target):
        lines += [word + " -> EINVAL", "expect 0 /d/a not-mounted"]
        lines += [f"expect 0 {at}/a not-mounted" for at in sum(receivers(target), [])]
        lines += [f"expect 0 /s type {source}"]
    else:
        lines += [word] + done(what, source, target)
    save(what, f"{number:02}-{source}-to-{target}", lines)


def umount(number, kind, on):
    """Whether an unmount propagates is decided by the mount below alone."""
    yes, no = receivers(on)
    away = ", and with it its copy at the peer" if yes else ""
    kind_text, on_text = (t.replace(",", " and ") for t in (kind, on))
    lines = [f"# {a(kind_text).capitalize()} mount on {a(on_text)} one is unmounted{away}.", "mkdir /d", "mount-new /d"]
    lines += prepare("/d", on, "/q", "/r") + ["mount-new /d/a"]
    lines += [f"expect 0 {at}/a shared-with 0 /d/a" for at in yes]
    lines += ["make-private /d/a"] + prepare("/d/a", kind, "/p", "/t") + ["umount /d/a"]
    lines += [f"expect 0 {at}/a not-mounted" for at in ["/d"] + yes]
    if kind != "private" and kind != "unbindable":
        lines += ["# Those that it shared with, or received from, stay.", "expect 0 /p type shared"]
    if kind == "shared,slave":
        lines += ["expect 0 /t slave-of 0 /p", "expect 0 /t type shared,slave"]
    if no:
        lines += ["# What came from the master can be unmounted here, and stays there.", "mount-new /q/b"]
        lines += [f"expect 0 {at}/b mounted 1" for at in ["/d"] + yes] + ["umount /d/b"]
        lines += [f"expect 0 {at}/b not-mounted" for at in ["/d"] + yes] + ["expect 0 /q/b mounted 1"]
    save("umount", f"{number:02}-{kind}-on-{on}", lines)


for what in ["bind", "rbind", "move", "umount"]:
    number = 0
    for source in TYPES:
        for target in TYPES:
            number += 1
            if what == "umount":
                umount(number, source, target)
            else:
                write(what, number, source, target)
