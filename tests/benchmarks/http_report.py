"""The measurements as a table, a plot and figures to reckon with."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

LABELS = {
    "engine": "ours, engine",
    "stock": "ours, stock graphql-core",
    "limit": "limit: one statement, bytes passed on",
    "postgraphile": "PostGraphile 5",
}
COLOURS = {"engine": "#0b6e4f", "stock": "#8fb8a8", "limit": "#9a9a9a", "postgraphile": "#c9622d"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One workload of one contender: medians over the rounds."""

    workload: str
    contender: str
    requests: int
    per_second: float
    p50: float
    p99: float
    server_cpu: float
    database_cpu: float
    bytes: float
    each: list[float] = field(default_factory=list)

    @property
    def cpu(self) -> float:
        """Milliseconds of CPU a request, server and database together."""
        return self.server_cpu + self.database_cpu


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """Where it was measured; the load is the least, the median and the most."""

    cpu: str
    cores: int
    load: tuple[float, float, float]
    versions: str
    rows: Mapping[str, int]
    at: datetime


def write_results(
    folder: Path, cells: Sequence[Cell], machine: Machine, plans: Mapping[str, str]
) -> Path:
    """Writes everything into a folder; gives the file of the table."""
    folder.mkdir(parents=True, exist_ok=True)
    figures = {"machine": asdict(machine), "cells": [asdict(cell) for cell in cells]}
    text = json.dumps(figures, indent=1, default=str, ensure_ascii=False)
    (folder / "http.json").write_text(f"{text}\n", encoding="utf-8")
    (folder / "http.svg").write_text(plot(cells), encoding="utf-8")
    for name, plan in plans.items():
        (folder / f"limit-{name.lower()}.explain.txt").write_text(f"{plan}\n", encoding="utf-8")
    table = folder / "http.md"
    table.write_text(report(cells, machine), encoding="utf-8")
    return table


def report(cells: Sequence[Cell], machine: Machine) -> str:
    """The table and its reading, as Markdown."""
    rows = ", ".join(f"{count:,} {name}" for name, count in machine.rows.items())
    where = (
        f"{machine.at:%Y-%m-%d %H:%M} UTC; {machine.cpu}, {machine.cores} cores shared by server,"
        f" PostgreSQL and load generator; load average {machine.load[0]:.1f} /"
        f" {machine.load[1]:.1f} / {machine.load[2]:.1f} (least, median, most);"
        f" {machine.versions}; {rows}. One process a server, 8 connections, turns interleaved,"
        " medians. CPU is milliseconds a request."
    )
    lines = [
        "# Over HTTP",
        "",
        where,
        "",
        "| | | requests/s | p50 ms | p99 ms | CPU server | CPU PostgreSQL | CPU | kB |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
        *map(_row, cells),
    ]
    lines += ["", *_ratios(cells), "", "![requests a second](http.svg)", ""]
    return "\n".join(lines)


def _row(cell: Cell) -> str:
    return (
        f"| {cell.workload} | {LABELS[cell.contender]} | {cell.per_second:.0f}"
        f" | {cell.p50:.1f} | {cell.p99:.1f} | {cell.server_cpu:.2f}"
        f" | {cell.database_cpu:.2f} | {cell.cpu:.2f} | {cell.bytes / 1000:.0f} |"
    )


def _ratios(cells: Sequence[Cell]) -> list[str]:
    found = {(cell.workload, cell.contender): cell for cell in cells}
    lines = [
        "| engine against | PostGraphile, requests/s | limit, CPU | stock, requests/s |",
        "| --- | ---: | ---: | ---: |",
    ]
    for workload in dict.fromkeys(cell.workload for cell in cells):
        ours = found.get((workload, "engine"))
        if ours is None:
            continue
        shown = [workload]
        for other in ("postgraphile", "limit", "stock"):
            cell = found.get((workload, other))
            if cell is None:
                shown.append("")
            elif other == "limit":
                shown.append(f"{ours.cpu / cell.cpu:.2f} x")
            else:
                shown.append(f"{ours.per_second / cell.per_second:.2f} x")
        lines.append(f"| {' | '.join(shown)} |")
    return lines


WIDTH, BAR, GAP, LEFT, RIGHT, TOP = 860, 16, 26, 70, 260, 46


def plot(cells: Sequence[Cell]) -> str:
    """Requests a second as bars, each workload on its own scale."""
    groups: dict[str, list[Cell]] = {}
    for cell in cells:
        groups.setdefault(cell.workload, []).append(cell)
    parts: list[str] = []
    y = TOP
    for workload, group in groups.items():
        most = max(cell.per_second for cell in group)
        middle = y + len(group) * BAR / 2 + 4
        parts.append(f'<text x="{LEFT - 8}" y="{middle:.0f}" text-anchor="end">{workload}</text>')
        for cell in group:
            width = (WIDTH - LEFT - RIGHT) * cell.per_second / most
            parts.append(
                f'<rect x="{LEFT}" y="{y}" width="{width:.1f}" height="{BAR - 3}"'
                f' fill="{COLOURS[cell.contender]}"/>'
                f'<text x="{LEFT + width + 6:.1f}" y="{y + 11}" class="small">'
                f"{cell.per_second:.0f} — {LABELS[cell.contender]}</text>"
            )
            y += BAR
        y += GAP
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{y}"'
        f' viewBox="0 0 {WIDTH} {y}" font-family="sans-serif" font-size="13">'
        "<style>.small{font-size:11px;fill:#333}</style>"
        f'<rect width="{WIDTH}" height="{y}" fill="#fff"/>'
        f'<text x="{LEFT}" y="24" font-weight="bold">Requests a second, one process,'
        " 8 connections; each workload on its own scale</text>" + "".join(parts) + "</svg>\n"
    )
