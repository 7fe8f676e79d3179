"""A Debian root becomes a layer, with both of its digests.

bake packs the whole of an unpacked root (`bake export root@1`: helper, overlay, tar, gzip, digests of both streams);
the peers get the same root as a directory and, but for umoci and buildah, compute no digest. Nothing is copied from layers that
are there: what bake remembers of them is removed before each round.
"""

from inputs import run
from measurement import Contender


def contenders(inputs, place):
    """bake and who else packs a directory."""
    store = inputs.store_with_root(place)
    root = inputs.root
    out = place / "out.tar.gz"
    tar = f"tar -c -C {root} --numeric-owner --sort=name ."

    def size():
        return out.stat().st_size

    export = inputs.bakes(store, "export", "root@1", "-o", out)
    yield Contender("bake", export, lambda: inputs.forget_members(store), size, env=inputs.env)
    yield Contender("tar \\| gzip -6", f"{tar} | gzip -6 -n > {out}", size=size)
    yield Contender("tar \\| pigz -6", f"{tar} | pigz -6 -n > {out}", size=size, needs="pigz")
    yield umoci(inputs, place)
    yield buildah(inputs, place)
    # The encoder that bake uses at its fastest level, over all of the tar in memory, and nothing else.
    yield Contender("limit: libdeflate -1 alone", f"libdeflate-gzip -1 -k -c {inputs.root_tar} > {out}", size=size,
                    needs="libdeflate-gzip")
    yield Contender("limit: tar and two digests", f"{tar} | tee {place}/t | sha256sum > {out}; sha256sum {place}/t")


def umoci(inputs, place):
    """umoci repack of a bundle into which the root was copied."""
    layout, bundle = place / "umoci", place / "bundle"

    def prepare():
        inputs.remove(layout)
        inputs.remove(bundle)
        run("umoci", "init", "--layout", layout)
        run("umoci", "new", "--image", f"{layout}:base")
        run("umoci", "unpack", "--image", f"{layout}:base", bundle)
        run("cp", "-a", f"{inputs.root}/.", bundle / "rootfs")

    return Contender("umoci repack", ["umoci", "repack", "--image", f"{layout}:new", bundle], prepare, needs="umoci")


def buildah(inputs, place):
    """buildah commit of a container that holds the root, as gzip."""
    words = ["buildah", "--root", str(place / "containers"), "--runroot", str(place / "run"), "--storage-driver", "vfs"]
    layout = place / "buildah"
    made = []

    def prepare():
        inputs.remove(layout)
        if not made:
            made.append(run(*words, "from", "scratch").strip())
            run(*words, "add", made[0], inputs.root_tar, "/")
            command.extend([made[0], f"oci:{layout}:new"])

    def size():
        return max(blob.stat().st_size for blob in (layout / "blobs/sha256").iterdir())

    # Unless it is told to, it writes the layer as a plain tar.
    command = words + ["commit", "-q", "--disable-compression=false"]
    return Contender("buildah commit", command, prepare, size, needs="buildah")


def checks(_inputs, _place, results):
    """The goals of the default compression."""
    bake, gzip = results[0], results[1]
    return [
        ("≥ 6× less CPU than tar | gzip -6", gzip.cpu >= 6 * bake.cpu),
        ("≥ 10× less wall than tar | gzip -6", gzip.wall >= 10 * bake.wall),
        ("≤ 1.09× its size", bake.size <= 1.09 * gzip.size),
        ("peak RSS ≤ 32 MiB", bake.rss <= 32 << 10),
    ]
