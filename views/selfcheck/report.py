"""The self-check to print: an HTML file that needs nothing else, or a tagged PDF.

What people entered is escaped wherever it stands.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from layers.selfcheck.result import by_rater, disagreement, field_results, statement_results
from layers.selfcheck.statements import TOP, fields, source, statements
from views.charts.tables import html_table
from views.report.tags import note, paragraph, scrolling, section, side_by_side
from views.selfcheck import tables

if TYPE_CHECKING:
    from collections.abc import Iterable

    from layers.dataset import Dataset
    from layers.selfcheck.file import SelfCheck
    from layers.selfcheck.statements import CheckField
    from views.i18n import Words

__all__ = ["FORMATS", "Format", "to_bytes"]

Format = Literal[".pdf", ".html"]
FORMATS: tuple[Format, ...] = (".pdf", ".html")
_STYLE = Path(__file__).with_name("report.css")
#: Width of a bar from 0 to 4, in tenths of a millimetre, and its margins for rings.
_WIDTH, _EDGE, _HEIGHT = 700, 16, 46
_ACCENT, _PALE = "#1f5a7a", "#c9c5bb"
_LINE = "stroke='#1c1c1c' stroke-width='3'"


def to_bytes(
    check: SelfCheck, names: list[str], dataset: Dataset, words: Words, suffix: Format
) -> bytes:  # fmt: skip
    """Return the report as a file.

    Parameters
    ----------
    names : list of str
        How the raters are called, in their order.

    Raises
    ------
    ExportError
        If a PDF is asked for and cannot be made on this machine.
    """
    if suffix == ".html":
        from views.report.fonts import embedded

        return _html(check, names, dataset, words, embedded()).encode()
    from views.printing import to_pdf

    return to_pdf(_html(check, names, dataset, words, ""))


def _html(
    check: SelfCheck, names: list[str], dataset: Dataset, words: Words, fonts: str
) -> str:  # fmt: skip
    region = tables.region_name(dataset, check.region)
    title = words("selfcheck.report_title", name=check.place or region)
    body = "".join([
        _head(check, names, region, words), _result(check, words), _conclusions(check, words),
        _apart(check, words), _context(check, dataset, region, words),
        _statements(check, names, words), note(words.of(source())),
    ])  # fmt: skip
    about = escape(words("selfcheck.report_description"), quote=True)
    return (
        f"<!DOCTYPE html><html lang='{words.language}'><head><meta charset='utf-8'>"
        f"<title>{escape(title)}</title><meta name='description' content='{about}'>"
        "<meta name='author' content='Potenzialatlas'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<style>{fonts}{_STYLE.read_text(encoding='utf-8')}{_margins(words)}</style></head>"
        f"<body><main>{body}</main></body></html>"
    )


def _margins(words: Words) -> str:
    page, of = f'"{words("selfcheck.report_page")} "', f'"{words("selfcheck.report_of")} "'
    return f'@page {{ @bottom-right {{ content: {page} counter(page) " " {of} counter(pages) }} }}'


def _head(check: SelfCheck, names: list[str], region: str, words: Words) -> str:
    where = region
    if check.place:
        where = words("selfcheck.report_place", place=check.place, region=region)
    day = tables.day_words(check.date, words)
    people = words("selfcheck.report_nobody")
    if there := [name for name, one in zip(names, check.raters, strict=True) if one.ratings]:
        people = words("selfcheck.report_raters", count=len(there), names="; ".join(there))
    lines = [words("selfcheck.report_date", date=day), people]
    return (
        f"<header><p class='kind'>{escape(words('selfcheck.report_kind'))}</p>"
        f"<h1>{escape(where)}</h1></header>"
        + "".join(f"<p>{escape(one)}</p>" for one in lines)
        + note(words("selfcheck.report_about"))
    )


def _result(check: SelfCheck, words: Words) -> str:
    """Bars of the fields, with the numbers beside them."""
    found, people = field_results(check), by_rater(check)
    rows = [
        [escape(words.of(one.name)), _bar(one, found, people, words),
         *(words.number(found[key][one.id], 1) for key in ("mean", "lowest", "highest", "sd")),
         *(words.number(found[key][one.id]) for key in ("answered", "not_ours", "open"))]
        for one in fields()
    ]  # fmt: skip
    heads = [words("selfcheck_col.field"), f"0–{TOP}"]
    heads += [words(f"selfcheck_col.{key}") for key in (
        "mean", "lowest", "highest", "sd", "answered", "not_ours", "open")]  # fmt: skip
    head = "".join(f"<th scope='col'>{escape(one)}</th>" for one in heads)
    body = "".join(
        f"<tr><th scope='row'>{row[0]}</th>" + "".join(f"<td>{cell}</td>" for cell in row[1:])
        + "</tr>" for row in rows
    )  # fmt: skip
    label = words("selfcheck.result")
    return section(
        label,
        scrolling(f"<table class='fields'><thead><tr>{head}</tr></thead><tbody>{body}</tbody>"
                  "</table>", label),
        note(f"{words('selfcheck.chart_note')} {words('selfcheck.result_note')}"),
    )  # fmt: skip


def _bar(field: CheckField, found: pd.DataFrame, people: pd.DataFrame, words: Words) -> str:
    """One field from 0 to 4: bar of the mean, ring of every person, line between the ends."""
    name, middle = words.of(field.name), _HEIGHT // 2
    row: dict[Any, Any] = found.loc[field.id].to_dict()
    ticks = "".join(f"M{_at(value)} 4v{_HEIGHT - 8}" for value in range(TOP + 1))
    parts = [f"<path d='{ticks}' stroke='{_PALE}' stroke-width='1.6'/>"]
    title = words("selfcheck.report_bar_none", field=name)
    if pd.notna(row["mean"]):
        title = words(
            "selfcheck.report_bar", field=name, mean=words.number(row["mean"], 1),
            low=words.number(row["lowest"], 1), high=words.number(row["highest"], 1),
        )  # fmt: skip
        width = float(_at(row["mean"])) - _EDGE
        parts += [
            f"<path d='M{_EDGE} {middle}h{width:.1f}' stroke='{_ACCENT}' stroke-width='14'/>",
            f"<path d='M{_at(row['lowest'])} {middle}H{_at(row['highest'])}' {_LINE}/>",
        ]
        parts += [
            f"<circle cx='{_at(value)}' cy='{middle}' r='9' fill='#fff' {_LINE}/>"
            for value in people[field.id].dropna()
        ]
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' role='img' viewBox='0 0 {_WIDTH} {_HEIGHT}' "
        f"width='{_WIDTH / 10:g}mm' height='{_HEIGHT / 10:g}mm'><title>{escape(title)}</title>"
        f"{''.join(parts)}</svg>"
    )


def _at(value: float) -> str:
    return f"{_EDGE + (_WIDTH - 2 * _EDGE) * value / TOP:.1f}"


def _conclusions(check: SelfCheck, words: Words) -> str:
    chosen, parts = check.chosen, []
    for what in ("strengths", "gaps"):
        keys: tuple[str, ...] = getattr(chosen, what)
        if keys:
            parts.append(
                f"<h3>{escape(words(f'selfcheck.{what}'))}</h3>"
                + _list(words.of(statements()[key]) for key in keys)
            )
    shown = [side_by_side(*parts)] if parts else []
    if chosen.next_steps:
        head = [words(f"selfcheck.{key}") for key in ("step", "who", "until")]
        rows = [[one.text, one.who, one.until] for one in chosen.next_steps]
        label = words("selfcheck.steps")
        shown.append(f"<h3>{escape(label)}</h3>" + html_table(head, rows, label=label, texts=3))
    return section(words("selfcheck.conclusions"), *shown) if shown else ""


def _list(items: Iterable[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(one)}</li>" for one in items) + "</ul>"


def _apart(check: SelfCheck, words: Words) -> str:
    found = disagreement(check)
    if found.empty:
        return ""
    label = words("selfcheck.apart")
    shown = tables.statement_rows(found, words, counts=False)
    return section(label, html_table(shown.head, shown.rows, label=label), kind="statements")


def _context(check: SelfCheck, dataset: Dataset, region: str, words: Words) -> str:
    parts = []
    for key, shown in tables.context_rows(dataset, check.region, words).items():
        name = next(words.of(one.name) for one in fields() if one.id == key)
        parts.append(f"<h3>{escape(name)}</h3>")
        if shown.rows:
            parts += [html_table(shown.head, shown.rows, label=name), note(shown.note)]
        else:
            parts.append(paragraph(tables.gap_words(dataset, key, words)))
    return section(
        words("selfcheck.context", name=region), *parts, note(words("selfcheck.context_note")),
        kind="context",
    )  # fmt: skip


def _statements(check: SelfCheck, names: list[str], words: Words) -> str:
    table, notes = statement_results(check), tables.note_lines(check, names, words)
    parts = []
    for field in fields():
        name = words.of(field.name)
        shown = tables.statement_rows(table[table["field"] == field.id], words)
        parts += [f"<h3>{escape(name)}</h3>", html_table(shown.head, shown.rows, label=name)]
        parts += [
            f"<p class='note'><em>{escape(words.of(statements()[key]))}</em></p>{_list(lines)}"
            for key, lines in notes.items() if key in field.asked
        ]  # fmt: skip
    return section(words("selfcheck.statements"), *parts, kind="statements")
