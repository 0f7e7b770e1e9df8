"""Every key of a recipe, from the models that read it, and the keys of a link."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from handbook.common import content_of, kreise, say, table
from layers import Recipe
from layers import query as links
from layers.paths import data_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from views.i18n import Language

__all__ = ["presets", "query", "recipe"]

Schema = dict[str, Any]
#: Parts of a recipe that are tables of their own, in the order of the stages.
_PARTS = (
    "kinds", "reference", "denominate", "screen", "impute", "treat", "normalise", "aggregate",
    "members",
)  # fmt: skip
_LIMITS = {
    "minimum": "≥ {}", "exclusiveMinimum": "> {}", "maximum": "≤ {}", "maxLength": "≤ {}",
    "maxItems": "≤ {}",
}  # fmt: skip
_BOTH_ENDS = {"minimum", "maximum"}
#: Beyond this a limit only keeps numbers finite.
_ENDLESS = 10**9


def recipe(language: Language, _rest: str) -> str:
    """Tables of all keys: what is allowed, what holds if nothing is said, what it means."""
    schema = Recipe.model_json_schema()
    models, top = schema["$defs"], schema["properties"]
    plain = {key: one for key, one in top.items() if key not in _PARTS}
    parts = [_keys("", plain, models, language)]
    for part in _PARTS:
        model = models[_model_of(top[part])]
        parts += [f"### `[{part}]`", _meaning(part, language)]
        parts += [_keys(f"{part}.", model["properties"], models, language)]
    return "\n\n".join(parts)


def presets(language: Language, _rest: str) -> str:
    """One row per recipe that comes with the program."""
    paths = sorted((data_folder() / "recipes").glob("*.toml"))
    found = [(path, Recipe.load(path)) for path in paths]
    rows = [
        (f"`data/recipes/{path.name}`", one.name[language], one.description[language])
        for path, one in found
    ]
    return table([say(head, language) for head in ("file", "name", "content")], rows)


def query(language: Language, _rest: str) -> str:
    """Short keys of a link, from the table at the top of `layers.query`."""
    lines = (links.__doc__ or "").splitlines()
    rules = [number for number, line in enumerate(lines) if line.startswith("====")]
    starts = [found.start() for found in re.finditer("=+", lines[rules[0]])]
    spans = [slice(*ends) for ends in zip(starts, [*starts[1:], None], strict=True)]
    rows = [[_code(line[one].strip()) for one in spans] for line in lines[rules[1] + 1 : rules[2]]]
    return table([say(one, language) for one in ("link_key", "field", "example")], rows)


def _keys(prefix: str, fields: Schema, models: Schema, language: Language) -> str:
    rows = (
        (
            f"`{key}`",
            _allowed(one, models, language),
            _default(one),
            _meaning(prefix + key, language),
        )
        for key, one in fields.items()
    )
    return table(
        [say(head, language) for head in ("link_key", "allowed", "default", "meaning")], rows
    )


def _meaning(key: str, language: Language) -> str:
    told: str = content_of("recipe")[key][language]
    return told.format(reference=kreise().reference)


def _model_of(field: Schema) -> str:
    """Name of the model behind a part, be it one table, a table of tables or a list of them."""
    text = str(field)
    found = re.search(r"#/\$defs/(\w+)", text)
    if found is None:
        raise KeyError(f"the part holds no model: {text}")
    return found[1]


def _allowed(field: Schema, models: Schema, language: Language) -> str:
    return " / ".join(_kinds(field, models, language))


def _kinds(field: Schema, models: Schema, language: Language) -> Iterator[str]:
    """Name what a field takes, alternative by alternative."""
    if choices := field.get("anyOf") or field.get("oneOf"):
        told = [kind for one in choices for kind in _kinds(one, models, language)]
        yield from dict.fromkeys(told)
    elif words := field.get("enum") or [field[key] for key in ("const",) if key in field]:
        yield from (f"`{one}`" for one in words)
    elif "$ref" in field:
        inner = models[field["$ref"].rpartition("/")[2]]["properties"]
        yield f"`{{ {', '.join(inner)} }}`"
    elif field.get("type") != "null":
        yield _holder(field, models, language) or _plain_kind(field, language)


def _holder(field: Schema, models: Schema, language: Language) -> str:
    """Name a table, a pair or a list with what it holds; "" for anything else."""
    if each := field.get("additionalProperties") or field.get("patternProperties"):
        inner = each if "additionalProperties" in field else next(iter(each.values()))
        return say("table_of", language, what=_allowed(inner, models, language))
    if pair := field.get("prefixItems"):
        return f"[{', '.join(_allowed(one, models, language) for one in pair)}]"
    if field.get("type") == "array":
        what = _allowed(field["items"], models, language)
        return say("list_of", language, what=what) + _limits(field, language)
    return ""


def _plain_kind(field: Schema, language: Language) -> str:
    return say(f"type_{field['type']}", language) + _limits(field, language)


def _limits(field: Schema, language: Language) -> str:
    """Say between which ends a number, a text's length or a list's length may lie."""
    if field.keys() >= _BOTH_ENDS:
        return " " + say(
            "from_to", language, low=_plain(field["minimum"]), high=_plain(field["maximum"])
        )
    told = [
        text.format(_plain(field[key]))
        for key, text in _LIMITS.items()
        if key in field and abs(field[key]) < _ENDLESS
    ]
    return f" {', '.join(told)}" if told else ""


def _plain(number: float) -> str:
    return str(int(number)) if number == int(number) else str(number)


def _default(field: Schema) -> str:
    value = field.get("default")
    if value in (None, "", [], {}) or (isinstance(value, dict) and not any(value.values())):
        return "–"
    if isinstance(value, dict):
        return ", ".join(map(str, value.values()))
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _code(text: str) -> str:
    """Write a cell of the docstring's table as code, where it is marked so or is one key."""
    return re.sub(r"``(.+?)``", r"`\1`", text)
