"""Turn what the benchmarks measured into the table of README.md: ``table.py RESULT.json``."""

from __future__ import annotations

import json
import re
import sys
import tomllib
from datetime import datetime
from pathlib import Path

README = Path(__file__).parents[2] / "README.md"
ROWS = tomllib.loads(Path(__file__).with_name("rows.toml").read_text(encoding="utf-8"))
PLACE = re.compile(r"(?<=<!-- speed -->\n).*?(?=<!-- end of speed -->)", re.DOTALL)
NOTES = {
    "ratio": "{:.2f} times plain NumPy",
    "per_million": "{:.0f} ms per million ranks",
    "megabytes": "{:.0f} MB above the input",
    "peak": "{:.0f} MB at most",
    "plain_ratio": "{:.1f} times reading the file from the disk",
    "late": "95 % within {:.0f} ms",
    "megabytes_each": "{:.2f} MB per session, idle",
}


def main(result: Path) -> None:
    """Write the table of one result between its two marks."""
    table = "\n".join(lines(json.loads(result.read_text(encoding="utf-8"))))
    README.write_text(PLACE.sub(lambda _: f"{table}\n", README.read_text("utf-8")), "utf-8")


def lines(result: dict) -> list[str]:
    """Return the lines of the table; refused if a benchmark of `ROWS` is missing."""
    found = {one["name"]: one for one in result["benchmarks"]}
    if missing := ROWS.keys() - found:
        sys.exit(f"no measurement of {', '.join(sorted(missing))}; run all benchmarks")
    machine = result["machine_info"]["cpu"]
    when = datetime.fromisoformat(result["datetime"]).strftime("%d %B %Y").lstrip("0")
    where = f"{machine['count']} cores ({machine['brand_raw']})"
    head = [
        f"Measured on {when} on {where}; the least of all rounds, and their median.", "",
        "| what | target | least | median | |",
        "|---|---|---|---|---|",
    ]  # fmt: skip
    return head + [row(**text, measured=found[name]) for name, text in ROWS.items()] + [""]


def row(what: str, target: str, measured: dict) -> str:
    stats, extra = measured["stats"], measured["extra_info"]
    notes = [text.format(extra[key]) for key, text in NOTES.items() if key in extra]
    cells = (what, target, told(stats["min"]), told(stats["median"]), ", ".join(notes))
    return f"| {' | '.join(cells)} |"


def told(seconds: float) -> str:
    """Return a time with two or three digits."""
    if seconds >= 1:
        return f"{seconds:.1f} s"
    return f"{1e3 * seconds:.1f} ms" if seconds < 0.1 else f"{1e3 * seconds:.0f} ms"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
