"""A report as a reader of HTML sees it."""

from __future__ import annotations

from functools import cache

import html5lib

NAMES = {"h": "http://www.w3.org/1999/xhtml"}


@cache
def read(html):
    """Parse a report, whose tree nobody changes; the least fault in its HTML is an error."""
    parser = html5lib.HTMLParser(strict=True)
    return parser.parse(html)


def words_of(node):
    return " ".join("".join(node.itertext()).split())


def tables(root):
    """All tables by their heading or label: rows of cells, the head first; figures are left out."""
    found = {}
    for box in root.iterfind(".//h:div[@role='group']", NAMES):
        rows = [
            [_cell(cell) for cell in row if cell.tag.endswith(("th", "td"))]
            for row in box.iterfind(".//h:tr", NAMES)
        ]
        found.setdefault(box.get("aria-label"), rows)
    return {label: rows for label, rows in found.items() if rows}


def number(text):
    return float(text.rstrip("\xa0 %*").replace(".", "").replace(",", "."))


def _cell(cell):
    return "" if any(child.tag.endswith("svg") for child in cell) else words_of(cell)
