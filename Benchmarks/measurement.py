"""Running commands side by side and taking medians."""

import dataclasses
import pathlib
import statistics
import subprocess
import typing

HERE = pathlib.Path(__file__).resolve().parent


@dataclasses.dataclass
class Contender:
    """One way to do a work."""

    name: str
    # The words of the command, or a text for sh.
    command: typing.Union[list, str]
    # Makes the starting state; not measured.
    prepare: typing.Callable[[], None] = lambda: None
    # How many bytes the result has; nil for a work without one.
    size: typing.Optional[typing.Callable[[], int]] = None
    # The program that must be installed.
    needs: typing.Optional[str] = None
    cwd: typing.Optional[str] = None
    env: typing.Optional[dict] = None


@dataclasses.dataclass
class Result:
    """Medians of a contender's rounds."""

    name: str
    wall: float
    cpu: float
    rss: int
    size: typing.Optional[int]


def measure(contender, place):
    """Runs a contender once: wall seconds, CPU seconds, peak KiB."""
    words = contender.command if isinstance(contender.command, list) else ["sh", "-c", contender.command]
    report = place / "measured"
    done = subprocess.run(
        [str(place.parent / "measure"), str(report), *map(str, words)],
        cwd=contender.cwd, env=contender.env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{contender.name} failed ({done.returncode}): {done.stderr.decode(errors='replace')[-800:]}")
    wall, cpu, rss = report.read_text().split()
    return float(wall), float(cpu), int(rss)


def interleave(contenders, rounds, place):
    """Runs A B C A B C …, after one round that warms the caches and is not counted."""
    samples = {contender.name: [] for contender in contenders}
    sizes = {}
    for number in range(rounds + 1):
        for contender in contenders:
            contender.prepare()
            sample = measure(contender, place)
            if number > 0:
                samples[contender.name].append(sample)
            if contender.size:
                sizes[contender.name] = contender.size()
    return [
        Result(name, *(statistics.median(column) for column in zip(*found)), sizes.get(name))
        for name, found in samples.items()
    ]
