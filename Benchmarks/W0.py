"""Instructions: starting up, and a question to a store.

Counted by callgrind, so that a regression shows on a machine where no time can be trusted. The bounds are 1.15 times what
was counted when they were recorded; a change that needs more says so here. A bake that has nothing to do cannot be counted:
it starts its helper from /proc/self/exe, which valgrind does not follow. The helper is counted by itself, opening a repository;
the CPU time of both is a row of W3.
"""

import json
import re
import subprocess


# Millions of instructions, x86-64, release build.
BOUNDS = {"bake --version": 18, "bake status": 23, "the git helper, opening a repository": 17}


def count(inputs, words, cwd):
    """Millions of instructions of one process."""
    valgrind = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
    done = subprocess.run(
        words if words[0] == "sh" else [*valgrind, *map(str, words)], cwd=cwd, env=inputs.env,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=True)
    return int(re.search(r"Collected : (\d+)", done.stderr.decode()).group(1)) / 1e6


def helper(inputs, place, sources):
    """The words that start the git helper as bake does: what to open on 3, questions (none) on 5, answers on 4 and 6."""
    (place / "request").write_text(json.dumps({"path": str(sources), "cpu": 30, "memory": 6 << 30}))
    descriptors = f"3<{place}/request 4>/dev/null 5</dev/null 6>/dev/null"
    return ["sh", "-c", f"exec valgrind --tool=callgrind --callgrind-out-file=/dev/null {inputs.bake} __helper git-read {descriptors}"]


def measure(inputs, place):
    """The counts, by what was done."""
    store, sources = inputs.store_with_files(place, inputs.repository(10))
    return [
        ("bake --version", count(inputs, [inputs.bake, "--version"], sources)),
        ("bake status", count(inputs, inputs.bakes(store, "status"), sources)),
        ("the git helper, opening a repository", count(inputs, helper(inputs, place, sources), sources)),
    ]


def table(inputs, place):
    """The table, and whether each count is within its bound."""
    found = measure(inputs, place)
    lines = ["### W0: Instructions", "", "| | millions | bound |", "|---|--:|--:|"]
    lines += [f"| {name} | {millions:.1f} | {BOUNDS[name]} |" for name, millions in found]
    return "\n".join(lines + [""]), [(name, millions <= BOUNDS[name]) for name, millions in found]
