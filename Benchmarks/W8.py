"""A question about a moment in the past, over a ledger of 1,000,000 moves, and one move more.

`bake audit app:staging@{TIME}`, start-up included, beside the sqlite3 command that reads the same row of the view. The
ledger is made of two real moves, repeated with right numbers, times and hashes; `bake` builds its views from it.
"""

import datetime
import hashlib
import json
import os
import sqlite3

from inputs import run
from measurement import Contender

MOVES = int(os.environ.get("BENCH_MOVES", 1_000_000))
# Seconds between two moves.
STEP = 60


def contenders(inputs, place):
    """bake and the sqlite3 command."""
    store, moment = ledger(inputs, place)
    time = stamp(moment)[:19] + "+00:00"
    yield Contender("bake audit", inputs.bakes(store, "audit", f"app:staging@{{{time}}}"), env=inputs.env)
    query = (f"SELECT generation, image, entry FROM audit_spans WHERE slot = 'app:staging' AND since <= {moment * 1000} "
             "ORDER BY since DESC LIMIT 1")
    yield Contender("sqlite3, the same row", ["sqlite3", f"file:{store}/ledger.sqlite?mode=ro", query], needs="sqlite3")
    yield from promotion(inputs, store, place)


def promotion(inputs, store, place):
    """A move, and one row that is on the disk when the command ends."""
    moved = []

    def back():
        if moved:
            run(*inputs.bakes(store, "rollback", "app:staging"), env=inputs.env)
            run(*inputs.bakes(store, "thaw", "app:staging"), env=inputs.env)
        moved.append(True)

    yield Contender("bake promote", inputs.bakes(store, "promote", "app@2", "staging"), back, env=inputs.env)
    database = place / "one.sqlite"
    run("sqlite3", database, "PRAGMA journal_mode = WAL; CREATE TABLE moves (line TEXT)")
    insert = "PRAGMA synchronous = FULL; INSERT INTO moves VALUES (hex(randomblob(500)))"
    yield Contender("sqlite3, one durable row", ["sqlite3", str(database), insert], needs="sqlite3")


def stamp(seconds):
    """A time as entries have it."""
    moment = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def ledger(inputs, place):
    """A store whose ledger has that many moves, and a moment in their middle."""
    with inputs.past(days=STEP * MOVES // 86400 + 1):
        store, start = store_with_moves(inputs, place)
    # The views are built now, not while somebody measures.
    run(*inputs.bakes(store, "status"), env=inputs.env)
    return store, start + STEP * (MOVES // 2) + STEP // 2


def store_with_moves(inputs, place):
    """The store, and the seconds of the first of its moves."""
    store, sources = inputs.store_with_files(place, inputs.repository(10))
    (sources / "src/part000/unit00/file00000.txt").write_text("changed\n")
    inputs.commit(sources)
    run(*inputs.bakes(store, "build"), cwd=sources, env=inputs.env)
    policy = place / "environments.yaml"
    policy.write_text("environments: { staging: {} }\n")
    run(inputs.bake, "env", "apply", policy, "--store", store, env=inputs.env)
    for words in (["promote", "app@1", "staging"], ["promote", "app@2", "staging"], ["rollback", "app:staging"],
                  ["thaw", "app:staging"]):
        run(*inputs.bakes(store, *words), env=inputs.env)
    return store, lengthen(store / "ledger.sqlite", MOVES)


def lengthen(path, count):
    """Appends moves there and back, each with the hash of the one before; gives the seconds of the first."""
    database = sqlite3.connect(path)
    lines = [json.loads(line) for (line,) in database.execute("SELECT line FROM entries ORDER BY sequence")]
    moves = [line for line in lines if line["kind"] == "move"][-2:]
    start = int(datetime.datetime.fromisoformat(lines[-1]["time"][:19] + "+00:00").timestamp()) + STEP
    sequence, previous = database.execute("SELECT sequence, hash FROM entries ORDER BY sequence DESC LIMIT 1").fetchone()

    def rows():
        nonlocal sequence, previous
        for number in range(count):
            sequence += 1
            entry = dict(moves[number % 2])
            time = stamp(start + STEP * number)
            entry.update(seq=sequence, prev=previous, time=time, clock=time)
            line = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            previous = "sha256:" + hashlib.sha256(line.encode()).hexdigest()
            yield sequence, line, previous

    database.executemany("INSERT INTO entries VALUES (?, ?, ?)", rows())
    database.execute("UPDATE heads SET entry = ? WHERE subject = 'slot/app:staging'", (sequence,))
    for (tables,) in database.execute("SELECT tables FROM views").fetchall():
        for table in tables.split():
            database.execute(f"DROP TABLE {table}")
    database.execute("DELETE FROM views")
    database.commit()
    database.close()
    return start


def checks(_inputs, _place, results):
    """The goal."""
    bake, sqlite, promote, durable = results
    return [
        ("≤ 2× the sqlite3 command, start-up included", bake.wall <= 2 * sqlite.wall),
        ("≤ 1.1× of one durable row per promotion", promote.wall <= 1.1 * durable.wall),
    ]
