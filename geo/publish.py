"""Scores as files: GeoJSON, GeoPackage, GeoParquet, CSV and Excel, each with its provenance.

A file is rendered in memory and then put in place in one step, so that a target is either whole or
untouched. No clock goes into a file: the same scores give the same bytes. Numbers are written so
that they read back to the last digit.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from geo import mapfiles, sheets
from geo.document import Content, Document
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

_RENDERERS: dict[str, Callable[[Document], bytes]] = {
    ".geojson": mapfiles.geojson,
    ".gpkg": mapfiles.geopackage,
    ".parquet": mapfiles.parquet,
    ".csv": sheets.csv,
    ".xlsx": sheets.xlsx,
}
#: Formats that `write` knows.
SUFFIXES = tuple(_RENDERERS)


def write(
    scores: Scores, target: str | Path, *, bands: Bands | None = None, content: Content = "scores",
    language: str = "de", excel_de: bool = False, extra: Extra | None = None,
) -> None:  # fmt: skip
    """Write scores to `target`; its suffix chooses the format.

    Parameters
    ----------
    target : path
        .geojson, .gpkg, .parquet, .csv or .xlsx; replaced only when the new file is whole.
    bands : Bands, optional
        Rank bands to stand beside the ranks.
    content : "scores" or "bands"
        The columns of `layers.table.result_table`, or those of `bands_table`.
    language : "de" or "en"
        Of explanations; column names are the same in both.
    excel_de : bool
        CSV only: as German Excel opens it (see `to_bytes`).
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
    replace(path, to_bytes(
        scores, path.suffix, bands=bands, content=content, language=language, excel_de=excel_de,
        extra=extra,
    ))  # fmt: skip


def to_bytes(
    scores: Scores, suffix: str, *, bands: Bands | None = None, content: Content = "scores",
    language: str = "de", excel_de: bool = False, extra: Extra | None = None,
) -> bytes:  # fmt: skip
    """Return the file that `write` would write.

    CSV comes with commas and decimal points in UTF-8, the provenance on top in lines that begin
    with ``#``. With `excel_de` it has semicolons, decimal commas and a byte order mark, the header
    in the first row and the provenance below the table; keys of digits are written as ``="01001"``
    so that Excel keeps their leading zero.

    Raises
    ------
    ExportError
        As for `write`.
    """
    _check_suffix(suffix)
    if content == "bands" and bands is None:
        msg = "content = 'bands': there are no rank bands; compute them with robust() first."
        raise ExportError(msg)
    document = Document(scores, bands, content, language, excel_de, extra)
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


def check_target(path: Path) -> None:
    """Raise ExportError if `path` has no known suffix, no folder, or is a folder itself."""
    _check_suffix(path.suffix, where=f"{path}: ")
    check_file(path)


def _check_suffix(suffix: str, where: str = "") -> None:
    if suffix.lower() not in SUFFIXES:
        what = f"unknown format '{suffix}'" if suffix else "the file name has no suffix"
        msg = f"{where}{what}; allowed: {', '.join(SUFFIXES)}."
        raise ExportError(msg)
