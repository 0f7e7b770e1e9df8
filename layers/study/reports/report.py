"""What every analysis hands over: tables, their code book, sentences and provenance."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from layers.catalogue import Text
from layers.provenance import Run, provenance
from layers.table import Column, names
from layers.texts import texts

if TYPE_CHECKING:
    import pandas as pd

    from layers.catalogue import Catalogue, Indicator, Layer
    from layers.errors import Notice
    from layers.provenance import Provenance
    from layers.score import Scores

__all__ = ["Report", "assemble", "number", "percent", "sentence", "with_names"]

_COLUMNS = Path(__file__).with_name("columns.toml")
_WORDS = Path(__file__).with_name("words.toml")
_NONE = Text(de="", en="")


@dataclass(frozen=True)
class Report:
    """Answer of one analysis.

    Attributes
    ----------
    name : str
        The analysis, as its command is called.
    tables : dict of DataFrame
        The first is the answer, the others say more. All keys are columns.
    words : tuple of Text
        The answer in sentences.
    about : tuple of Provenance
        Of the scores behind it; two if two runs are compared.
    notices : tuple of Notice
        What was noticed on the way, besides the warnings of the scores.
    """

    name: str
    tables: dict[str, pd.DataFrame]
    words: tuple[Text, ...]
    about: tuple[Provenance, ...]
    notices: tuple[Notice, ...]
    catalogue: Catalogue

    @property
    def settings(self) -> dict[str, Any]:
        """What was run: seeds, draws, limits."""
        run = self.about[0].run
        return dict(run.settings) if run else {}

    def code_book(self, table: str) -> list[Column]:
        """Explain the columns of one of the tables."""
        return explain(table, map(str, self.tables[table].columns), self.catalogue)


def explain(table: str, columns: Any, catalogue: Catalogue) -> list[Column]:
    """Explain columns of a table named `table` from ``columns.toml``.

    A key there is ``table.column`` or ``column``; one that ends with ``*`` explains all columns
    that begin so, the rest being a layer, an indicator or something else that {name} stands for.
    """
    return [_explain(table, column, catalogue) for column in columns]


def _explain(table: str, column: str, catalogue: Catalogue) -> Column:
    known = texts(_COLUMNS)
    for key in (f"{table}.{column}", column):
        if key in known:
            return Column(column, known[key], _NONE)
    for key, text in known.items():
        start = key.rstrip("*").removeprefix(f"{table}.")
        if key.endswith("*") and column.startswith(start):
            return Column(column, _named(text, column.removeprefix(start), catalogue), _NONE)
    msg = f"columns.toml does not explain '{column}' of the table '{table}'"
    raise KeyError(msg)


def _named(text: Text, key: str, catalogue: Catalogue) -> Text:
    known: dict[str, Indicator | Layer] = {**catalogue.indicator_by_id, **catalogue.layer_by_id}
    name = known[key].name if key in known else Text(de=key, en=key)
    return Text(de=text.de.format(name=name.de), en=text.en.format(name=name.en))


def assemble(
    name: str, tables: dict[str, pd.DataFrame], words: list[Text], *scores: Scores,
    settings: dict[str, Any], notices: tuple[Notice, ...] = (),
) -> Report:  # fmt: skip
    """Put a report together; `settings` go into the provenance."""
    run = Run(name, settings)
    about = tuple(provenance(one, run=run) for one in scores)
    return Report(name, tables, tuple(words), about, notices, scores[0].dataset.catalogue)


def with_names(table: pd.DataFrame, scores: Scores) -> pd.DataFrame:
    """Turn an index of regions into the columns ``region`` and ``name``."""
    known = names(scores).reindex(table.index)
    kept = table.copy()
    kept.insert(0, "name", known)
    return kept.rename_axis("region").reset_index()


def sentence(key: str, /, **values: object) -> Text:
    """Return a sentence of ``words.toml`` with its placeholders filled, `Text` by language."""
    text = texts(_WORDS)[key]

    def filled(language: str) -> str:
        chosen = {k: v[language] if isinstance(v, Text) else v for k, v in values.items()}
        return text[language].format(**chosen)

    return Text(de=filled("de"), en=filled("en"))


def number(value: float, decimals: int = 2) -> Text:
    """Return a number as people write it in either language."""
    plain = f"{value:.{decimals}f}"
    return Text(de=plain.replace(".", ","), en=plain)


def percent(share: float, decimals: int = 0) -> Text:
    """Return a share of 1 as a percentage."""
    plain = number(100 * share, decimals)
    return Text(de=f"{plain.de} %", en=f"{plain.en}%")
