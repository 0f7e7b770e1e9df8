"""Recipe <-> URL query: the same fields in short form, defaults left out.

=========  ==========================================  ==========================
key        field                                       example
=========  ==========================================  ==========================
``n``      name in German                              ``n=Mein+Rezept``
``ne``     name in English, where it differs           ``ne=My+recipe``
``d``      dataset                                     ``d=kreise@2026.1``
``y``      year                                        ``y=2019``
``f.COL``  filter by values                            ``f.land=01~13``
``fr.COL`` filter by an interval, ends may be open     ``fr.density=~150``
``ref``    reference.set                               ``ref=filtered``
``nm``     normalise.method                            ``nm=zscore``
``nr``     normalise.range                             ``nr=1~100``
``nz``     normalise.mean and sd                       ``nz=0~1``
``nc``     normalise.constant                          ``nc=drop``
``ag``     aggregate.method                            ``ag=geometric``
``mc``     aggregate.min_coverage                      ``mc=0.5``
``ti``     ties                                        ``ti=average``
``w.ID``   weight of a layer                           ``w.housing=2``
``wi.ID``  weight of an indicator                      ``wi.vacancy_rate=0``
``dl.ID``  direction of a layer: up, down, off         ``dl.demography=down``
``di.ID``  direction of an indicator                   ``di.foreign_share=up``
=========  ==========================================  ==========================

The description is for files and is not part of a link. Several values are joined by ``~``; in text
values ``%`` and ``~`` are written ``%25`` and ``%7E``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from layers.errors import RecipeError
from layers.recipe import Range, Recipe

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["from_query", "is_recipe_key", "to_query"]

_SEPARATOR = "~"
_WORD = {"+": "up", "-": "down", "0": "off"}
_SIGN = {word: sign for sign, word in _WORD.items()}
#: Query prefix -> part of the recipe and prefix of the key there.
_KEYED = {
    "w.": ("weights", "layer:"),
    "wi.": ("weights", "indicator:"),
    "dl.": ("directions", "layer:"),
    "di.": ("directions", ""),
}
_FILTERS = ("f.", "fr.")


class _Field(NamedTuple):
    """One plain field: where its values stand in the recipe, how they are written and read."""

    places: tuple[tuple[str, ...], ...]
    write: Callable[[Any], str]
    read: Callable[[str, str], Any]


def is_recipe_key(key: str) -> bool:
    """Whether a query key belongs to the recipe (others belong to the page)."""
    return key in ("n", "ne", *_FIELDS) or key.startswith((*_FILTERS, *_KEYED))


def to_query(recipe: Recipe) -> dict[str, str]:
    """Return the recipe as query fields; defaults are left out."""
    default = Recipe()
    query = {}
    if recipe.name.de != default.name.de:
        query["n"] = recipe.name.de
    if recipe.name.en != _english(recipe.name.de, default):
        query["ne"] = recipe.name.en
    for key, field in _FIELDS.items():
        text = _written(field, recipe)
        if text != _written(field, default):
            query[key] = text
    query |= dict(_condition(column, allowed) for column, allowed in recipe.filter.items())
    query |= {_short("weights", key): _number(weight) for key, weight in recipe.weights.items()}
    return query | {
        _short("directions", key): _WORD[sign] for key, sign in recipe.directions.items()
    }


def from_query(
    query: Mapping[str, str], *, columns: Mapping[str, Any] | pd.DataFrame | None = None
) -> Recipe:
    """Read a recipe from query fields; keys of the page are ignored.

    Parameters
    ----------
    query : mapping
        Decoded query fields.
    columns : DataFrame, optional
        The regions table: filter values take the type of their column, so that ``01`` stays text
        where keys are text and becomes a number where the column holds numbers.

    Raises
    ------
    RecipeError
        If a field is damaged; names field and value.
    """
    content: dict[str, Any] = {"name": _name(query)}
    for key, text in query.items():
        prefix, _, name = key.partition(".")
        if key in _FIELDS:
            _put(content, _FIELDS[key], key, text)
        elif f"{prefix}." in _KEYED:
            part, kind = _KEYED[f"{prefix}."]
            read = _float if part == "weights" else _direction
            content.setdefault(part, {})[kind + name] = read(key, text)
        elif f"{prefix}." in _FILTERS:
            read_all = _items if prefix == "f" else _range
            content.setdefault("filter", {})[name] = read_all(key, text, columns)
    return Recipe.parse(content, where="link")


def _name(query: Mapping[str, str]) -> dict[str, str]:
    german = query.get("n", Recipe().name.de)
    return {"de": german, "en": query.get("ne", _english(german, Recipe()))}


def _english(german: str, default: Recipe) -> str:
    return default.name.en if german == default.name.de else german


def _written(field: _Field, recipe: Recipe) -> str:
    return _SEPARATOR.join(field.write(_get(recipe, place)) for place in field.places)


def _get(recipe: Recipe, place: tuple[str, ...]) -> Any:
    value: Any = recipe
    for name in place:
        value = value[int(name)] if name.isdecimal() else getattr(value, name)
    return value


def _put(content: dict[str, Any], field: _Field, key: str, text: str) -> None:
    texts = text.split(_SEPARATOR) if len(field.places) > 1 else [text]
    if len(texts) != len(field.places):
        raise _damaged(key, text, "two numbers such as 0~100")
    values = [field.read(key, one) for one in texts]
    if field is _FIELDS["nr"]:
        content.setdefault("normalise", {})["range"] = values
        return
    for place, value in zip(field.places, values, strict=True):
        part = content
        for name in place[:-1]:
            part = part.setdefault(name, {})
        part[place[-1]] = value


def _short(part: str, key: str) -> str:
    return next(
        short + key.removeprefix(kind)
        for short, (of, kind) in _KEYED.items()
        if of == part and key.startswith(kind)
    )


def _condition(column: str, allowed: Range | list[Any]) -> tuple[str, str]:
    if isinstance(allowed, Range):
        ends = ("" if end is None else _number(end) for end in (allowed.min, allowed.max))
        return f"fr.{column}", _SEPARATOR.join(ends)
    return f"f.{column}", _SEPARATOR.join(map(_item, allowed))


def _item(value: Any) -> str:
    if isinstance(value, str):
        return value.replace("%", "%25").replace(_SEPARATOR, "%7E")
    return str(value).lower() if isinstance(value, bool | int) else _number(value)


def _items(key: str, text: str, columns: Any) -> list[Any]:
    column = key.partition(".")[2]
    kind = columns[column] if columns is not None and column in columns else None
    return [_read_item(key, one, kind) for one in text.split(_SEPARATOR)]


def _read_item(key: str, text: str, column: Any) -> str | int | float | bool:
    if column is not None and pd.api.types.is_bool_dtype(column) and text in {"true", "false"}:
        return text == "true"
    if column is not None and pd.api.types.is_numeric_dtype(column):
        return int(text) if re.fullmatch(r"-?[0-9]{1,30}", text) else _float(key, text)
    return text.replace("%7E", _SEPARATOR).replace("%25", "%")


def _range(key: str, text: str, _: Any) -> dict[str, float]:
    low, separator, high = text.partition(_SEPARATOR)
    if not separator:
        raise _damaged(key, text, "an interval such as 10~20, one end may be empty")
    return {name: _float(key, end) for name, end in (("min", low), ("max", high)) if end}


def _direction(key: str, text: str) -> str:
    if text not in _SIGN:
        raise _damaged(key, text, "up, down or off")
    return _SIGN[text]


def _text(_: str, text: str) -> str:
    return text


def _year(_: str, text: str) -> str | int:
    return int(text) if re.fullmatch(r"[0-9]{4}", text) else text


def _number(value: float) -> str:
    """Shortest text that reads back as the same number."""
    return repr(float(value)).removesuffix(".0")


def _float(key: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise _damaged(key, text, "a number") from None


def _damaged(key: str, text: str, allowed: str) -> RecipeError:
    return RecipeError(f"link: '{key}={text:.60}' is damaged; expected {allowed}.")


_FIELDS = {
    "d": _Field((("dataset",),), str, _text),
    "y": _Field((("year",),), str, _year),
    "ref": _Field((("reference", "set"),), str, _text),
    "nm": _Field((("normalise", "method"),), str, _text),
    "nr": _Field((("normalise", "range", "0"), ("normalise", "range", "1")), _number, _float),
    "nz": _Field((("normalise", "mean"), ("normalise", "sd")), _number, _float),
    "nc": _Field((("normalise", "constant"),), str, _text),
    "ag": _Field((("aggregate", "method"),), str, _text),
    "mc": _Field((("aggregate", "min_coverage"),), _number, _float),
    "ti": _Field((("ties",),), str, _text),
}
