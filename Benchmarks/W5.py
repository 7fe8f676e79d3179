"""Generations of an application: 1 % of 7,800 files and one library changed each time.

Each round is one generation more. CPU is what one generation takes; size is what all of them take together, the first
included. Older generations of bake's are folded (`bake gc --fold`), which is a part of its CPU. `make bench WORK=W5 ROUNDS=50` is the
goal's number of them.
"""

import random

from inputs import Recipe, run
from measurement import Contender

FILES = 7800


def contenders(inputs, place):
    """bake, casync and a plain archive of every generation."""
    store, sources = inputs.store_with_files(place, inputs.repository(FILES))
    chooser = random.Random(2)
    recipe = Recipe(FILES, seed=3)
    generation = [0]

    def change():
        generation[0] += 1
        for number in chooser.sample(range(FILES), FILES // 100):
            file = sources / recipe.path(number)
            text = file.read_text(encoding="utf-8")
            at = chooser.randrange(len(text) + 1)
            file.write_text(text[:at] + recipe.text(200) + text[at:], encoding="utf-8")
        library = sources / "src/library.bin"
        noise = random.Random(generation[0]).randbytes(200_000)
        library.write_bytes(random.Random(0).randbytes(1_800_000) + noise)
        inputs.commit(sources)

    build = f"{inputs.bake} build --store {store} --commit HEAD"
    fold = f"{inputs.bake} gc --store {store} --fold --older-than 0s"
    yield Contender("bake build, gc --fold", f"{build} && {fold}", change,
                    lambda: total(store / "blobs") + total(store / "members"), cwd=sources, env=inputs.env)
    chunks, archives = place / "chunks", place / "archives"
    archives.mkdir()
    casync = f"casync make --without=all --store={chunks} {place}/app-$(date +%N).caidx {sources}/src"
    yield Contender("casync make", casync, size=lambda: total(chunks), needs="casync")
    # What every layer costs whose digests are of one tar: its bytes are there again, and both digests are over all of it.
    newest = f"{store}/blobs/sha256/$(ls -S {store}/blobs/sha256 | head -n 1)"
    yield Contender("limit: a layer inflated, and both digests",
                    f"libdeflate-gzip -d -k -c < {newest} | openssl sha256 && openssl sha256 {newest}", needs="libdeflate-gzip")
    # --no-name and no date: the same files are the same archive.
    plain = f"tar -c -C {sources} --sort=name src | gzip -6 -n > {archives}/$(date +%s%N).tar.gz"
    yield Contender("tar \\| gzip -6, all kept", plain, size=lambda: total(archives))


def total(directory):
    """The bytes of all files below a directory."""
    return int(run("du", "-s", "-b", directory).split()[0])


def checks(_inputs, _place, results):
    """The goals."""
    found = {result.name: result for result in results}
    casync = found.get("casync make")
    if not casync:
        return []
    bake = results[0]
    return [
        ("≥ 10× less CPU per generation than casync", casync.cpu >= 10 * bake.cpu),
        ("stored bytes ≤ casync's", bake.size <= casync.size),
    ]
