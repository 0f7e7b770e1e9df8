"""What people type or hand in as files, turned into what the library takes."""

from __future__ import annotations

import csv
import re
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import pandas as pd

    from layers import Bands, RecipeError, Scores
    from layers.certainty.multiverse import Values

__all__ = [
    "check_draws_target", "choices", "judgements", "limits", "region_key", "whole_numbers",
    "write_draws", "yardstick",
]  # fmt: skip


#: A number or a share as people type it. Written out, a large power of ten would fill all memory.
_NUMBER = re.compile(
    r"[+-]?([0-9]{1,20}\.?[0-9]{0,20}|\.[0-9]{1,20})([eE][+-]?[0-9]{1,2}|/[0-9]{1,20})?"
)


def _refusal(message: str) -> RecipeError:
    # Imported late, as everything that brings pandas along: `--help` is to be quick.
    from layers import RecipeError

    return RecipeError(message)


def whole_numbers(words: str, option: str, example: str = "2019,2022") -> list[int]:
    """Read numbers parted by commas; option and example are for the error."""
    try:
        return [int(word) for word in words.split(",")]
    except ValueError as cause:
        msg = f"{option} '{words}': whole numbers parted by commas are needed, such as {example}."
        raise _refusal(msg) from cause


def yardstick(words: str) -> int | Literal["pooled"]:
    """Read a year or ``pooled``."""
    if words == "pooled":
        return "pooled"
    try:
        return int(words)
    except ValueError as cause:
        raise _refusal(f"--base '{words}': pooled or a year is needed, such as 2019.") from cause


def limits(given: Iterable[str]) -> tuple[dict[str, float], dict[str, float]]:
    """Read ``LAYER=LOWEST:HIGHEST`` into lower and upper limits; either end may be left out."""
    lower, upper = {}, {}
    for words in given:
        layer, _, span = words.partition("=")
        ends = _ends(span)
        if ends is None:
            msg = f"--limit {words}: LAYER=LOWEST:HIGHEST is needed, such as housing=0.05:0.3."
            raise _refusal(msg)
        lower[layer.removeprefix("layer:")], upper[layer.removeprefix("layer:")] = ends
    return lower, upper


def _ends(span: str) -> tuple[float, float] | None:
    """Read ``LOWEST:HIGHEST``; None if that is none."""
    low, _, high = span.partition(":")
    try:
        return (float(low or 0), float(high or 1)) if span else None
    except ValueError:
        return None


def region_key(scores: Scores, words: str) -> str:
    """Key of the region with this key or, if only one has it, this name.

    Raises
    ------
    RecipeError
        If there is none, or several have the name.
    """
    from difflib import get_close_matches

    from layers.table import names

    called = names(scores)
    if words in called.index:
        return words
    meant = called.index[called.str.casefold() == words.casefold()]
    if len(meant) == 1:
        return str(meant[0])
    if len(meant) > 1:
        msg = f"region '{words}' is the name of {', '.join(map(str, meant))}; name one key."
        raise _refusal(msg)
    near = get_close_matches(words, [*called, *called.index], n=3, cutoff=0.5)
    hint = f"did you mean {', '.join(near)}?" if near else f"keys look like '{called.index[0]}'."
    raise _refusal(f"unknown region '{words}'; {hint}")


def choices(
    scores: Scores, file: Path | None, typed: Iterable[str], *, whole: bool
) -> dict[str, Values]:
    """Return the choices of a file, else the standard ones; typed ones stand alone or on top."""
    from layers.certainty.choices import parse_choice, read_choices, standard_choices

    given: dict[str, Values] = dict(map(parse_choice, typed))
    if file is not None:
        return read_choices(file) | given
    return given or standard_choices(scores.dataset, scores.recipe, whole=whole)


def judgements(path: Path) -> pd.DataFrame:
    """Read a table of numbers (CSV; the first row and column are names); 1/3 is a number as well.

    Raises
    ------
    RecipeError
        If the file cannot be read or a cell is no number; an empty cell is a gap.
    """
    import pandas as pd

    try:
        cells = pd.read_csv(path, index_col=0, dtype=str, comment="#", sep=None, engine="python")
    except (OSError, ValueError, csv.Error) as cause:
        reason = getattr(cause, "strerror", None) or "it is no table of comma-separated values"
        msg = f"{path}: cannot be read ({reason})."
        raise _refusal(msg) from cause
    columns = {
        column: [
            _fraction(cell, path, str(row), str(column)) for row, cell in cells[column].items()
        ]
        for column in cells
    }
    return pd.DataFrame(columns, index=cells.index)


def _fraction(cell: object, path: Path, row: str, column: str) -> float:
    if not isinstance(cell, str) or not cell.strip():
        return float("nan")
    msg = f"{path}: row '{row}', column '{column}': '{cell:.60}' is no number such as 3 or 1/3."
    if not _NUMBER.fullmatch(cell.strip()):
        raise _refusal(msg)
    try:
        return float(Fraction(cell.strip()))
    except (ValueError, ZeroDivisionError) as cause:
        raise _refusal(msg) from cause


def check_draws_target(path: Path) -> None:
    """Raise ExportError if the weightings cannot be written there."""
    from geo.publish_study import check_table_target

    check_table_target(path)


def write_draws(scores: Scores, bands: Bands, target: Path, language: str) -> None:
    """Write the weightings behind `bands`, one row per draw."""
    from geo.publish_study import write_table
    from layers.certainty.draws import weightings
    from layers.provenance import provenance

    drawn = weightings(scores, draws=bands.draws, seed=bands.seed, spread=bands.spread)
    write_table(drawn.reset_index(), provenance(scores, bands).lines(language), target)
