"""Tables that a page draws as HTML, read back as a reader sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pandas as pd

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest


def tables(app: AppTest) -> list[pd.DataFrame]:
    """All tables on the page in their order; every cell is text."""
    drawn = [one.proto.body for one in app.get("html")]
    return [_read(one) for one in drawn if "class='atlas-grid'" in one]


def number(text: str) -> float:
    """Read a number, or a percentage as one, that is written the German way."""
    return float(text.rstrip("\xa0 %").replace(".", "").replace(",", "."))


def _read(html: str) -> pd.DataFrame:
    # What the page writes is well-formed, so that any reader of XML understands it.
    rows = [
        ["".join(cell.itertext()) for cell in row] for row in ET.fromstring(html).iter("tr")  # noqa: S314 -- our own
    ]  # fmt: skip
    return pd.DataFrame(rows[1:], columns=rows[0])
