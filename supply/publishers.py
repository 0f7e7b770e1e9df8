"""Make LICENSES/LicenseRef-Publishers.txt, the terms of the data: ``python -m supply.publishers``.

The text names every source of the embedded data with its publisher, the licence that was named and
whether the publisher itself confirms it, all from ``sources.toml`` beside the data.
"""

from __future__ import annotations

import textwrap
import tomllib
from collections.abc import Mapping
from typing import Any

from supply.project import ROOT

TEXT = ROOT / "LICENSES" / "LicenseRef-Publishers.txt"
DATA = ROOT / "data"
HEAD = """\
Terms of the publishers of the data

The data in data/kreise and data/grid, and the pictures made from them, rest on data of the \
publishers named below. Their terms hold for the data, not the licence of the program.

For {open} of {all} sources the publisher's own permission to pass the data on has NOT been seen. \
They are marked "to be confirmed". Nobody is given a permission here that the publisher has not \
given: whoever passes these data on, alters them or sells what rests on them must ask the \
publisher first. What is to be asked of whom stands under each of these sources.

Every use names the sources, each with the line given here."""


def main() -> None:
    """Write the text."""
    TEXT.write_text(written(sources()), "utf-8")


def sources() -> dict[str, Mapping[str, Any]]:
    """Read every source of what is embedded, the Kreise and the grid, by its key."""
    found: dict[str, Mapping[str, Any]] = {}
    for folder in ("grid", "kreise"):
        found |= tomllib.loads((DATA / folder / "sources.toml").read_text("utf-8"))
    return found


def written(named: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the whole text, in lines of at most 80 characters."""
    still_open = sum(not confirmed(source) for source in named.values())
    head = HEAD.format(open=still_open, all=len(named))
    about = (_about(key, named[key]) for key in sorted(named))
    return "\n\n".join([*map(_broken, head.split("\n\n")), *about]) + "\n"


def confirmed(source: Mapping[str, Any]) -> bool:
    """Say whether the publisher itself states the terms."""
    return bool(source["licence_status"] == "confirmed")


def _about(key: str, source: Mapping[str, Any]) -> str:
    licence = "none stated" if source["licence"] == "not-stated" else source["licence"]
    lines = [
        f"{source['title']['en']} ({key})",
        f"Publisher: {source['publisher']}",
        f"Licence: {licence}, {'confirmed' if confirmed(source) else 'TO BE CONFIRMED'}",
        f"Source line: {source['attribution']}",
    ]
    if note := source.get("licence_note", {}).get("en"):
        lines.append(f"Note: {note.strip()}")
    return "\n".join(_broken(line, indent="  ") for line in lines)


def _broken(line: str, indent: str = "") -> str:
    return textwrap.fill(line, 80, subsequent_indent=indent, break_on_hyphens=False)


if __name__ == "__main__":
    main()
