#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Random operations over four mount namespaces: what mntns apply does must be what it planned, and
what the kernel refuses in the end must leave nothing behind, unless it was said before.

    apply-random.py MNTNS DIRECTORY SEED WORLDS ROUNDS

Prints TAP lines; the first sentence of one that fails has what is needed to see it again."""
import json
import os
import random
import re
import subprocess
import sys
import time

mntns, top, seed, worlds, rounds = os.path.abspath(sys.argv[1]), sys.argv[2], *map(int, sys.argv[3:])
PATHS = ["a", "b", "c", "a/x", "b/x", "c/y", "a/x/z"]
WORDS = ["ro", "nosuid noexec", "noatime", "nodiratime strictatime"]
LAST = "mount nosuchfs " + top  # the model knows nothing of file systems: only the kernel refuses


def sh(command):
    subprocess.run(command, shell=True, check=True)


def namespace(propagation):
    process = subprocess.Popen(["unshare", "-m", "--propagation", propagation, "sleep", "1000"])
    while open(f"/proc/{process.pid}/comm").read() != "sleep\n":
        time.sleep(0.01)
    return process


def operation(r):
    def path():
        return top + "/" + r.choice(PATHS) if r.random() < 0.93 else top

    def word(*words):
        return r.choice(words)

    forms = [
        lambda: f"mount tmpfs {path()} source=s{r.randrange(100)} create",
        lambda: f"bind {path()} {path()}",
        lambda: f"rbind {path()} {path()}",
        lambda: f"move {path()} {path()}",
        lambda: f"make-{word('', 'r')}{word('shared', 'private', 'slave', 'unbindable')} {path()}",
        lambda: f"remount {path()} {word(*WORDS)}",
        lambda: f"umount {path()}",
        lambda: f"rumount {path()}",
        lambda: f"mkdir {path()}/n{r.randrange(4)} mode=755",
        lambda: f"set-attr {path()} rec {word('ro', 'noexec', 'shared', 'slave')}",
    ]
    return r.choices(forms, [3, 1, 2, 1, 1, 1, 1, 1, 1, 1])[0]()


def tables(processes):
    """With ids; of the numbers of groups only which are equal."""
    groups = {}
    lines = []
    for pid in ["self"] + [process.pid for process in processes]:
        for line in open(f"/proc/{pid}/mountinfo"):
            if top in line:
                line = re.sub(r"(shared|master|propagate_from):(\d+)",
                              lambda m: f"{m[1]}:{groups.setdefault(m[2], len(groups))}", line)
                lines.append(f"{pid} {line}")
    return lines


def judge(answer, fails, before, after):
    """What is wrong, or None; and what it was."""
    differs = [d["what"] for d in answer["differences"] if d["ours"]]
    if answer["refusal"]:
        return ("changed by a refusal" if before != after else None), "refused"
    expected = ["nosuchfs"] if fails else []
    if any("exist" in sentence for sentence in answer["assumed"]):
        expected += ["No such file", "File exists", "Read-only file system"]
    if not answer["applied"] and not any(word in (answer["error"] or "") for word in expected):
        return f"refused by the kernel alone: {answer['error']}", "applied"
    if answer["applied"]:
        return (f"not as planned: {differs}" if differs else None), "applied"
    if (before == after) == bool(differs):
        return f"tables are {'' if before == after else 'not '}as before, said: {differs}", "undone"
    if before != after and not answer["cannot-be-undone"]:
        return f"not undone: {differs} {answer['left']}", "undone"
    return None, "undone"


def is_refused(where, ops):
    """By the kernel. What the operations before have done stays."""
    enter = ["nsenter", "-t", where[1], "-m"] if where else []
    return subprocess.run([*enter, mntns, "ops", "--exec", *ops], capture_output=True).returncode == 1


def play(number, counts):
    r = random.Random(seed + number)
    processes = []
    sh(f"mount -t tmpfs t {top}; mkdir -p {top}/a/x/z {top}/b/x {top}/c/y; mount --make-shared {top}")
    wrong = None
    for i in range(rounds):
        if i in (3, 6, 9):
            processes.append(namespace(r.choice(["unchanged", "slave", "private"])))
        ops = [operation(r) for _ in range(r.choice([1, 1, 2, 3]))]
        where = ["--in", str(r.choice(processes).pid)] if processes and r.random() < 0.3 else []
        fails = r.random() < 0.5
        before = tables(processes)
        if len(before) > 400:
            break
        run = subprocess.run([mntns, "apply", "-J", *where, *ops, *([LAST] if fails else [])],
                             capture_output=True, text=True)
        if run.returncode not in (0, 1) or not run.stdout:
            wrong = f"status {run.returncode}: {run.stderr}"
        else:
            wrong, what = judge(json.loads(run.stdout), fails, before, tables(processes))
            counts[what] = counts.get(what, 0) + 1
            if not wrong and what == "refused" and not is_refused(where, ops):
                wrong = "the kernel does not refuse it"
        if wrong:
            wrong = f"seed {seed + number}, round {i}: {ops} {where}: {wrong}"
            break
    for process in processes:
        process.kill()
        process.wait()
    while subprocess.run(["umount", "-l", top], stderr=subprocess.DEVNULL).returncode == 0:
        pass
    return wrong


counts = {}
for number in range(worlds):
    wrong = play(number, counts)
    print(f"{'not ' if wrong else ''}ok - random operations, seed {seed + number}")
    if wrong:
        print("#", wrong.replace("\n", "\n# "))
print("#", ", ".join(f"{n} {what}" for what, n in sorted(counts.items())))
