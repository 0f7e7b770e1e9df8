"""Maps as files: PNG, SVG and PDF, the same bytes for the same sheet."""

from __future__ import annotations

import io
import re
import threading
from html import escape
from typing import TYPE_CHECKING, Any

from geo.maps.lettering import FALLBACK
from layers.errors import ExportError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["SUFFIXES", "check_suffix", "to_file"]

SUFFIXES = (".png", ".svg", ".pdf")
#: Pixels per inch of a PNG: two to each CSS pixel.
_DPI = 192
#: Letters stay letters and as wide as measured, ids are the same each time, fonts are TrueType.
_SETTINGS: Any = {
    "svg.fonttype": "none", "svg.hashsalt": "potenzialatlas", "pdf.fonttype": 42,
    "text.hinting": "none",
}  # fmt: skip
#: These settings hold for the whole process while a file is written.
_lock = threading.Lock()


def check_suffix(suffix: str, where: str = "") -> None:
    """Raise ExportError unless a map can be written in this format."""
    if suffix.lower() not in SUFFIXES:
        what = f"unknown format '{suffix}'" if suffix else "the file name has no suffix"
        raise ExportError(f"{where}{what}; allowed: {', '.join(SUFFIXES)}.")


def to_file(
    figure: Figure, suffix: str, *, title: str = "", description: str = "", language: str = "de"
) -> bytes:
    """Return a figure as file.

    No clock goes into it.

    Raises
    ------
    ExportError
        If the suffix is unknown.
    """
    import matplotlib as mpl

    check_suffix(suffix)
    kind, content = suffix.lower()[1:], io.BytesIO()
    with _lock, mpl.rc_context(_SETTINGS):
        figure.savefig(
            content, format=kind, dpi=_DPI if kind == "png" else 72,
            metadata=_metadata(kind, title, description),
        )  # fmt: skip
    if kind != "svg":
        return content.getvalue()
    return _readable(content.getvalue().decode(), title, description, language).encode()


def _metadata(kind: str, title: str, description: str) -> dict[str, Any]:
    if kind == "svg":
        # Title and description are put where screen readers look for them, see `_readable`.
        return {"Date": None, "Creator": None, "Format": None, "Type": None}
    if kind == "png":
        return {"Software": None, "Title": title, "Description": description}
    return {"CreationDate": None, "Title": title, "Subject": description}


def _readable(svg: str, title: str, description: str, language: str) -> str:
    """Tell those who cannot see the picture what it shows, and name a font that all have."""
    svg = svg.replace(f"'{FALLBACK}'", f"{FALLBACK}, sans-serif")
    told = "".join(
        f'<{tag} id="map-{tag}">{escape(text)}</{tag}>\n'
        for tag, text in (("title", title), ("desc", description))
        if text
    )
    labels = " ".join(re.findall(r'id="(map-\w+)"', told))
    role = f' role="img" aria-labelledby="{labels}"' if told else ' aria-hidden="true"'
    # Points of a path follow each other without the letter that stands before each of them.
    svg = svg.replace(" \nL ", " ")
    return re.sub(
        r"(<svg [^>]*)>",
        lambda found: f'{found.group(1)} xml:lang="{language}"{role}>\n{told}',
        svg,
        count=1,
    )
