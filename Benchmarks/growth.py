#!/usr/bin/env python3
"""growth.py BAKE [KIND …]: time and memory as the work grows ×10 and ×100, in files, bytes, stages and ledger entries.

Prints one table: for each kind and size the CPU and the peak of one command, and the exponent between neighbours (1 is
linear, 0 is no growth).
"""

import argparse
import math
import os
import pathlib
import sys

import W8
from inputs import Inputs, run
from measurement import Contender, measure

HERE = pathlib.Path(__file__).resolve().parent


def files(inputs, place, count):
    """A commit of so many files becomes a layer."""
    store, sources = inputs.store_with_files(place, inputs.repository(count))
    return Contender("bake build, all anew", inputs.bakes(store, "build", "--commit", "HEAD", "--fresh", "app"),
                     cwd=sources, env=inputs.env)


def unchanged(inputs, place, count):
    """The same again, with nothing to do."""
    store, sources = inputs.store_with_files(place, inputs.repository(count))
    return Contender("bake build, nothing to do", inputs.bakes(store, "build", "--commit", "HEAD"), cwd=sources,
                     env=inputs.env)


def megabytes(inputs, place, count):
    """A file of so many megabytes, half noise, imported, unpacked and packed again."""
    sources = place / "sources"
    (sources / "root").mkdir(parents=True)
    with open(sources / "root/large", "wb") as large:
        for _ in range(count):
            large.write(os.urandom(500_000) + bytes(500_000))
    run("tar", "-c", "-f", place / "root.tar", "-C", sources / "root", "large")
    (sources / "root/large").unlink()
    (sources / "bake.yaml").write_text(f"name: large\nstages: {{ os: {{ import: {place}/root.tar }} }}\nimage: os\n")
    store = built(inputs, place, sources)
    return Contender("bake export", inputs.bakes(store, "export", "large@1", "-o", place / "out.tar.gz"),
                     env=inputs.env)


def stages(inputs, place, count):
    """A plan of so many stages, each upon the one before."""
    sources = place / "sources"
    sources.mkdir()
    lines = ["  s0: { from: scratch, files: { /a: text } }"]
    lines += [f"  s{number}: {{ from: s{number - 1} }}" for number in range(1, count)]
    (sources / "bake.yaml").write_text("\n".join(["name: many", "stages:", *lines, f"image: s{count - 1}"]) + "\n")
    run("git", "init", "-q", "-b", "main", sources, env=inputs.env)
    inputs.commit(sources)
    store = place / "store"
    return Contender("bake plan", inputs.bakes(store, "plan"), cwd=sources, env=inputs.env)


def entries(inputs, place, count):
    """A question about the middle of a ledger of so many entries."""
    W8.MOVES = count
    store, moment = W8.ledger(inputs, place)
    time = W8.stamp(moment)[:19] + "+00:00"
    return Contender("bake audit", inputs.bakes(store, "audit", f"app:staging@{{{time}}}"), env=inputs.env)


def built(inputs, place, sources):
    """A store in which a pipeline of its own was locked and baked."""
    store = place / "store"
    run("git", "init", "-q", "-b", "main", sources, env=inputs.env)
    run(*inputs.bakes(store, "init"), cwd=sources, env=inputs.env)
    run(*inputs.bakes(store, "lock"), cwd=sources, env=inputs.env)
    inputs.commit(sources)
    run(*inputs.bakes(store, "build"), cwd=sources, env=inputs.env)
    return store


KINDS = {
    "files": (files, [100, 1_000, 10_000]), "unchanged": (unchanged, [100, 1_000, 10_000]),
    "megabytes": (megabytes, [10, 100, 1_000]), "stages": (stages, [100, 1_000, 10_000]),
    "entries": (entries, [10_000, 100_000, 1_000_000]),
}


def exponent(before, after):
    """The power of the size with which a figure grew."""
    if not before or not before[1] or not after[1]:
        return ""
    return f"{math.log(after[1] / before[1]) / math.log(after[0] / before[0]):.2f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bake", type=os.path.realpath)
    parser.add_argument("kind", nargs="*", default=list(KINDS))
    parser.add_argument("--directory", default=str(HERE.parent / ".build-bench"))
    options = parser.parse_args()
    inputs = Inputs(options.bake, pathlib.Path(options.directory).resolve())
    print("| what grows | to | command | wall | CPU | exponent of CPU | peak RSS |\n|---|--:|---|--:|--:|--:|--:|")
    for kind in options.kind:
        make, sizes = KINDS[kind]
        before = None
        for size in sizes:
            with inputs.scratch("growth") as place:
                contender = make(inputs, place, size)
                samples = sorted(measure(contender, place) for _ in range(3))
            wall, cpu, rss = samples[1]
            print(f"| {kind} | {size:,} | `{contender.name}` | {wall * 1000:.0f} ms | {cpu * 1000:.0f} ms "
                  f"| {exponent(before, (size, cpu))} | {rss / 1024:.0f} MiB |", flush=True)
            before = (size, cpu)


if __name__ == "__main__":
    sys.exit(main())
