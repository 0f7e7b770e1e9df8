"""Recipe <-> URL query: the same fields in short form, defaults left out.

=========  ==========================================  ==========================
key        field                                       example
=========  ==========================================  ==========================
``n``      name in German                              ``n=Mein+Rezept``
``ne``     name in English, where it differs           ``ne=My+recipe``
``d``      dataset                                     ``d=kreise@2026.3``
``ln``     lens                                        ``ln=nap1``
``y``      year                                        ``y=2019``
``f.COL``  filter by values                            ``f.land=01~13``
``fr.COL`` filter by an interval, ends may be open     ``fr.density=~150``
``kz``     kinds.size                                  ``kz=50000~150000``
``ke``     kinds.economy                               ``ke=disposable_income``
``ky``     kinds.first and last                        ``ky=2012~2022``
``kb``     kinds.economy_bounds                        ``kb=-1~1``
``kp``     kinds.population_bounds                     ``kp=-0.5~0.5``
``kn``     kinds.yardstick                             ``kn=none``
``kt``     kinds.trend                                 ``kt=line``
``ref``    reference.set                               ``ref=filtered``
``sm``     screen.minimum                              ``sm=0.5``
``sz``     screen.non_zero                             ``sz=0.1``
``sa``     screen.always                               ``sa=01001~01002``
``sn``     screen.never                                ``sn=16056``
``dn.ID``  denominate: by, scale                       ``dn.doctors=people~1000``
``im``     impute.method                               ``im=group_median``
``ib``     impute.by                                   ``ib=land``
``ik``     impute.neighbours                           ``ik=3``
``ia``     impute.max_age                              ``ia=2``
``tm``     treat.method                                ``tm=winsorise_then_log``
``ts``     treat.skew                                  ``ts=2.5``
``tk``     treat.kurtosis                              ``tk=3``
``tx``     treat.max                                   ``tx=10``
``ta``     treat.always                                ``ta=true``
``nm``     normalise.method                            ``nm=zscore``
``nr``     normalise.range                             ``nr=1~100``
``nz``     normalise.mean and sd                       ``nz=0~1``
``nt``     normalise.truncate                          ``nt=false``
``nc``     normalise.constant                          ``nc=drop``
``ng.ID``  normalise.goalposts                         ``ng.income=10~40``
``no.ID``  normalise.targets (the objective)           ``no.income=30``
``ag``     aggregate.method                            ``ag=geometric``
``mc``     aggregate.min_coverage                      ``mc=0.5``
``ap``     aggregate.p                                 ``ap=0.5``
``ao``     aggregate.order_weights                     ``ao=1~2~3``
``an``     aggregate.penalty: up, down                 ``an=up``
``as``     aggregate.spread                            ``as=0.3``
``ti``     ties                                        ``ti=average``
``w.ID``   weight of a layer                           ``w.housing=2``
``wi.ID``  weight of an indicator                      ``wi.vacancy_rate=0``
``dl.ID``  direction of a layer: up, down, off         ``dl.demography=down``
``di.ID``  direction of an indicator                   ``di.foreign_share=up``
``ii.ID``  impute for one indicator, fields as below   ``ii.income=m!knn~k!3``
``ti.ID``  treat for one indicator                     ``ti.income=m!log``
``al.ID``  aggregate for one layer                     ``al.housing=m!power~p!2``
``av.ID``  aggregate for a level: index, 1, 2, ...     ``av.index=m!geometric``
=========  ==========================================  ==========================

In the last four a field is its letter, ``!`` and its value: for impute m, b, k, a; for treat m, s,
k, x, a; for aggregate m, c (min_coverage), p, n, s, and o (order weights joined by ``!``). The
description is for files and is not part of a link. Several values are joined by ``~``; in text
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

    from layers.recipe import Denominate

__all__ = ["LONGEST", "from_query", "is_recipe_key", "to_query"]

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
_OPEN = "!"
#: Characters of a link that are read; one that names every weight has some 2,000.
LONGEST = 100_000


class _Form(NamedTuple):
    """How one value is written, and read from key and text."""

    write: Callable[[Any], str]
    read: Callable[[str, str], Any]


class _Field(NamedTuple):
    """One plain field: where its values stand in the recipe, how they are written and read."""

    places: tuple[tuple[str, ...], ...]
    write: Callable[[Any], str]
    read: Callable[[str, str], Any]


class _Map(NamedTuple):
    """A part of the recipe that holds one entry per indicator, layer or level."""

    place: tuple[str, ...]
    write: Callable[[Any], str]
    read: Callable[[str, str], Any]


def is_recipe_key(key: str) -> bool:
    """Whether a query key belongs to the recipe (others belong to the page)."""
    return key in ("n", "ne", *_FIELDS) or key.startswith((*_FILTERS, *_KEYED, *_MAPS))


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
    for prefix, one in _MAPS.items():
        entries = _get(recipe, one.place)
        query |= {prefix + key: one.write(entry) for key, entry in entries.items()}
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
    _check_texts(query)
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
        elif f"{prefix}." in _MAPS:
            one = _MAPS[f"{prefix}."]
            _part(content, one.place)[name] = one.read(key, text)
    return Recipe.parse(content, where="link")


def _check_texts(query: Mapping[str, str]) -> None:
    """Refuse what no browser sends: a link without end, and halves of characters."""
    if sum(len(key) + len(text) for key, text in query.items()) > LONGEST:
        raise RecipeError(f"link: has more than {LONGEST:,} characters; copy it from the app.")
    for key, text in query.items():
        try:
            (key + text).encode()
        except UnicodeEncodeError:
            damaged = key.encode("ascii", "replace").decode()
            raise _damaged(damaged, "?", "text of whole characters") from None


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
        value = getattr(value, name)
    return value


def _put(content: dict[str, Any], field: _Field, key: str, text: str) -> None:
    texts = text.split(_SEPARATOR) if len(field.places) > 1 else [text]
    if len(texts) != len(field.places):
        raise _damaged(key, text, "two numbers such as 0~100")
    for place, one in zip(field.places, texts, strict=True):
        _part(content, place[:-1])[place[-1]] = field.read(key, one)


def _part(content: dict[str, Any], place: tuple[str, ...]) -> dict[str, Any]:
    for name in place:
        content = content.setdefault(name, {})
    return content


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
        return _escape(value)
    return str(value).lower() if isinstance(value, bool | int) else _number(value)


def _items(key: str, text: str, columns: Any) -> list[Any]:
    column = key.partition(".")[2]
    kind = columns[column] if columns is not None and column in columns else None
    return [_read_item(key, one, kind) for one in text.split(_SEPARATOR)]


def _read_item(key: str, text: str, column: Any) -> str | int | float | bool:
    if column is not None and pd.api.types.is_bool_dtype(column) and text in {"true", "false"}:
        return text == "true"
    if column is not None and pd.api.types.is_numeric_dtype(column):
        return int(text) if re.fullmatch(r"-?[0-9]{1,19}", text) else _float(key, text)
    return _unescape("", text)


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace(_SEPARATOR, "%7E")


def _unescape(_: str, text: str) -> str:
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
    return RecipeError(f"link: '{key:.60}={text:.60}' is damaged; expected {allowed}.")


def _listed(write: Callable[[Any], str], separator: str = _SEPARATOR) -> Callable[[Any], str]:
    def written(values: Any) -> str:
        return separator.join(map(write, values or ()))

    return written


def _list_of(
    read: Callable[[str, str], Any], separator: str = _SEPARATOR
) -> Callable[[str, str], list[Any]]:
    def values(key: str, text: str) -> list[Any]:
        return [read(key, one) for one in text.split(separator)]

    return values


def _pair(key: str, text: str) -> list[float]:
    parts = text.split(_SEPARATOR)
    if len(parts) != 2:  # noqa: PLR2004 -- a pair
        raise _damaged(key, text, "two numbers such as 0~100")
    return [_float(key, one) for one in parts]


def _whole_number(key: str, text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise _damaged(key, text, "a whole number")
    return int(text)


def _yes(key: str, text: str) -> bool:
    if text not in {"true", "false"}:
        raise _damaged(key, text, "true or false")
    return text == "true"


def _lower(value: object) -> str:
    return str(value).lower()


def _write_rate(rate: Denominate) -> str:
    return _escape(rate.by) + (_SEPARATOR + _number(rate.scale) if rate.scale != 1 else "")


def _read_rate(key: str, text: str) -> dict[str, Any]:
    by, separator, scale = text.partition(_SEPARATOR)
    return {"by": _unescape(key, by)} | ({"scale": _float(key, scale)} if separator else {})


def _changes(place: tuple[str, ...], letters: Mapping[str, tuple[str, _Form]]) -> _Map:
    """Build the form of entries that hold some of several fields: ``m!power~p!2``."""
    of_field = {field: (letter, form) for letter, (field, form) in letters.items()}

    def write(change: Any) -> str:
        given = [(field, value) for field, value in change if value is not None]
        return _SEPARATOR.join(
            of_field[field][0] + _OPEN + of_field[field][1].write(value) for field, value in given
        )

    def read(key: str, text: str) -> dict[str, Any]:
        change = {}
        for part in text.split(_SEPARATOR):
            letter, opened, value = part.partition(_OPEN)
            if letter not in letters or not opened:
                allowed = ", ".join(f"{one}{_OPEN}{field}" for one, (field, _) in letters.items())
                raise _damaged(key, text, f"some of {allowed}, joined by ~")
            field, form = letters[letter]
            change[field] = form.read(key, value)
        return change

    return _Map(place, write, read)


_NUMBER = _Form(lambda value: "" if value is None else _number(value), _float)
_WORDS = _Form(str, _text)
_WHOLE = _Form(str, _whole_number)
_FLAG = _Form(_lower, _yes)
_SIGNED = _Form(lambda sign: _WORD[sign], _direction)
_ESCAPED = _Form(_escape, _unescape)
_NUMBERS = _Form(_listed(_number), _list_of(_float))
_TEXTS = _Form(_listed(_escape), _list_of(_unescape))
_COMBINE = {
    "m": ("method", _WORDS), "c": ("min_coverage", _NUMBER), "p": ("p", _NUMBER),
    "o": ("order_weights", _Form(_listed(_number, _OPEN), _list_of(_float, _OPEN))),
    "n": ("penalty", _SIGNED), "s": ("spread", _NUMBER),
}  # fmt: skip
_MAPS = {
    "dn.": _Map(("denominate",), _write_rate, _read_rate),
    "ng.": _Map(("normalise", "goalposts"), _NUMBERS.write, _pair),
    "no.": _Map(("normalise", "targets"), *_NUMBER),
    "ii.": _changes(("impute", "indicators"), {
        "m": ("method", _WORDS), "b": ("by", _ESCAPED), "k": ("neighbours", _WHOLE),
        "a": ("max_age", _WHOLE),
    }),
    "ti.": _changes(("treat", "indicators"), {
        "m": ("method", _WORDS), "s": ("skew", _NUMBER), "k": ("kurtosis", _NUMBER),
        "x": ("max", _WHOLE), "a": ("always", _FLAG),
    }),
    "al.": _changes(("aggregate", "layers"), _COMBINE),
    "av.": _changes(("aggregate", "levels"), _COMBINE),
}  # fmt: skip
_FIELDS = {
    "d": _Field((("dataset",),), *_WORDS),
    "ln": _Field((("lens",),), *_WORDS),
    "y": _Field((("year",),), str, _year),
    "kz": _Field((("kinds", "size"),), _NUMBERS.write, _pair),
    "ke": _Field((("kinds", "economy"),), *_WORDS),
    "ky": _Field((("kinds", "first"), ("kinds", "last")), *_WHOLE),
    "kb": _Field((("kinds", "economy_bounds"),), _NUMBERS.write, _pair),
    "kp": _Field((("kinds", "population_bounds"),), _NUMBERS.write, _pair),
    "kn": _Field((("kinds", "yardstick"),), *_WORDS),
    "kt": _Field((("kinds", "trend"),), *_WORDS),
    "ref": _Field((("reference", "set"),), *_WORDS),
    "sm": _Field((("screen", "minimum"),), *_NUMBER),
    "sz": _Field((("screen", "non_zero"),), *_NUMBER),
    "sa": _Field((("screen", "always"),), *_TEXTS),
    "sn": _Field((("screen", "never"),), *_TEXTS),
    "im": _Field((("impute", "method"),), *_WORDS),
    "ib": _Field((("impute", "by"),), *_WORDS),
    "ik": _Field((("impute", "neighbours"),), *_WHOLE),
    "ia": _Field((("impute", "max_age"),), *_WHOLE),
    "tm": _Field((("treat", "method"),), *_WORDS),
    "ts": _Field((("treat", "skew"),), *_NUMBER),
    "tk": _Field((("treat", "kurtosis"),), *_NUMBER),
    "tx": _Field((("treat", "max"),), *_WHOLE),
    "ta": _Field((("treat", "always"),), *_FLAG),
    "nm": _Field((("normalise", "method"),), *_WORDS),
    "nr": _Field((("normalise", "range"),), _NUMBERS.write, _pair),
    "nz": _Field((("normalise", "mean"), ("normalise", "sd")), *_NUMBER),
    "nt": _Field((("normalise", "truncate"),), *_FLAG),
    "nc": _Field((("normalise", "constant"),), *_WORDS),
    "ag": _Field((("aggregate", "method"),), *_WORDS),
    "mc": _Field((("aggregate", "min_coverage"),), *_NUMBER),
    "ap": _Field((("aggregate", "p"),), *_NUMBER),
    "ao": _Field((("aggregate", "order_weights"),), *_NUMBERS),
    "an": _Field((("aggregate", "penalty"),), *_SIGNED),
    "as": _Field((("aggregate", "spread"),), *_NUMBER),
    "ti": _Field((("ties",),), *_WORDS),
}
