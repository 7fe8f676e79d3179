"""A commit of 7,800 files becomes a layer.

bake reads the blobs from git and writes no work tree; the peers archive the same commit.
"""

from inputs import run
from measurement import Contender

FILES = 7800


def contenders(inputs, place):
    """bake, again with everything cached, and git archive."""
    store, sources = inputs.store_with_files(place, inputs.repository(FILES))
    fresh = inputs.bakes(store, "build", "--commit", "HEAD", "--fresh", "app")
    again = inputs.bakes(store, "build", "--commit", "HEAD")
    out = place / "out.tar.gz"

    def size():
        return out.stat().st_size

    def layer():
        return max(blob.stat().st_size for blob in (store / "blobs/sha256").iterdir())

    archive = f"git -C {sources} archive --format=tar HEAD src"
    yield Contender("bake", fresh, lambda: inputs.forget_members(store), layer, cwd=sources, env=inputs.env)
    yield Contender("bake, members copied", fresh, size=layer, cwd=sources, env=inputs.env)
    yield Contender("bake, the same tree again", again, cwd=sources, env=inputs.env)
    yield Contender("git archive \\| gzip -6", f"{archive} | gzip -6 -n > {out}", size=size)
    yield Contender("git archive \\| pigz -6", f"{archive} | pigz -6 -n > {out}", size=size, needs="pigz")
    yield Contender("limit: git archive alone", f"{archive} > {out}")
    tar = place / "src.tar"
    run("sh", "-c", f"{archive} > {tar}")
    # The encoder that bake uses at its fastest level, over all of the tar in memory, and nothing else.
    yield Contender("limit: libdeflate -1 alone", f"libdeflate-gzip -1 -k -c {tar} > {out}", size=size,
                    needs="libdeflate-gzip")


def checks(_inputs, _place, results):
    """The goals."""
    bake, _, again, gzip = results[:4]
    return [
        ("≥ 3.3× less CPU than git archive | gzip -6", gzip.cpu >= 3.3 * bake.cpu),
        ("the same tree again ≥ 150× less CPU", gzip.cpu >= 150 * again.cpu),
    ]
