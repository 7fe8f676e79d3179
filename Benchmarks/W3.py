"""Bakes that have little or nothing to do, one changed file, and a cold bake.

2,500 files in a commit, one layer; for the last two on a Debian root, with a command that reads them. `buildah bud --layers`
does the same with its cache filled, or from nothing.
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
    yield from on_a_root(inputs, place)


def words_of_buildah(place):
    """The words that every buildah command begins with."""
    return ["buildah", "--root", str(place / "containers"), "--runroot", str(place / "run"), "--storage-driver", "overlay"]


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


# What both do with the files, once they lie in the root.
COMMAND = "find /srv -type f | sort > /srv.list"


def on_a_root(inputs, place):
    """One changed file, and everything from nothing: a Debian root, the files, and a command."""
    sources, store = place / "on-root", place / "on-root-store/store"
    store.parent.mkdir()
    shutil.copytree(inputs.repository(FILES), sources, symlinks=True)
    (sources / "bake.yaml").write_text(
        f"name: app\nstages:\n  os: {{ import: {inputs.root_tar} }}\n"
        f"  app: {{ from: os, add: {{ /srv/: src/ }}, run: '{COMMAND}' }}\nimage: app\n")
    (sources / "Dockerfile").write_text(f"FROM base\nCOPY src /srv\nRUN {COMMAND}\n")
    inputs.commit(sources)
    build = inputs.bakes(store, "build", "--commit", "HEAD")
    run(*inputs.bakes(store, "init"), cwd=sources, env=inputs.env)
    run(*inputs.bakes(store, "lock"), cwd=sources, env=inputs.env)
    inputs.commit(sources)
    run(*build, cwd=sources, env=inputs.env)
    changed = [0]

    def change():
        changed[0] += 1
        file = sources / "src/part000/unit00/file00000.txt"
        file.write_text(f"{changed[0]}\n{file.read_text(encoding='utf-8')}", encoding="utf-8")
        inputs.commit(sources)

    yield Contender("bake, one file changed", build, change, cwd=sources, env=inputs.env)
    warm, cold = (BuildahOnRoot(inputs, place / name, sources) for name in ("warm", "cold"))
    yield Contender("buildah bud, one file changed", warm.bud, warm.add_base_once, needs="buildah")
    files = place / "files"

    def clear():
        inputs.remove(files)
        files.mkdir()

    # Whoever gives the command the files of a commit writes them, and names what came by its digest.
    yield Contender("limit: the files written once, by git and tar",
                    f"git -C {sources} archive HEAD src | tar -x -C {files}", clear)
    everything = f"{inputs.bake} init --store {store} && {' '.join(build)}"

    def empty():
        inputs.remove(store.parent)
        store.parent.mkdir()

    yield Contender("bake, cold", everything, empty, cwd=sources, env=inputs.env)
    yield Contender("buildah bud, cold", f"{cold.add_base} && {' '.join(cold.bud)}", cold.forget, needs="buildah")


class BuildahOnRoot:
    """buildah with a storage of its own, and the Debian root as its base image."""

    def __init__(self, inputs, place, sources):
        place.mkdir()
        self.words = words_of_buildah(place)
        self.bud = [*self.words, "bud", "-q", "--layers", "--isolation", "chroot", "-t", "app", str(sources)]
        buildah = " ".join(self.words)
        self.add_base = (
            f"c=$({buildah} from scratch) && {buildah} add -q $c {inputs.root_tar} / && {buildah} commit -q --rm $c base")
        self.has_base = False

    def add_base_once(self):
        """Before the first round."""
        if not self.has_base:
            run("sh", "-c", self.add_base)
            self.has_base = True

    def forget(self):
        """Empties the storage."""
        run(*self.words, "rm", "-a")
        run(*self.words, "rmi", "-a", "-f")


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
    for what, least_cpu, least_wall in (("one file changed", 12, 10), ("cold", 4, 4)):
        bake, peer = found[f"bake, {what}"], found.get(f"buildah bud, {what}")
        if peer:
            holds.append((f"{what}: ≥ {least_cpu}× less CPU than buildah bud", peer.cpu >= least_cpu * bake.cpu))
            holds.append((f"{what}: ≥ {least_wall}× less wall than buildah bud", peer.wall >= least_wall * bake.wall))
    return holds
