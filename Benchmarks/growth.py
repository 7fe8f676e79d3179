#!/usr/bin/env python3
"""growth.py BAKE [KIND …]: time and memory as the work grows ×10 and ×100, in files, bytes, stages, generations, entries.

Prints one table: for each kind and size the CPU and the peak of one command, and the exponent between neighbours (1 is
linear, 0 is no growth). What was measured is kept in the directory of the inputs, so that kinds may be run one by one; with
--svg FILE all that is kept is drawn.
"""

import argparse
import json
import math
import os
import pathlib
import sys
import time

import W8
from inputs import Inputs, run
from measurement import Contender, measure
from plot import Panel, write_svg

HERE = pathlib.Path(__file__).resolve().parent
HISTORY = HERE.parent / "Fixtures/ledger/long-history"


def files(inputs, place, count):
    """A commit of so many files becomes a layer."""
    store, sources = inputs.store_with_files(place, inputs.repository(count))
    yield Contender("bake build --fresh", inputs.bakes(store, "build", "--commit", "HEAD", "--fresh", "app"),
                    cwd=sources, env=inputs.env)
    yield Contender("bake build, nothing to do", inputs.bakes(store, "build", "--commit", "HEAD"), cwd=sources,
                    env=inputs.env)


def megabytes(inputs, place, count):
    """A file of so many megabytes, half noise, imported: all of it taken out, and a small file behind it."""
    sources = place / "sources"
    (sources / "root").mkdir(parents=True)
    with open(sources / "root/large", "wb") as large:
        for _ in range(count):
            large.write(os.urandom(500_000) + bytes(500_000))
    (sources / "root/small").write_text("small\n")
    run("tar", "-c", "-f", place / "root.tar", "-C", sources / "root", "large", "small")
    (sources / "root/large").unlink()
    (sources / "bake.yaml").write_text(f"name: large\nstages: {{ os: {{ import: {place}/root.tar }} }}\nimage: os\n")
    store = built(inputs, place, sources)
    yield Contender("bake export, the root", inputs.bakes(store, "export", "large@1", "-o", place / "out.tar.gz"),
                    env=inputs.env)
    run(*inputs.bakes(store, "export", "large@1:/small", "-o", place / "small"), env=inputs.env)
    yield Contender("bake export, one file", inputs.bakes(store, "export", "large@1:/small", "-o", place / "small"),
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
    yield Contender("bake plan", inputs.bakes(place / "store", "plan"), cwd=sources, env=inputs.env)


def entries(inputs, place, count):
    """Everyday acts behind a history of so many entries, 18 % of them generations, of ten other pipelines."""
    sources = place / "app"
    (sources / "src").mkdir(parents=True)
    (sources / "bake.yaml").write_text(
        "name: app\nstages: { app: { from: scratch, add: { /srv/: src/ } } }\nimage: app\n")
    store = place / "store"
    for number in (1, 2):
        (sources / "src/page").write_text(f"{number}\n")
        inputs.commit(sources)
        if number == 1:
            run(*inputs.bakes(store, "init"), cwd=sources, env=inputs.env)
            run(sys.executable, HISTORY, store, count)
        run(*inputs.bakes(store, "build"), cwd=sources, env=inputs.env)
    policy = place / "environments.yaml"
    policy.write_text("environments: { staging: {}, preview: {}, production: {} }\n")
    run(inputs.bake, "env", "apply", policy, "--store", store, env=inputs.env)
    run(*inputs.bakes(store, "promote", "app@1", "staging"), env=inputs.env)

    def back():
        if '"app@2"' in run(*inputs.bakes(store, "show", "app:staging", "--json"), env=inputs.env):
            run(*inputs.bakes(store, "rollback", "app:staging"), env=inputs.env)
            run(*inputs.bakes(store, "thaw", "app:staging"), env=inputs.env)

    yield Contender("bake promote", inputs.bakes(store, "promote", "app@2", "staging"), prepare=back, env=inputs.env)
    yield Contender("bake status", inputs.bakes(store, "status"), env=inputs.env)
    yield Contender("bake build, nothing to do", inputs.bakes(store, "build", "--commit", "HEAD"), cwd=sources,
                    env=inputs.env)


def moves(inputs, place, count):
    """A question about the middle of one slot's so many moves."""
    W8.MOVES = count
    store, moment = W8.ledger(inputs, place)
    stamp = W8.stamp(moment)[:19] + "+00:00"
    yield Contender("bake audit", inputs.bakes(store, "audit", f"app:staging@{{{stamp}}}"), env=inputs.env)


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
    "files": (files, [100, 1_000, 10_000]), "megabytes": (megabytes, [10, 100, 1_000]),
    "stages": (stages, [100, 1_000, 10_000]), "entries": (entries, [10_000, 100_000, 1_000_000]),
    "moves": (moves, [10_000, 100_000, 1_000_000]),
}


