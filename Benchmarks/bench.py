#!/usr/bin/env python3
"""bench.py BAKE [W1 W2 …] [--rounds N] [--work DIR] [--markdown FILE]

Runs the works of this directory (W1.py, W2.py, …) with bake and with every peer that is installed, interleaved, and
prints one table of medians. CPU is the figure to trust: wall time depends on who else uses the machine.
"""

import argparse
import importlib
import os
import pathlib
import shutil
import sys

from inputs import Inputs
from measurement import Contender, interleave
from table import render

HERE = pathlib.Path(__file__).resolve().parent


def works(wanted):
    """The names of the works to run: all of this directory, or those that were asked for."""
    known = sorted(path.stem for path in HERE.glob("W*.py"))
    unknown = [name for name in wanted if name not in known]
    if unknown:
        sys.exit(f"no such work: {', '.join(unknown)}; there are {', '.join(known)}")
    return wanted or known


def report(name, text, checks, markdown):
    """Prints a table, appends it to a file where one is named, and gives the goals that were missed."""
    print(text, flush=True)
    if markdown:
        with open(markdown, "a", encoding="utf-8") as file:
            file.write(text + "\n")
    return [f"{name}: {what}" for what, passes in checks if not passes]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bake", type=lambda path: os.path.realpath(path))
    parser.add_argument("work", nargs="*")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--directory", default=str(HERE.parent / ".build-bench"), help="inputs, stores and results")
    parser.add_argument("--markdown", help="append the table to this file")
    options = parser.parse_args()
    names = works(options.work)
    inputs = Inputs(options.bake, pathlib.Path(options.directory).resolve())
    failures = []
    for name in names:
        work = importlib.import_module(name)
        with inputs.scratch(name) as place:
            if hasattr(work, "table"):
                text, checks = work.table(inputs, place)
                failures += report(name, text, checks, options.markdown)
                continue
            contenders = [c for c in work.contenders(inputs, place) if not c.needs or shutil.which(c.needs)]
            results = interleave(contenders, options.rounds, place)
            checks = work.checks(inputs, place, results) if hasattr(work, "checks") else []
            failures += report(name, render(work, results, checks), checks, options.markdown)
    if failures:
        sys.exit("out of bounds: " + "; ".join(failures))


if __name__ == "__main__":
    main()
