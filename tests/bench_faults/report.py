"""docs/peers.md, from what was played."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from tests.bench_faults.contest import PATIENCE, Run
from tests.bench_faults.scenes import Scene

Played = Mapping[tuple[Scene, str], tuple[Run, Run]]
MARKS = {"whole": "✓", "told": "●", "silent": "✗"}
SOURCES = {
    "x": ("One listing of posts over three pages", "posts with the right number of views"),
    "feed": ("One publisher's feed", "items with the right headline"),
}
HEAD = """# What becomes of a fault: mecra beside others

Written by `make bench-faults`; no cell is typed. Every contestant meets the same fault from the same server (the sandbox, over HTTP), in a process of its own, then runs once more when the
fault is over. dlt reads the listing through its [`rest_api` source](https://dlthub.com/docs/dlt-ecosystem/verified-sources/rest_api/basic), Airbyte's CDK through a
[declarative manifest](https://docs.airbyte.com/platform/connector-development/config-based/low-code-cdk-overview) with `Retry-After` honoured, run by its own
`source-declarative-manifest` (what it emits is kept as a deduplicating destination keeps it), reader through [`update_feeds_iter`](https://reader.readthedocs.io/en/latest/api.html).
All with their defaults for retries and timeouts. They are general tools with other aims and far more sources; the question here is only whether a figure can be trusted afterwards.

| mark | means |
| --- | --- |
| ✓ | everything is there and right |
| ● | something is missing or wrong, and the run says so (failure, partial, or the row is marked) |
| ✗ | something is missing or wrong under a success |

A cell: mark, rows that are right of those that an undisturbed run of the same tool stores, how the run ended, requests sent; behind the arrow the run after the fault. `waits`: still waiting after {patience:.0f} seconds, then ended.
mecra's rows are fewer where it leaves out on purpose (replies to others, earlier versions of an edited post, items that don't name the municipality); its requests include one for the account's profile.
The sandbox keeps a feed's ETag whatever a fault changes in its items; who asks with it is told that nothing is new, and the run after the fault brings what was missing only when the feed changes next.

Versions: {versions}.
"""


def page(played: Played, versions: Mapping[str, str]) -> str:
    told = ", ".join(f"{name} {number}" for name, number in versions.items())
    parts = [HEAD.format(patience=PATIENCE, versions=told), _summary(played)]
    parts += [_table(played, source) for source in SOURCES] + [_said(played)]
    return "\n".join(parts)


def _of(played: Played, source: str) -> tuple[list[Scene], list[str]]:
    pairs = [key for key in played if key[0].source == source]
    return list(dict.fromkeys(scene for scene, _ in pairs)), list(dict.fromkeys(name for _, name in pairs))


def _summary(played: Played) -> str:
    lines = [
        "## In short",
        "",
        "| | | ✓ whole | ● told | ✗ silent | whole after the next run |",
        "| --- | --- | ---: | ---: | ---: | ---: |",
    ]
    for source, (what, _) in SOURCES.items():
        scenes, names = _of(played, source)
        for name in names:
            runs = [played[scene, name] for scene in scenes]
            count = Counter(first.verdict for first, _ in runs)
            healed = sum(second.verdict == "whole" for _, second in runs)
            figures = " | ".join(str(count[verdict]) for verdict in MARKS)
            lines.append(f"| {what} | {name} | {figures} | {healed} of {len(runs)} |")
    return "\n".join([*lines, ""])


def _table(played: Played, source: str) -> str:
    what, rows = SOURCES[source]
    scenes, names = _of(played, source)
    lines = [f"## {what}: {rows}", "", f"| fault | {' | '.join(names)} |", f"| --- |{' --- |' * len(names)}"]
    for scene in scenes:
        cells = (" → ".join(map(_cell, played[scene, name])) for name in names)
        lines.append(f"| {scene.told} | {' | '.join(cells)} |")
    return "\n".join([*lines, ""])


def _cell(run: Run) -> str:
    every = run.right + run.told + run.wrong + run.lost
    return f"{MARKS[run.verdict]} {run.right}/{every} {run.outcome} {run.requests}"


def _said(played: Played) -> str:
    lines = [
        "## What each said at the end",
        "",
        "Airbyte's CDK says it in messages on stdout, which are not shown.",
        "",
        "| fault | who | |",
        "| --- | --- | --- |",
    ]
    lines += [
        f"| {scene.told} | {name} | {_plain(first.said)} |"
        for (scene, name), (first, _) in played.items()
        if first.said and first.outcome != "success"
    ]
    return "\n".join([*lines, ""])


def _plain(text: str) -> str:
    """One cell of a table: no markup, no port that changes with each run, no end of a stack trace's line."""
    text = re.sub(r"127\.0\.0\.1:\d+", "the-sandbox", re.sub(r"\x1b\[[0-9;]*m", "", text))
    text = re.sub(r"[|`<>]", " ", text).strip()
    return text if len(text) <= 160 else text[:159] + "…"