def exponent(before, after):
    """The power of the size with which a figure grew."""
    if not before or not before[1] or not after[1]:
        return ""
    return f"{math.log(after[1] / before[1]) / math.log(after[0] / before[0]):.2f}"


def median(contender, place):
    """The middle one of three runs, by CPU."""
    samples = []
    for _ in range(3):
        contender.prepare()
        samples.append(measure(contender, place))
    return sorted(samples, key=lambda sample: sample[1])[1]


def grow(inputs, kind):
    """Measures a kind in all its sizes: for each command its points."""
    make, sizes = KINDS[kind]
    points = {}
    for size in sizes:
        with inputs.scratch("growth") as place:
            for contender in make(inputs, place, size):
                wall, cpu, rss = median(contender, place)
                row = points.setdefault(contender.name, [])
                before = (row[-1]["size"], row[-1]["cpu"]) if row else None
                print(f"| {kind} | {size:,} | `{contender.name}` | {wall * 1000:.0f} ms | {cpu * 1000:.0f} ms "
                      f"| {exponent(before, (size, cpu))} | {rss / 1024:.0f} MiB |", flush=True)
                row.append({"size": size, "wall": wall, "cpu": cpu, "rss": rss})
    return points


def machine():
    """What the figures come from, in a line."""
    model = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo", encoding="utf-8")
                  if line.startswith("model name")), "unknown processor")
    return f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} × {model}, load {os.getloadavg()[1]:.0f}"


def draw(kept, path):
    """One panel for each kind's time, one for its memory."""
    panels = []
    for kind, (_, sizes) in KINDS.items():
        # One size shows no growth.
        if kind not in kept or all(len(points) < 2 for points in kept[kind]["commands"].values()):
            continue
        for what, unit, scale in (("cpu", "CPU seconds", 1), ("rss", "peak MiB", 1 / 1024)):
            lines = {name: [(point["size"], point[what] * scale) for point in points]
                     for name, points in kept[kind]["commands"].items()}
            panels.append(Panel(f"{kind}: {unit}", sizes, lines))
    notes = sorted({kept[kind]["machine"] for kind in kept})
    path.write_text(write_svg(panels, notes), encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bake", type=os.path.realpath)
    parser.add_argument("kind", nargs="*", default=[])
    parser.add_argument("--directory", default=str(HERE.parent / ".build-bench"))
    parser.add_argument("--svg", type=pathlib.Path, help="draw all that was measured into this file")
    parser.add_argument("--most", type=int, help="no size above this one")
    options = parser.parse_args()
    inputs = Inputs(options.bake, pathlib.Path(options.directory).resolve())
    memory = inputs.directory / "growth.json"
    kept = json.loads(memory.read_text()) if memory.exists() else {}
    print("| what grows | to | command | wall | CPU | exponent of CPU | peak RSS |\n|---|--:|---|--:|--:|--:|--:|")
    for kind in options.kind or ([] if options.svg else KINDS):
        if options.most:
            KINDS[kind] = (KINDS[kind][0], [size for size in KINDS[kind][1] if size <= options.most])
        kept[kind] = {"machine": machine(), "commands": grow(inputs, kind)}
        memory.write_text(json.dumps(kept, indent=1))
    if options.svg:
        draw(kept, options.svg)


if __name__ == "__main__":
    sys.exit(main())
