"""What the works stand on, made by recipe and kept: a Debian root, repositories, stores of bake's."""

import contextlib
import os
import pathlib
import random
import shutil
import subprocess

HERE = pathlib.Path(__file__).resolve().parent

# Beside the minimal root: a web server, two languages, a version control system. About 11,000 entries.
PACKAGES = "nginx-light,python3,perl,git,ca-certificates,curl,sqlite3,binutils"


def run(*words, **options):
    """Runs a command that must succeed."""
    done = subprocess.run(list(map(str, words)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False, **options)
    if done.returncode != 0:
        raise RuntimeError(f"{words} failed: {done.stderr.decode(errors='replace')[-800:]}")
    return done.stdout.decode()


class Inputs:
    """The inputs below one directory; made when they are first asked for."""

    def __init__(self, bake, directory):
        self.bake = bake
        self.directory = directory
        self.directory.mkdir(exist_ok=True)
        run("cc", "-O2", "-o", directory / "measure", HERE / "measure.c")
        names = {f"GIT_{who}_{what}": text for who in ("AUTHOR", "COMMITTER")
                 for what, text in (("NAME", "Bench"), ("EMAIL", "bench@example.org"), ("DATE", "2026-01-01T00:00:00Z"))}
        self.env = {"PATH": os.environ["PATH"], "HOME": str(directory), "LANG": "C.UTF-8", **names}

    @contextlib.contextmanager
    def scratch(self, name):
        """A directory for one work, removed when it is done."""
        place = self.directory / name
        self.remove(place)
        place.mkdir()
        # What one round removes must not make the next one's files dear (see README.md): directories in here lie apart.
        if shutil.which("chattr"):
            subprocess.run(["chattr", "+T", place], check=False, stderr=subprocess.DEVNULL)
        try:
            yield place
        finally:
            self.remove(place)

    @contextlib.contextmanager
    def past(self, days):
        """Commands inside find a clock that is so many days behind: what they record may be followed by a long history."""
        library = next(pathlib.Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
        self.env.update(LD_PRELOAD=str(library), FAKETIME=f"-{days}d")
        try:
            yield
        finally:
            del self.env["LD_PRELOAD"], self.env["FAKETIME"]

    def remove(self, place):
        """Removes a directory in which stores of bake's may lie."""
        for store in place.glob("**/oci-layout"):
            subprocess.run([self.bake, "gc", "--cache", "--store", str(store.parent)], check=False,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        shutil.rmtree(place, ignore_errors=True)

    @staticmethod
    def forget_members(store):
        """Makes a store compress everything again."""
        shutil.rmtree(store / "cache/members", ignore_errors=True)

    @property
    def root_tar(self):
        """A Debian root as a tar."""
        tar = self.directory / "root.tar"
        if not tar.exists():
            part = self.directory / "root.part.tar"
            env = {**self.env, "SOURCE_DATE_EPOCH": "1767225600"}
            run("mmdebstrap", "--variant=minbase", "--mode=root", f"--include={PACKAGES}", "bookworm", part, env=env)
            part.rename(tar)
        return tar

    @property
    def root(self):
        """The same root as a directory."""
        place = self.directory / "root"
        if not place.exists():
            part = self.directory / "root.part"
            shutil.rmtree(part, ignore_errors=True)
            part.mkdir()
            run("tar", "-x", "-f", self.root_tar, "-C", part, "--numeric-owner", "--exclude=./dev/*")
            part.rename(place)
        return place

    def repository(self, files, name=None):
        """A repository of source-like text files, the same bytes every time: 22 KB each on the average."""
        place = self.directory / (name or f"repository-{files}")
        if not place.exists():
            part = self.directory / "repository.part"
            shutil.rmtree(part, ignore_errors=True)
            Recipe(files).write(part)
            self.commit(part)
            run("git", "-C", part, "gc", "-q", env=self.env)
            part.rename(place)
        return place

    def commit(self, place):
        """Commits everything below a directory."""
        if not (place / ".git").exists():
            run("git", "init", "-q", "-b", "main", place, env=self.env)
        run("git", "-C", place, "add", "-A", env=self.env)
        # Else git packs in the background, and is in the way of whoever packs next.
        run("git", "-C", place, "-c", "gc.auto=0", "commit", "-q", "-m", "bench", env=self.env)

    def bakes(self, store, *words):
        """The words of a bake command."""
        first, rest = (words[:1], words[1:])
        return [self.bake, *first, "--store", str(store), *map(str, rest)]

    def store_with_root(self, place):
        """A store in which the Debian root is `root@1`, unpacked."""
        sources = place / "root-pipeline"
        sources.mkdir()
        (sources / "bake.yaml").write_text(f"name: root\nstages: {{ os: {{ import: {self.root_tar} }} }}\nimage: os\n")
        run("git", "init", "-q", "-b", "main", sources, env=self.env)
        store = place / "store"
        run(*self.bakes(store, "init"), cwd=sources, env=self.env)
        run(*self.bakes(store, "lock"), cwd=sources, env=self.env)
        self.commit(sources)
        run(*self.bakes(store, "build"), cwd=sources, env=self.env)
        run(*self.bakes(store, "enter", "root@1", "--", "/bin/true"), env=self.env)
        return store

    def store_with_files(self, place, repository, extra=""):
        """A store in which the files of a repository are the one layer of `app@1`; and its commit's work tree."""
        sources = place / "app"
        shutil.copytree(repository, sources, symlinks=True)
        (sources / "bake.yaml").write_text(
            f"name: app\nstages: {{ app: {{ from: scratch, add: {{ /srv/: src/ }} }} }}\nimage: app\n{extra}")
        self.commit(sources)
        store = place / "store"
        run(*self.bakes(store, "init"), cwd=sources, env=self.env)
        run(*self.bakes(store, "build"), cwd=sources, env=self.env)
        return store, sources


class Recipe:
    """Text that compresses as source does, from a fixed seed."""

    def __init__(self, files, seed=1):
        self.files = files
        self.random = random.Random(seed)
        letters = "etaoinshrdlucmfwyp_"
        self.words = ["".join(self.random.choices(letters, k=self.random.randint(2, 11))) for _ in range(6000)]

    def text(self, size):
        """About this many bytes of lines."""
        lines, total = [], 0
        while total < size:
            words = self.random.choices(self.words, k=self.random.randint(1, 11))
            line = "    " * self.random.randint(0, 3) + " ".join(words) + self.random.choice(("", ";", " {", ")", ","))
            lines.append(line)
            total += len(line) + 1
        return "\n".join(lines) + "\n"

    def path(self, number):
        """Forty files a directory, twelve directories a directory."""
        return f"src/part{number // 480:03}/unit{number // 40 % 12:02}/file{number:05}.txt"

    def write(self, place):
        """Writes all files."""
        for number in range(self.files):
            file = place / self.path(number)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(self.text(self.random.expovariate(1 / 22000)), encoding="utf-8")
