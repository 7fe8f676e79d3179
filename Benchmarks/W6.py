"""500 checks of a Debian root: files with modes, packages, users.

bake asks the image in its store; Serverspec asks the same root, unpacked, by its exec backend with a shell that changes the
root: one process a check, as it does on a machine.
"""

import pathlib
import stat

from measurement import Contender

FILES = 200
PACKAGES = 60
USERS = 20


def contenders(inputs, place):
    """bake and Serverspec, with the same questions."""
    store = inputs.store_with_root(place)
    files, packages, users = questions(inputs.root)
    goss = place / "goss.yaml"
    goss.write_text("".join(goss_lines(files, packages, users)))
    suite = serverspec(place, inputs.root, files, packages, users)
    yield Contender("bake test", inputs.bakes(store, "test", "root@1", goss), env=inputs.env)
    yield Contender("serverspec", ["rspec", suite.name], needs="rspec", cwd=str(suite.parent), env=inputs.env)


def questions(root):
    """What is there, spread over the whole root."""
    found = sorted(
        (f"/{path.relative_to(root)}", stat.S_IMODE(path.lstat().st_mode))
        for path in pathlib.Path(root, "usr").rglob("*") if path.is_file() and not path.is_symlink()
        and path.name.isascii() and not set(path.name) & set(" '\"\\$`"))
    files = found[:: len(found) // FILES][:FILES]
    status = (root / "var/lib/dpkg/status").read_text()
    packages = sorted(line[9:] for line in status.splitlines() if line.startswith("Package: "))[:PACKAGES]
    lines = (line.split(":") for line in (root / "etc/passwd").read_text().splitlines())
    users = [(words[0], int(words[2])) for words in lines][:USERS]
    return files, packages, users


def goss_lines(files, packages, users):
    """Two checks a file and user, one a package; goss's `exists` comes with each besides."""
    yield "file:\n"
    for path, mode in files:
        yield f'  "{path}": {{ exists: true, filetype: file, mode: "{mode:04o}" }}\n'
    yield "package:\n"
    for name in packages:
        yield f"  {name}: {{ installed: true }}\n"
    yield "user:\n"
    for name, number in users:
        yield f"  {name}: {{ exists: true, uid: {number} }}\n"


def serverspec(place, root, files, packages, users):
    """A suite and its shell."""
    shell = place / "shell"
    shell.write_text(f'#!/bin/sh\nexec chroot {root} /bin/sh "$@"\n')
    shell.chmod(0o755)
    lines = ["require 'serverspec'\nset :backend, :exec\nset :os, family: 'debian', release: '12'\n"
             f"set :shell, '{shell}'\n"]
    for path, mode in files:
        lines.append(f"describe file('{path}') do\n  it {{ should be_file }}\n  it {{ should be_mode {mode:o} }}\nend\n")
    lines += [f"describe package('{name}') do\n  it {{ should be_installed }}\nend\n" for name in packages]
    for name, number in users:
        lines.append(f"describe user('{name}') do\n  it {{ should exist }}\n  it {{ should have_uid {number} }}\nend\n")
    suite = place / "suite_spec.rb"
    suite.write_text("".join(lines))
    return suite


def checks(_inputs, _place, results):
    """The goal."""
    serverspec = next((result for result in results if result.name == "serverspec"), None)
    return [("≥ 150× less wall than serverspec", serverspec.wall >= 150 * results[0].wall)] if serverspec else []
