"""Scores as files for maps, sheets and programs, or all as a bundle, each with its provenance.

A file is rendered in memory and then put in place in one step, so that a target is either whole or
untouched. No clock goes into a file: the same scores give the same bytes. Numbers are written so
that they read back to the last digit.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from geo.document import Content, Document
from geo.formats import bundle, mapfiles, sheets
from geo.formats import datawrapper as for_datawrapper
from geo.place import check_file, replace, replace_all
from layers.errors import ExportError
from layers.provenance import provenance
from layers.table import stage_tables

if TYPE_CHECKING:
    from collections.abc import Callable

    from layers.robust import Bands
    from layers.score import Scores
    from layers.study.reports.bands import Extra

__all__ = ["SUFFIXES", "check_target", "to_bytes", "write", "write_stages"]


def _csv(document: Document) -> bytes:
    return for_datawrapper.csv(document) if document.datawrapper else sheets.csv(document)


_RENDERERS: dict[str, Callable[[Document], bytes]] = {
    ".geojson": mapfiles.geojson,
    ".topojson": mapfiles.topojson,
    ".gpkg": mapfiles.geopackage,
    ".fgb": mapfiles.flatgeobuf,
    ".parquet": mapfiles.parquet,
    ".csv": _csv,
    ".xlsx": sheets.xlsx,
    ".zip": bundle.archive,
}
#: Formats that `write` knows.
SUFFIXES = tuple(_RENDERERS)
#: Formats for what has no rows of regions, so that it cannot be drawn.
_FOR_VALUES = (".csv", ".xlsx", ".parquet")


def write(
    scores: Scores, target: str | Path, *, bands: Bands | None = None, content: Content = "scores",
    language: str = "de", excel_de: bool = False, datawrapper: bool = False,
    extra: Extra | None = None,
) -> None:  # fmt: skip
    """Write scores to `target`; its suffix chooses the format.

    Parameters
    ----------
    target : path
        One of `SUFFIXES`; replaced only when the new file is whole. .zip is a bundle of several
        files with descriptions for people, programs and data portals (`geo.formats.bundle`).
    bands : Bands, optional
        Rank bands to stand beside the ranks.
    content : "scores", "bands" or "values"
        The columns of `layers.table.result_table`, of `bands_table`, or of `values_table`: every
        value behind the scores with its year, flag and source (.csv, .xlsx and .parquet only).
    language : "de" or "en"
        Of explanations; column names are the same in both.
    excel_de : bool
        CSV only: as German Excel opens it (see `to_bytes`).
    datawrapper : bool
        CSV of scores only: as Datawrapper takes it for a map. The provenance goes into a file
        beside it, whose name ends in ``.source.txt``.
    extra : Extra, optional
        Further columns for the rank bands.

    Raises
    ------
    ExportError
        If the suffix is unknown, the place cannot be written, or the format needs boundaries that
        the dataset lacks.
    """
    path = Path(target)
    check_target(path)
    document = Document(scores, bands, content, language, excel_de, extra, datawrapper)
    rendered = _render(document, path.suffix)
    if datawrapper:
        replace(path.with_suffix(".source.txt"), for_datawrapper.source_text(document))
    replace(path, rendered)


def to_bytes(
    scores: Scores, suffix: str, *, bands: Bands | None = None, content: Content = "scores",
    language: str = "de", excel_de: bool = False, datawrapper: bool = False,
    extra: Extra | None = None,
) -> bytes:  # fmt: skip
    """Return the file that `write` would write.

    CSV comes with commas and decimal points in UTF-8, the provenance on top in lines that begin
    with ``#``. With `excel_de` it has semicolons, decimal commas and a byte order mark, the header
    in the first row and the provenance below the table; keys of digits are written as ``="01001"``
    so that Excel keeps their leading zero. With `datawrapper` nothing stands above the header, and
    headers are words of `language`.

    Raises
    ------
    ExportError
        As for `write`.
    """
    document = Document(scores, bands, content, language, excel_de, extra, datawrapper)
    return _render(document, suffix)


def _render(document: Document, suffix: str) -> bytes:
    _check_suffix(suffix)
    _check_choices(suffix.lower(), document.content, document.excel_de, document.datawrapper)
    if document.content == "bands" and document.bands is None:
        msg = "content = 'bands': there are no rank bands; compute them with robust() first."
        raise ExportError(msg)
    return _RENDERERS[suffix.lower()](document)


def write_stages(scores: Scores, folder: str | Path, *, language: str = "de") -> list[Path]:
    """Write every stage of a run as CSV with 17 significant digits into `folder`.

    Beside the tables of `layers.table.stage_tables` stand ``recipe.toml`` and ``provenance.txt``.
    Files of these names are replaced, all others left alone.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    ExportError
        If the folder cannot be written.
    """
    about = provenance(scores, every=True)
    contents = {
        f"{name}.csv": sheets.csv_text(table, "{:.17g}".format).encode()
        for name, table in stage_tables(scores).items()
    }
    contents["recipe.toml"] = about.recipe.to_toml().encode()
    contents["provenance.txt"] = ("\n".join(about.lines(language)) + "\n").encode()
    return replace_all(Path(folder), contents)


def check_target(
    path: Path, *, content: Content = "scores", excel_de: bool = False, datawrapper: bool = False
) -> None:
    """Raise ExportError if `write` could not write that there."""
    _check_suffix(path.suffix, where=f"{path}: ")
    _check_choices(path.suffix.lower(), content, excel_de, datawrapper)
    check_file(path)


def _check_suffix(suffix: str, where: str = "") -> None:
    if suffix.lower() not in SUFFIXES:
        what = f"unknown format '{suffix}'" if suffix else "the file name has no suffix"
        msg = f"{where}{what}; allowed: {', '.join(SUFFIXES)}."
        raise ExportError(msg)


def _check_choices(suffix: str, content: Content, excel_de: bool, datawrapper: bool) -> None:  # noqa: FBT001 -- as they stand in `Document`
    msg = ""
    if datawrapper and (suffix != ".csv" or content != "scores"):
        msg = "Datawrapper takes scores as .csv."
    elif datawrapper and excel_de:
        msg = "a CSV is either for Datawrapper or for German Excel."
    elif content == "values" and suffix not in _FOR_VALUES:
        msg = f"values have many rows per region; {suffix} cannot hold them, allowed: "
        msg += f"{', '.join(_FOR_VALUES)}."
    elif content == "bands" and suffix == ".zip":
        msg = "a bundle (.zip) holds scores and their values; write rank bands as .csv or .xlsx."
    if msg:
        raise ExportError(msg)
