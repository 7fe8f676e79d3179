#!/usr/bin/env python3
"""history.py BAKE ENTRIES …: what every question and every act costs on stores with a long history.

Prints a table: for each command the CPU seconds on each store, medians of three runs, and the exit status where it is not 0. The
stores are made by Fixtures/ledger/long-history; with --work DIR they are kept, and used again.
"""

import argparse
import datetime
import os
import pathlib
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
SLOT = "service-0:production"
POLICY = """\
pipelines:
  service-0: { origin: ORIGIN, branch: main }
environments:
  staging: {}
  preview: {}
  production: { after: staging }
"""
PIPELINE = "name: service-0\nstages: { app: { from: scratch, add: { /srv/: src/ } } }\nimage: app\n"
# The first command makes a hundred thousand small files, which need not survive a power cut.
SHIM = "int fsync(int f) { return 0; } int fdatasync(int f) { return 0; }"


def run(words, **options):
    """Runs a command that must succeed; its output."""
    return subprocess.run([str(word) for word in words], check=True, capture_output=True, text=True, **options).stdout


def make_store(bake, work, entries):
    """A store with so many entries, behind them two generations that are really there."""
    store, sources, shim = work / str(entries), work / f"sources-{entries}", work / "nosync.so"
    if store.exists():
        return store, sources
    subprocess.run(["cc", "-shared", "-fPIC", "-x", "c", "-", "-o", shim], input=SHIM, text=True, check=True)
    past = ["faketime", f"{entries // 86400 + 1} days ago"] if shutil.which("faketime") else []
    run([*past, bake, "init", "--store", store], cwd=work)
    run([sys.executable, HERE.parent / "Fixtures/ledger/long-history", store, entries])
    (sources / "src").mkdir(parents=True)
    run(["git", "init", "-q", "-b", "main"], cwd=sources)
    (sources / "bake.yaml").write_text(PIPELINE)
    policy = work / "environments.yaml"
    policy.write_text(POLICY.replace("ORIGIN", str(sources)))
    run([bake, "env", "apply", policy, "--store", store], env=dict(os.environ, LD_PRELOAD=str(shim)))
    for number in range(2):
        (sources / "src/page").write_text(f"{number}\n")
        run(["git", "add", "-A"], cwd=sources)
        run(["git", "-c", "user.name=b", "-c", "user.email=b@example.org", "commit", "-qm", str(number)], cwd=sources)
        run([bake, "build", "-q", "--store", store], cwd=sources)
    return store, sources


def middle(store):
    """A span in the middle of the history: generation, image, commit, and a second of it."""
    database = sqlite3.connect(f"file:{store}/ledger.sqlite?mode=ro", uri=True)
    spans = "FROM audit_spans WHERE slot = ?"
    generation, image, commit, since = database.execute(
        f"SELECT generation, image, commit_id, since {spans} ORDER BY entry LIMIT 1 OFFSET (SELECT count(*) / 2 {spans})",
        (SLOT, SLOT)).fetchone()
    moment = datetime.datetime.fromtimestamp(since // 1000 + 1, datetime.timezone.utc)
    return generation, image, commit, moment.strftime("%Y-%m-%dT%H:%M:%S+00:00")


def commands(bake, store, sources):
    """Names, words, and how often each is run."""
    generation, image, commit, moment = middle(store)
    out = store.parent / "out"
    query = f"SELECT generation, image, entry FROM audit_spans WHERE image = '{image}'"
    newest = "service-0"
    yield "`--version`", [bake, "--version"], 3
    yield "`audit SLOT@{TIME}`", [bake, "audit", f"{SLOT}@{{{moment}}}"], 3
    yield "`audit GENERATION`", [bake, "audit", generation], 3
    yield "`audit sha256:…`", [bake, "audit", image], 3
    yield "the sqlite3 command, the same rows", ["sqlite3", f"file:{store}/ledger.sqlite?mode=ro", query], 3
    yield "`audit --commit`", [bake, "audit", "--commit", commit], 3
    yield "`audit --package 'openssl<3.0.15'`", [bake, "audit", "--package", "openssl<3.0.15"], 3
    yield "the same, `--csv`", [bake, "audit", "--package", "openssl<3.0.15", "--csv"], 3
    yield "the same, `--json`", [bake, "audit", "--package", "openssl<3.0.15", "--json"], 3
    yield "`audit --acts`", [bake, "audit", "--acts"], 3
    yield "`audit --acts --by alice`", [bake, "audit", "--acts", "--by", "alice"], 3
    yield "`audit --rejected`", [bake, "audit", "--rejected"], 3
    yield "`status`", [bake, "status"], 3
    yield "`status --html`", [bake, "status", "--html", out], 3
    yield "`log service-0`", [bake, "log", "service-0"], 3
    yield "`audit --bundle`", [bake, "audit", "--bundle", newest, "-o", out], 1
    yield "`build`, nothing to do", [bake, "build", "--commit", "HEAD"], 3
    yield "`promote`", [bake, "promote", newest, "staging"], 1
    yield "`rollback`", [bake, "rollback", "service-0:staging"], 1
    yield "`thaw`", [bake, "thaw", "service-0:staging"], 1
    yield "`audit SLOT`, all it ever held", [bake, "audit", SLOT], 1
    yield "`gc --dry-run`", [bake, "gc", "--dry-run"], 1
    yield "`audit --export`", [bake, "audit", "--export"], 1
    yield "`audit --verify`", [bake, "audit", "--verify"], 1
    yield "`backup`", [bake, "backup", store.parent / "copy"], 1


def measure(words, cwd, env):
    """CPU seconds, wall seconds, peak MiB and the exit status of one run."""
    start = time.monotonic()
    with subprocess.Popen([str(word) for word in words], cwd=cwd, env=env, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime, time.monotonic() - start, usage.ru_maxrss // 1024, process.returncode


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bake", type=os.path.realpath)
    parser.add_argument("entries", type=int, nargs="+")
    parser.add_argument("--work", type=pathlib.Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        work = (options.work or pathlib.Path(scratch)).resolve()
        rows = {}
        for entries in options.entries:
            store, sources = make_store(options.bake, work, entries)
            env = dict(os.environ, BAKE_STORE=str(store))
            for name, words, rounds in commands(options.bake, store, sources):
                shutil.rmtree(work / "copy", ignore_errors=True)
                runs = [measure(words, sources, env) for _ in range(rounds)]
                cpu, wall, peak = (statistics.median(run[index] for run in runs) for index in range(3))
                rows.setdefault(name, []).append(f"{cpu:.3f}" + (f" (exit {runs[-1][3]})" if runs[-1][3] else ""))
                print(f"{entries} {name}: {cpu:.3f} s CPU, {wall:.2f} s, {peak} MiB, exit {runs[-1][3]}", file=sys.stderr)
        print("| entries | " + " | ".join(f"{entries:,}" for entries in options.entries) + " |")
        print("|---|" + "--:|" * len(options.entries))
        for name, cells in rows.items():
            print(f"| {name} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
