"""Bakes that have little or nothing to do.

2,500 files in a commit, one layer. `buildah bud --layers` does the same with its cache filled.
"""

import shutil

from inputs import run
from measurement import Contender

FILES = 2500


def contenders(inputs, place):
    """bake with and without the dirty check, one step of `run:`, and buildah."""
    store, sources = inputs.store_with_files(place, inputs.repository(FILES))
    with_commit = inputs.bakes(store, "build", "--commit", "HEAD")
    yield Contender("bake, nothing changed, --commit", with_commit, cwd=sources, env=inputs.env)
    yield Contender("bake, nothing changed, dirty check", inputs.bakes(store, "build"), cwd=sources, env=inputs.env)
    yield from buildah_bud(inputs, place)
    step = place / "step"
    shutil.copytree(inputs.repository(10), step)
    root = inputs.store_with_root(place / "with-root") if (place / "with-root").mkdir() is None else None
    (step / "bake.yaml").write_text(
        "name: step\nstages: { one: { from: root@1, inputs: [bake.yaml], run: 'true' } }\nimage: one\n")
    inputs.commit(step)
    run(*inputs.bakes(root, "build"), cwd=step, env=inputs.env)
    fresh = inputs.bakes(root, "build", "--commit", "HEAD", "--fresh", "one")
    # A whole bake: the commit is read, the step's layer packed and recorded. The command alone, as buildah runs it, is the next.
    yield Contender("bake, one run step", fresh, cwd=step, env=inputs.env)
    yield Contender("bake enter, one command", inputs.bakes(root, "enter", "root@1", "--", "/bin/true"), env=inputs.env)
    yield buildah_run(inputs, place)


def words_of_buildah(place):
    """The words that every buildah command begins with."""
    return ["buildah", "--root", str(place / "containers"), "--runroot", str(place / "run"), "--storage-driver", "vfs"]


def buildah_bud(inputs, place):
    """The same files, copied by a Dockerfile, with everything in buildah's cache."""
    if not shutil.which("buildah"):
        return
    context = place / "context"
    shutil.copytree(inputs.repository(FILES) / "src", context / "src")
    (context / "Dockerfile").write_text("FROM scratch\nCOPY src /srv\n")
    bud = words_of_buildah(place) + ["bud", "-q", "--layers", "-t", "app", str(context)]
    yield Contender("buildah bud --layers, nothing changed", bud)


def buildah_run(inputs, place):
    """One command in a container of the Debian root."""
    command = words_of_buildah(place) + ["run", "--isolation", "chroot"]
    made = []

    def prepare():
        if not made:
            made.append(run(*words_of_buildah(place), "from", "scratch").strip())
            run(*words_of_buildah(place), "add", made[0], inputs.root_tar, "/")
            command.extend([made[0], "true"])

    return Contender("buildah run", command, prepare, needs="buildah")


def checks(_inputs, _place, results):
    """The goals."""
    found = {result.name: result for result in results}
    commit, dirty = results[0], results[1]
    holds = [
        ("--commit ≤ 30 ms of CPU", commit.cpu <= 0.030), ("dirty check ≤ 60 ms of CPU", dirty.cpu <= 0.060),
    ]
    bud, one = found.get("buildah bud --layers, nothing changed"), found.get("buildah run")
    if bud:
        holds.append(("≥ 100× faster than buildah bud", bud.wall >= 100 * commit.wall))
    if one:
        step = found["bake, one run step"]
        holds.append(("run step: ≥ 15× less wall than buildah run", one.wall >= 15 * step.wall))
        holds.append(("run step: ≥ 20× less CPU than buildah run", one.cpu >= 20 * step.cpu))
    return holds
