"""What a self-check says: per field and statement, over raters, and between two dates.

All functions are pure, and none depends on the order of the raters. Ratings run from 0 (not at all)
to 4 (fully); "not our competence" and what is not answered enter no mean, and are counted.

For rater r and field f with the answered statements S(r, f):

    m(r, f) = mean of the ratings over S(r, f)
    M(f)    = mean of m(r, f) over all raters with at least one answer in f

so that every rater counts once, however many statements were answered. The spread between raters
is the lowest and the highest m(r, f) and their sample deviation (n - 1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from layers.errors import SelfCheckError
from layers.selfcheck.file import NOT_OURS
from layers.selfcheck.statements import field_of, fields, statements

if TYPE_CHECKING:
    from layers.selfcheck.file import SelfCheck

__all__ = [
    "Comparison", "by_rater", "compare", "disagreement", "field_results", "gaps_first", "ratings",
    "statement_results", "strengths_first",
]  # fmt: skip

#: Where changes are smaller than this, nothing has changed: sums of tenths round.
_HAIR = 1e-9


def ratings(check: SelfCheck) -> pd.DataFrame:
    """Raters (numbered from 0) x statements, 0 to 4; NaN where there is no such answer."""
    rows = [
        [
            value if isinstance(value := one.ratings.get(key), int) else np.nan
            for key in statements()
        ]
        for one in check.raters
    ]
    return pd.DataFrame(rows, columns=list(statements()), dtype="float64")


def by_rater(check: SelfCheck) -> pd.DataFrame:
    """Raters x fields: each rater's mean over the statements answered, NaN without an answer."""
    return _field_means(ratings(check))


def field_results(check: SelfCheck) -> pd.DataFrame:
    """Work out the result of every field.

    Returns
    -------
    DataFrame
        By field: ``mean``, ``lowest``, ``highest`` and ``sd`` over the raters (0 to 4; NaN without
        an answer, sd also with one rater), ``raters`` with an answer, and over all raters and
        statements the number ``answered``, ``not_ours`` and ``open``.
    """
    table = _spread(by_rater(check))
    counts = _counts(check)
    field = [field_of(key) for key in counts.index]
    return table.join(counts.groupby(field).sum()).rename_axis("field")


def statement_results(check: SelfCheck) -> pd.DataFrame:
    """Work out the result of every statement: as `field_results`, but ``field`` for ``raters``."""
    table = _spread(ratings(check)).drop(columns="raters").join(_counts(check))
    table.insert(0, "field", [field_of(str(key)) for key in table.index])
    return table.rename_axis("statement")


def disagreement(check: SelfCheck, count: int = 5) -> pd.DataFrame:
    """Return the statements on which raters differ most, the widest range first.

    Equal ranges are ordered by deviation, then as they are asked. Statements on which nobody
    differs are left out.
    """
    table = statement_results(check)
    table["range"] = table["highest"] - table["lowest"]
    apart = table[table["range"] > 0]
    return apart.sort_values(["range", "sd"], ascending=False, kind="stable").head(count)


def strengths_first(check: SelfCheck) -> list[str]:
    """List answered statements, the best rated first; among equals, where raters agree more.

    An order to choose from, no judgement.
    """
    return _ordered(check, best_first=True)


def gaps_first(check: SelfCheck) -> list[str]:
    """List answered statements, the lowest rated first; see `strengths_first`."""
    return _ordered(check, best_first=False)


class Comparison(NamedTuple):
    """Two self-checks of one place side by side.

    Attributes
    ----------
    fields : DataFrame
        By field: ``before`` and ``after`` (over the statements that somebody answered both times,
        the mean of their means over the raters), ``change``, the mean of their changes, and
        ``statements``, their number.
    statements : DataFrame
        By statement: ``field``, ``before``, ``after``, ``change``, ``state``: "rose", "fell",
        "same", "new" (answered the second time only), "gone" (the first time only), "open".
    """

    fields: pd.DataFrame
    statements: pd.DataFrame


def compare(before: SelfCheck, after: SelfCheck) -> Comparison:
    """Compare two self-checks; a change is counted only where there are answers both times.

    Raises
    ------
    SelfCheckError
        If they are about different regions (code "other_region").
    """
    if before.region != after.region:
        msg = f"region '{before.region}' is not '{after.region}'; only one place can be compared."
        raise SelfCheckError(msg, code="other_region")
    first, second = ratings(before), ratings(after)
    table = pd.DataFrame({"before": _mean(first), "after": _mean(second)})
    table.insert(0, "field", [field_of(str(key)) for key in table.index])
    table["change"] = table["after"] - table["before"]
    table["state"] = _states(table)
    order = [one.id for one in fields()]
    both = table[table["change"].notna()].groupby("field")
    whole = both[["before", "after", "change"]].mean().reindex(order)
    whole["statements"] = both.size().reindex(order).fillna(0).astype("int64")
    return Comparison(whole.rename_axis("field"), table.rename_axis("statement"))


def _field_means(table: pd.DataFrame) -> pd.DataFrame:
    """Means of each row over the statements of each field; 40 whole numbers add up exactly."""
    means = {
        field.id: table[[key for key in field.asked if key in table]].mean(axis=1)
        for field in fields()
    }
    return pd.DataFrame(means, index=table.index, dtype="float64")


def _mean(table: pd.DataFrame) -> pd.Series:
    """Mean of every column over its answers; sorted, since rounding depends on the order."""
    ordered = np.sort(table.to_numpy(dtype=np.float64), axis=0)
    known = (~np.isnan(ordered)).sum(axis=0)
    with np.errstate(invalid="ignore"):
        means = np.where(known > 0, np.nansum(ordered, axis=0) / known, np.nan)
    return pd.Series(means, index=table.columns)


def _spread(table: pd.DataFrame) -> pd.DataFrame:
    """Mean, ends and sample deviation of every column over the raters."""
    ordered = pd.DataFrame(np.sort(table.to_numpy(dtype=np.float64), axis=0), columns=table.columns)
    mean = _mean(table)
    # A mean of equal numbers may round to beside them.
    low, high = table.min(), table.max()
    return pd.DataFrame(
        {
            "mean": mean.clip(low, high), "lowest": low, "highest": high, "sd": ordered.std(ddof=1),
            "raters": table.notna().sum(),
        }
    )  # fmt: skip


def _counts(check: SelfCheck) -> pd.DataFrame:
    """By statement: how many raters answered, passed it on, and left it open."""
    said = pd.DataFrame(
        [[one.ratings.get(key) for key in statements()] for one in check.raters],
        columns=list(statements()), dtype=object,
    )  # fmt: skip
    not_ours, left = (said == NOT_OURS).sum(), said.isna().sum()
    return pd.DataFrame(
        {"answered": len(said) - not_ours - left, "not_ours": not_ours, "open": left}
    ).astype("int64")


def _ordered(check: SelfCheck, *, best_first: bool) -> list[str]:
    table = statement_results(check)
    known = table[table["answered"] > 0].assign(
        order=lambda one: -one["mean"] if best_first else one["mean"],
        apart=lambda one: one["highest"] - one["lowest"],
    )
    return [str(key) for key in known.sort_values(["order", "apart"], kind="stable").index]


def _states(table: pd.DataFrame) -> pd.Series:
    first, second = table["before"].notna(), table["after"].notna()
    words = np.select(
        [
            ~first & ~second, ~first, ~second, table["change"] > _HAIR, table["change"] < -_HAIR
        ],
        ["open", "new", "gone", "rose", "fell"], default="same",
    )  # fmt: skip
    return pd.Series(words, index=table.index)
