"""Reports on self-checks: one with its statistics, or two side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from layers.selfcheck.context import context
from layers.selfcheck.result import compare, field_results, statement_results
from layers.selfcheck.statements import field_of
from layers.study.reports.report import assemble, number, sentence

if TYPE_CHECKING:
    from layers.catalogue import Text
    from layers.score import Scores
    from layers.selfcheck.file import SelfCheck
    from layers.study.reports.report import Report

__all__ = ["report_change", "report_selfcheck"]

#: Columns of the long table of answers.
_ANSWERS = ("person", "name", "role", "date", "field", "statement", "rating", "note")


def report_selfcheck(check: SelfCheck, scores: Scores) -> Report:
    """Report on one self-check.

    Tables: ``selfcheck_fields``, ``selfcheck_statements``, ``selfcheck_answers`` (one row per
    person and statement that was rated or noted), ``selfcheck_steps``, and
    ``selfcheck_indicators``, official values of the region.

    Parameters
    ----------
    scores : Scores
        Of the dataset, whose statistics and provenance the report carries; no score is shown.

    Raises
    ------
    SelfCheckError
        If the dataset does not have the region.
    """
    beside = context(scores.dataset, check.region)
    found = field_results(check)
    tables = {
        "selfcheck_fields": found.reset_index(),
        "selfcheck_statements": statement_results(check).reset_index(),
        "selfcheck_answers": _answers(check),
        "selfcheck_steps": _steps(check),
        "selfcheck_indicators": beside,
    }
    return assemble("selfcheck", tables, [_told(check, found)], scores, settings=_settings(check))


def report_change(before: SelfCheck, after: SelfCheck, scores: Scores) -> Report:
    """Report on what changed between two self-checks.

    Tables: ``selfcheck_change`` (fields) and ``selfcheck_moved`` (statements).

    Raises
    ------
    SelfCheckError
        If they are about different regions.
    """
    found = compare(before, after)
    states = found.statements["state"].value_counts()
    counts = {key: int(states.get(key, 0)) for key in ("rose", "fell", "same", "new", "gone")}
    tables = {
        "selfcheck_change": found.fields.reset_index(),
        "selfcheck_moved": found.statements.reset_index(),
    }
    settings = {"before": _settings(before), "after": _settings(after)}
    words = [sentence("selfcheck_change", **counts)]
    return assemble("selfcheck-compare", tables, words, scores, settings=settings)


def _told(check: SelfCheck, found: pd.DataFrame) -> Text:
    mean = found["mean"].mean()
    return sentence(
        "selfcheck_told", people=sum(bool(one.ratings) for one in check.raters),
        answered=int(found["answered"].sum()), open=int(found["open"].sum()),
        not_ours=int(found["not_ours"].sum()), mean=number(mean, 1) if pd.notna(mean) else "–",
    )  # fmt: skip


def _settings(check: SelfCheck) -> dict[str, object]:
    return {
        "region": check.region, "place": check.place, "people": len(check.raters),
        "date": check.date.isoformat() if check.date else "",
    }  # fmt: skip


def _answers(check: SelfCheck) -> pd.DataFrame:
    rows = [
        (
            number, one.name, one.role, one.date.isoformat(), field_of(key), key,
            str(one.ratings.get(key, "")), one.notes.get(key, ""),
        )
        for number, one in enumerate(check.raters, start=1)
        for key in dict.fromkeys([*one.ratings, *one.notes])
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(_ANSWERS))


def _steps(check: SelfCheck) -> pd.DataFrame:
    """Everything chosen, one row each: strengths, gaps and next steps."""
    chosen = check.chosen
    rows = [("strength", key, "", "") for key in chosen.strengths]
    rows += [("gap", key, "", "") for key in chosen.gaps]
    rows += [("step", one.text, one.who, one.until) for one in chosen.next_steps]
    return pd.DataFrame(rows, columns=["kind", "text", "who", "until"])
