"""Everything about a run in one archive, with descriptions for people, programs and data portals.

The files have fixed names, so that scripts find them, and fixed times, so that equal scores give
equal bytes. Tables begin with their header, as programs that follow the descriptions expect; what
stands above it in a single CSV file stands in the README here.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from geo.formats import datapackage, datawrapper, dcat, mapfiles, sheets, told
from geo.formats.areas import borders

if TYPE_CHECKING:
    from geo.document import Document

__all__ = ["archive", "files"]

#: Zip archives know no time before this one.
_TIME = (1980, 1, 1, 0, 0, 0)
_READ_BY_ALL = 0o644
#: Takes a third of the time of the usual 6, for two bytes more in a hundred.
_EFFORT = 4


def archive(document: Document) -> bytes:
    """Return a zip archive of `files`."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as bundle:
        for name, content in files(document).items():
            entry = zipfile.ZipInfo(name, _TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = _READ_BY_ALL << 16
            bundle.writestr(entry, content, compresslevel=_EFFORT)
    return out.getvalue()


def files(document: Document) -> dict[str, bytes]:
    """Return the files of the bundle by name; without boundaries there are no maps among them."""
    scores = replace(document, content="scores", excel_de=False, datawrapper=False, extra=None)
    tables = {"scores": scores, "values": replace(scores, content="values")}
    data = {f"{name}.csv": _plain(one.table) for name, one in tables.items()}
    if borders(scores.scores.dataset.path) is not None:
        data["scores.geojson"] = mapfiles.geojson(scores)
        data["scores.gpkg"] = mapfiles.geopackage(scores)
    data["datawrapper.csv"] = datawrapper.csv(scores)
    data["code_book.csv"] = _code_book(tables)
    data["recipe.toml"] = scores.provenance.recipe.to_toml().encode()
    described = {
        "datapackage.json": datapackage.descriptor(scores, tables, data),
        "dcat-ap.jsonld": dcat.description(scores, data),
    }
    return {"README.txt": _readme(scores, [*data, *described])} | data | described


def _code_book(tables: dict[str, Document]) -> bytes:
    """Meaning of every column by table, and of every indicator that the values name."""
    document = tables["scores"]
    keys = [one.id for one in document.provenance.indicators]
    wide = pd.DataFrame(columns=keys)
    explained = {name: one.code_book(one.table) for name, one in tables.items()}
    explained["indicators"] = document.code_book(wide)
    rows = [
        (name, one.name, one.unit[document.language], one.text[document.language])
        for name, columns in explained.items()
        for one in columns
    ]
    table = pd.DataFrame(rows, columns=["table", "column", "unit", "meaning"])
    return _plain(table)


def _plain(table: pd.DataFrame) -> bytes:
    return sheets.csv_text(table, repr).encode()


def _readme(document: Document, names: list[str]) -> bytes:
    """Title, what the files hold, what each is for, and the provenance."""
    language = document.language
    title = told.title(document)[language]
    notes = [f"* {name}: {told.file_note(name)[language]}" for name in names]
    lines = [
        title, "=" * len(title), "", told.description(document)[language], "",
        told.word("files")[language], *notes, "", *document.provenance.lines(language),
    ]  # fmt: skip
    return ("\n".join(lines) + "\n").encode()
