"""The table of a work: medians, and the ratio of everything to bake."""


def number(seconds):
    """Seconds to three digits, as milliseconds below one."""
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.1f} ms"


def size(count):
    """Bytes as people read them."""
    if count is None:
        return ""
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{count:,} B"


def ratio(value, own):
    """How many times as much as bake."""
    if not own or value is None:
        return ""
    times = value / own
    return f"×{times:.2f}" if times < 10 else f"×{times:,.0f}"


def render(work, results, checks):
    """The table as Markdown; a work's first line of documentation is its heading."""
    own = results[0]
    lines = [f"### {work.__name__}: {work.__doc__.strip().splitlines()[0]}", ""]
    lines.append("| | wall | CPU | peak RSS | size | CPU to bake | wall to bake | size to bake |")
    lines.append("|---|--:|--:|--:|--:|--:|--:|--:|")
    for result in results:
        cells = [
            result.name, number(result.wall), number(result.cpu), f"{result.rss / 1024:.1f} MiB", size(result.size),
            ratio(result.cpu, own.cpu), ratio(result.wall, own.wall), ratio(result.size, own.size),
        ]
        lines.append("| " + " | ".join(cells) + " |")
    lines.append("")
    lines += [f"- {'holds' if passes else 'FAILS'}: {what}" for what, passes in checks]
    return "\n".join(lines + [""])
