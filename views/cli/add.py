"""``ipot data add``: a table or raster of one's own becomes an indicator in a folder of its own."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NoReturn

import typer
from typer.core import TyperGroup

from views.cli.commands import data
from views.cli.root import DatasetOption, LanguageOption, open_dataset, progress_bar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

    from layers import Dataset
    from layers.own_table import Column, OwnTable

#: Rows shown of each kind in the preview, and columns that a preview without --column lists.
_EXAMPLES = 3
_COLUMNS = 40
_TEXTS = Path(__file__).with_suffix(".toml")


class _TableUnlessSaid(TyperGroup):
    """``add FILE`` is short for ``add table FILE``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the usual command in front where none is named."""
        named = not args or args[0] in self.commands or args[0] in ("--help", "-h")
        return super().parse_args(ctx, args if named else ["table", *args])


add = typer.Typer(
    cls=_TableUnlessSaid, no_args_is_help=True,
    help="Add an indicator of one's own: add FILE for a table, add raster FILE for a GeoTIFF.",
)  # fmt: skip
data.add_typer(add, name="add")

FileArgument = Annotated[Path, typer.Argument(help="CSV, XLSX, XLS or ODS file.")]
OutputOption = Annotated[
    Path | None, typer.Option("--output", "-o", help="Dataset folder to write: new, or your own.")
]
NameOption = Annotated[str, typer.Option(help="Name of the indicator.")]
LayerOption = Annotated[
    str, typer.Option(help="Id of a layer, or the name of a new one.")
]  # fmt: skip
UnitOption = Annotated[str | None, typer.Option(help="Unit behind values, such as % or €.")]
DirectionOption = Annotated[
    Literal["+", "-", "0"] | None,
    typer.Option(help="+ more means more potential, - less, 0 shown but not scored."),
]
YearOption = Annotated[int | None, typer.Option(help="Year that the values stand for.")]
SourceOption = Annotated[
    str, typer.Option(help="Where the values come from, as citations shall say it.")
]
ContestedOption = Annotated[
    bool, typer.Option("--contested", help="Experts disagree about the direction.")
]
DryRunOption = Annotated[
    bool, typer.Option("--dry-run", help="Only say what would be matched; write nothing.")
]


@add.command("table")
def add_table(
    file: FileArgument,
    *,
    column: Annotated[str, typer.Option(help="Title or number of the column of values.")] = "",
    key: Annotated[
        str | None, typer.Option(help="Title or number of the column of regions; found if absent.")
    ] = None,
    sheet: Annotated[str | None, typer.Option(help="Sheet of a workbook.")] = None,
    decimal: Annotated[
        Literal[",", "."] | None, typer.Option(help="Decimal sign; found if absent.")
    ] = None,
    layer: LayerOption = "own",
    name: NameOption = "",
    unit: UnitOption = None,
    direction: DirectionOption = None,
    year: YearOption = None,
    source: SourceOption = "",
    contested: ContestedOption = False,
    dataset: DatasetOption = None,
    output: OutputOption = None,
    dry_run: DryRunOption = False,
    language: LanguageOption = "de",
) -> None:
    """Add a column of a table as an indicator; a preview says which rows were matched."""
    from layers.extend import OwnData
    from layers.own_table import content_of, read_table

    base = _open(dataset)
    table = read_table(content_of(file), file.name, base.regions, sheet=sheet, key=key)
    place = _place(table, column)
    for line in _preview(table, place, decimal, base, language):
        typer.echo(line)
    if dry_run:
        typer.echo(_words("nothing_written", language))
        return
    if place is None:
        several = any(one.numeric for one in table.columns)
        held = "several columns hold" if several else "no column holds"
        _refuse(f"{file.name}: {held} numbers; name one with --column.")
    values = table.values(place, decimal=decimal)
    _check(direction=direction, year=year, output=output)
    told = OwnData(
        name or table.titles[place], layer, unit or "", direction or "0", year or 0, source,
        file.name, table.titles[place], contested,
    )  # fmt: skip
    _write(told.add_to(base, values), base, output, language)


@add.command("raster")
def add_raster(
    file: Annotated[Path, typer.Argument(help="GeoTIFF.")],
    *,
    stat: Annotated[
        str,
        typer.Option(
            help="mean, median, min, max, sum, quantile, share-above, share-below, share-of-class; "
            "by people: people-mean, people-median, people-quantile, people-share-above, "
            "people-share-below, people-share-of-class."
        ),
    ],
    threshold: Annotated[float | None, typer.Option(help="For shares above or below.")] = None,
    quantile: Annotated[float | None, typer.Option(help="From 0 to 1, for quantile.")] = None,
    classes: Annotated[
        list[float] | None, typer.Option("--class", help="Number of a class; can be repeated.")
    ] = None,
    band: Annotated[int | None, typer.Option(help="Band, from 1.")] = None,
    crs: Annotated[str | None, typer.Option(help="Of a file that names none.")] = None,
    nodata: Annotated[str | None, typer.Option(help="Mark of missing values, or none.")] = None,
    layer: LayerOption = "own",
    name: NameOption = "",
    unit: UnitOption = None,
    direction: DirectionOption = None,
    year: YearOption = None,
    source: SourceOption = "",
    contested: ContestedOption = False,
    dataset: DatasetOption = None,
    output: OutputOption = None,
    dry_run: DryRunOption = False,
    language: LanguageOption = "de",
) -> None:
    """Add a statistic of a raster as an indicator, such as --stat people-share-above."""
    from geo import boundaries
    from geo.rasters import zonal
    from geo.rasters.geotiff import open_raster
    from layers.errors import DatasetError
    from layers.extend import OwnData

    measure = _stat(stat)
    base = _open(dataset)
    areas = boundaries.load(base.path)
    if areas is None:
        msg = f"{base.path}: there are no boundaries, so a raster has nothing to be read over."
        raise DatasetError(msg)
    raster = open_raster(file, crs=crs, band=band, unit=unit, nodata=_nodata(nodata))
    with progress_bar("data add raster"):
        reading = zonal.indicator(
            raster, areas, measure, threshold=threshold, quantile=quantile, classes=classes or ()
        )
    typer.echo(_words(
        "raster", language, file=file.name, stat=stat, found=len(reading.table),
        regions=len(base.regions), partial=len(reading.partial), missing=len(reading.missing),
    ))  # fmt: skip
    if dry_run:
        typer.echo(_words("nothing_written", language))
        return
    _check(direction=direction, year=year, output=output)
    code = _spoken(stat, threshold, quantile, classes)
    told = OwnData(
        name or f"{file.stem}, {code}", layer, reading.unit, direction or "0", year or 0, source,
        file.name, code, contested,
    )  # fmt: skip
    by_region = reading.table.set_index("region")
    _write(told.add_to(base, by_region["value"], by_region["flag"]), base, output, language)


def _open(folder: Path | None) -> Dataset:
    from layers.home import active_dataset

    return open_dataset(folder or active_dataset())


def _place(table: OwnTable, column: str) -> int | None:
    """Column of values: the named one, else the only one that holds numbers."""
    if column:
        return table.find(column)
    numeric = [one.place for one in table.columns if one.numeric]
    return numeric[0] if len(numeric) == 1 else None


def _check(*, direction: str | None, year: int | None, output: Path | None) -> None:
    """Ask for what nobody but the user can know."""
    asked = {
        "--direction (+, - or 0)": direction, "--year (such as 2024)": year,
        "-o (a folder to write)": output,
    }  # fmt: skip
    missing = [option for option, given in asked.items() if given is None]
    if missing:
        _refuse(f"still needed: {', '.join(missing)}; --dry-run only looks.")


def _refuse(message: str) -> NoReturn:
    from layers.errors import RecipeError

    raise RecipeError(message)


def _stat(words: str) -> Any:
    from geo.rasters.zonal import STATS

    known = {one.replace("_", "-"): one for one in STATS}
    chosen = words.replace("_", "-")
    if chosen not in known:
        _refuse(f"--stat '{words}': unknown; allowed: {', '.join(known)}.")
    return known[chosen]


def _spoken(
    stat: str, threshold: float | None, quantile: float | None, classes: list[float] | None
) -> str:
    """Name the statistic with what it was computed with, so that it can be computed again."""
    used: dict[str, Sequence[float | None]] = {
        "above": [threshold], "below": [threshold], "quantile": [quantile], "class": classes or []
    }  # fmt: skip
    given = used.get(stat.replace("_", "-").rpartition("-")[2], [])
    return " ".join([stat, *(f"{one:.10g}" for one in given if one is not None)])


def _nodata(words: str | None) -> float | str | None:
    try:
        return None if words is None else float(words)
    except ValueError:
        return words


def _write(extended: Dataset, base: Dataset, folder: Path | None, language: str) -> None:
    from layers.extend import write

    assert folder is not None  # noqa: S101 -- checked by _check
    write(extended, folder)
    known = base.catalogue.layer_by_id
    for layer in extended.catalogue.layers:
        # A misspelt id makes a new layer as well: whoever meant another one must see it.
        if layer.id not in known:
            name = layer.name.de if language == "de" else layer.name.en
            typer.echo(_words("new_layer", language, name=name, known=", ".join(known)))
    typer.echo(_words("written", language, folder=folder, reference=extended.reference))


# The preview.


def _preview(
    table: OwnTable, place: int | None, decimal: Any, base: Dataset, language: str
) -> Iterator[str]:
    rows = table.rows
    yield _counted(
        "table", language, len(rows), file=table.file, rows=len(rows), key=table.titles[table.key],
        found=rows.loc[rows["region"] != "", "region"].nunique(), regions=len(base.regions),
    )  # fmt: skip
    if others := [one for one in table.sheets if one != table.sheet]:
        yield _words("sheet", language, sheet=table.sheet, others=", ".join(others))
    for state in ("ambiguous", "duplicate", "coarser", "finer", "missed"):
        if (some := rows[rows["state"] == state]).shape[0]:
            examples = _examples(some, language)
            yield _counted(state, language, len(some), count=len(some), examples=examples)
    if place is not None:
        yield from _column(table.column(place, decimal=decimal), language)
        return
    for one in table.columns[:_COLUMNS]:
        yield from _column(one, language)


def _examples(rows: pd.DataFrame, language: str) -> str:
    shown = [
        _words(
            "choice" if row.choices else "row", language, row=row.Index,
            key=f"{row.key:.40}", choices=row.choices,
        )
        for row in rows.head(_EXAMPLES).itertuples()
    ]  # fmt: skip
    return "; ".join(shown) + (" …" if len(rows) > _EXAMPLES else "")


def _column(column: Column, language: str) -> Iterator[str]:
    at = {"number": column.place + 1, "title": column.title}
    if column.fault is not None:
        key = "either" if column.fault.reason == "either" else "no_numbers"
        yield _words(key, language, row=column.fault.row, content=column.fault.content, **at)
        return
    signs = ", ".join(f"{count} × „{sign}“" for sign, count in column.missing.items() if sign)
    known = sum(map(math.isfinite, column.numbers))
    yield _counted(
        "column", language, known, values=known, missing=len(column.numbers) - known,
        signs=_words("signs", language, signs=signs) if signs else "", **at,
    )  # fmt: skip
    if column.decimal:
        yield _words("decimal", language, sign=column.decimal)


def _counted(key: str, language: str, number: int, /, **values: object) -> str:
    """Fill a text that has a form of its own for one."""
    return _words(f"{key}_one" if number == 1 else key, language, **values)


def _words(key: str, language: str, /, **values: object) -> str:
    from layers.texts import texts

    return texts(_TEXTS)[key][language].format(**values)
