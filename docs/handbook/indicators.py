"""Every indicator of the embedded dataset: what it is, how it is read, and what data there are."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from handbook.common import kreise, say, table
from views.i18n import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from layers import Indicator, Layer
    from views.i18n import Language

__all__ = ["indicators", "overview"]

_DIRECTION = {"+": "more_is_better", "-": "less_is_better", "0": "not_scored"}
_PAGE_OF_SOURCES = "../data/sources.md"


def overview(language: Language, _rest: str) -> str:
    """One row per indicator: layer, unit, direction, newest year, regions with a value."""
    catalogue, newest = kreise().catalogue, kreise().select()
    rows = [
        (
            catalogue.layer_by_id[catalogue.layer_of[key]].name[language],
            f"[{one.name[language]}](#{key})",
            one.unit[language],
            _direction(one, language),
            newest.years[key],
            int(newest.values[key].notna().sum()),
        )
        for key, one in catalogue.indicator_by_id.items()
    ]
    heads = ("area", "indicator", "unit", "direction", "newest_year", "with_value")
    return table([say(head, language) for head in heads], rows)


def indicators(language: Language, _rest: str) -> str:
    """All layers with their indicators, each in full."""
    return "\n\n".join(_layer(one, language) for one in kreise().catalogue.layers)


def _layer(layer: Layer, language: Language) -> str:
    parts = [
        f"## {layer.name[language]} {{#layer-{layer.id}}}",
        f"*{layer.description[language]}* {layer.rationale[language]}",
        say("layer_contested", language) if layer.contested else "",
        say("layer_key", language, key=layer.id),
        *(_indicator(one, language) for one in layer.indicators),
    ]
    return "\n\n".join(filter(None, parts))


def _indicator(one: Indicator, language: Language) -> str:
    reason = f"*{say('why', language)}* {one.rationale[language]}" if one.direction != "0" else ""
    told = reason or one.rationale[language]
    facts = "\n".join(f"* {line}" for line in _facts(one, language))
    parts = [f"### {one.name[language]} {{#{one.id}}}", one.definition[language], told, facts]
    return "\n\n".join(filter(None, parts))


def _facts(one: Indicator, language: Language) -> Iterator[str]:
    yield say("key_unit", language, key=one.id, unit=one.unit[language])
    contested = f" {say('contested', language)}" if one.contested else ""
    yield f"{say('direction', language)}: {_direction(one, language)}.{contested}"
    if one.weight != 1:
        yield say("weight", language, weight=words(language).number(one.weight, 1))
    if one.scale is not None:
        yield say("scale", language, low=one.scale[0], high=one.scale[1])
    yield _years(one, language)
    if flagged := _flagged(one, language):
        yield flagged
    yield _source(one, language)


def _years(one: Indicator, language: Language) -> str:
    """Which years there are, and how many regions have a value in the newest one."""
    table = _known(one.id)
    years = sorted(table["year"].unique())
    newest = kreise().select().values[one.id]
    span = str(years[-1]) if len(years) == 1 else f"{years[0]}–{years[-1]}"
    return say(
        "years", language, span=span, count=len(years), newest=years[-1],
        present=int(newest.notna().sum()), of=len(newest),
    )  # fmt: skip


def _flagged(one: Indicator, language: Language) -> str:
    """How many of the newest values carry which flag."""
    selection = kreise().select()
    flags = selection.flags.loc[selection.values[one.id].notna(), one.id].astype(str)
    counts = flags.str.split().explode().dropna().value_counts()
    told = [f"{words(language)(f'flag.{flag}')}: {count}" for flag, count in counts.items()]
    return say("flagged", language, told=", ".join(told)) if told else ""


def _source(one: Indicator, language: Language) -> str:
    """Name the sources of all years, the catalogue's own first, each with its place on its page."""
    others = set(_known(one.id)["source"].unique()) - {"", one.source}
    links = [
        f"[{kreise().sources[key].title[language]}]({_PAGE_OF_SOURCES}#{key})"
        for key in (one.source, *sorted(others))
    ]
    code = say("code", language, code=one.source_code) if one.source_code else ""
    return f"{say('source', language)}: {'; '.join(links)}{code}"


def _known(indicator: str) -> pd.DataFrame:
    return _by_indicator()[indicator]


@cache
def _by_indicator() -> dict[str, pd.DataFrame]:
    known = kreise().values.dropna(subset="value")
    return {str(key): rows for key, rows in known.groupby("indicator", observed=True)}


def _direction(one: Indicator, language: Language) -> str:
    return say(_DIRECTION[one.direction], language)
