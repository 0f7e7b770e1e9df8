"""The fonts of a report inside its HTML file, so that it prints the same everywhere."""

from __future__ import annotations

import base64
import io
from functools import cache
from pathlib import Path

from views.printing import FONT

__all__ = ["embedded"]

_FACES = {"DejaVuSans.ttf": "normal", "DejaVuSans-Bold.ttf": "bold"}
#: Latin letters with all their marks, punctuation, currency, arrows, and the marks of the medians.
_LETTERS = (range(0x20, 0x180), range(0x2010, 0x2040), (0x20AC, 0x2212, 0x25BD, 0x25B3, 0x25C7))


@cache
def embedded() -> str:
    """Declare regular and bold letters as data; the same text every time."""
    return "".join(
        f"@font-face{{font-family:'{FONT}';font-weight:{weight};"
        f"src:url(data:font/woff;base64,{_part(name)}) format('woff')}}"
        for name, weight in _FACES.items()
    )


def _part(name: str) -> str:
    """Return the letters named above of one font, as base64."""
    import matplotlib as mpl
    from fontTools import subset  # type: ignore[import-untyped]

    options = subset.Options(flavor="woff", recalc_timestamp=False, layout_features=["kern"])
    options.drop_tables = [*options.drop_tables, "FFTM"]
    font = subset.load_font(Path(mpl.get_data_path()) / "fonts" / "ttf" / name, options)
    part = subset.Subsetter(options)
    part.populate(unicodes=[code for codes in _LETTERS for code in codes])
    part.subset(font)
    written = io.BytesIO()
    subset.save_font(font, written, options)
    return base64.b64encode(written.getvalue()).decode()
