"""A layer becomes a root, with both of its digests checked.

bake starts a program in the image (`bake enter root@1 -- /bin/true`) with an empty cache, so unpacks, verifies, mounts
and runs; with a full cache only the last two remain.
"""

import random

from inputs import run
from measurement import Contender


def contenders(inputs, place):
    """bake and who else unpacks an image."""
    store = inputs.store_with_root(place)
    archive = place / "root.tar.gz"
    layout = place / "layout"
    run(*inputs.bakes(store, "export", "root@1", "-o", archive), env=inputs.env)
    run("skopeo", "copy", "-q", f"oci:{store}:root@1", f"oci:{layout}:root")
    enter = inputs.bakes(store, "enter", "root@1", "--", "/bin/true")

    def empty_cache():
        run(*inputs.bakes(store, "gc", "--cache"), env=inputs.env)

    def fill_cache():
        run(*enter, env=inputs.env)

    yield Contender("bake, nothing cached", enter, empty_cache, env=inputs.env)
    yield Contender("bake, already unpacked", enter, fill_cache, env=inputs.env)
    tar = ["tar", "-x", "-z", "-f", archive, "--numeric-owner", "-C"]
    yield into_fresh("tar -x -z", tar, inputs, place, is_there=True)
    yield into_fresh("umoci unpack", ["umoci", "unpack", "--image", f"{layout}:root"], inputs, place)
    yield buildah(inputs, place, layout)


def into_fresh(name, words, inputs, place, is_there=False):
    """A command whose last word is a directory, each time another one: ext4 puts it where no round before removed files."""
    command = [*words, place / "none"]

    def prepare():
        inputs.remove(command[-1])
        command[-1] = place / f"target-{random.randrange(10**12)}"
        if is_there:
            command[-1].mkdir()

    return Contender(name, command, prepare, needs=words[0])


def buildah(inputs, place, layout):
    """buildah from, into an empty store of its own."""
    containers = place / "containers"
    words = ["buildah", "--root", str(containers), "--runroot", str(place / "run"), "--storage-driver", "vfs"]

    def prepare():
        inputs.remove(containers)

    # Relative: buildah names the image after the path, and takes not every path for a name.
    command = words + ["from", "-q", f"oci:{layout.name}:root"]
    return Contender("buildah from", command, prepare, needs="buildah", cwd=str(place))


def checks(_inputs, _place, results):
    """The goals."""
    bake, cached, tar = results[:3]
    umoci = next((result for result in results if result.name.startswith("umoci")), None)
    found = [
        ("≥ 1.4× less CPU than tar -x -z", tar.cpu >= 1.4 * bake.cpu),
        ("already unpacked: CPU ≤ 5 % of unpacking", cached.cpu <= 0.05 * bake.cpu),
    ]
    return found + ([("≥ 2× less CPU than umoci", umoci.cpu >= 2 * bake.cpu)] if umoci else [])
