"""Part of a report: services beside newcomers, a row for each service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from views.charts.tables import html_table
from views.parts.strain_words import confirmed, look, places, replaced
from views.report.tags import note, section

if TYPE_CHECKING:
    from views.parts.strain_words import Look, Place
    from views.report.background import Background

__all__ = ["strain"]

_COLUMNS = (
    "service",
    "in_words",
    "report_supply",
    "supplied",
    "report_newcomers",
    "report_than",
    "report_same",
)


def strain(region: str, shared: Background) -> str:
    """Return the section; nothing where the dataset has no such data."""
    words = shared.words
    seen = look(region, shared.scores, words)
    found = places(seen)
    if not found:
        return ""
    head = [words(f"strain.{column}") for column in _COLUMNS]
    told = [words("strain.report_note"), replaced(seen), *_far(found, seen)]
    return section(
        words("strain.heading"),
        html_table(
            head, [_row(one, seen) for one in found], label=words("strain.heading"), texts=2
        ),
        note(" ".join(filter(None, told))), kind="strain",
    )  # fmt: skip


def _row(one: Place, seen: Look) -> list[str]:
    words = seen.words
    cells = [words.of(one.service.name), one.told]
    for row in (one.supply, one.newcomers):
        cells += [_value(row, seen), words.percent(row["percentile"] / 100)]
    return [*cells, confirmed(seen, one, "report_pairs")]


def _value(row: dict[str, Any], seen: Look) -> str:
    return seen.words("strain.report_value", value=seen.written(row), year=row["year"])


def _far(found: list[Place], seen: Look) -> list[str]:
    """Name the measures of newcomers whose value an institution probably drives."""
    keys = dict.fromkeys(one.newcomers["indicator"] for one in found if one.newcomers["far"])
    return [seen.words("strain.report_far", indicator=seen.called(key)) for key in keys]
