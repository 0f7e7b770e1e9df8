"""Classes of errors and all codes that an error or a notice can carry, read from the source."""

from __future__ import annotations

import ast
from functools import cache
from inspect import getdoc
from typing import TYPE_CHECKING, NamedTuple

from handbook.common import ROOT, say, table
from layers import errors
from views.i18n import words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from views.i18n import Language

__all__ = ["classes", "codes", "notices"]

_NOTICE = "Notice"
_GAP = "…"


class Case(NamedTuple):
    """One place in the source where an error or a notice is made."""

    kind: str
    code: str
    module: str
    message: str


def classes(language: Language, _rest: str) -> str:
    """All classes of errors with what they mean."""
    found = [
        one for one in vars(errors).values()
        if isinstance(one, type) and issubclass(one, errors.PotenzialatlasError)
    ]  # fmt: skip
    rows = [
        (f"`{one.__name__}`", f"`{one.__bases__[0].__name__}`", (getdoc(one) or "").split("\n")[0])
        for one in found
    ]
    return table([say(head, language) for head in ("class", "below", "meaning")], rows)


def codes(language: Language, _rest: str) -> str:
    """All codes of errors: class, place, and what the command line says."""
    return _listed([one for one in _cases() if one.kind != _NOTICE], language)


def notices(language: Language, _rest: str) -> str:
    """All codes of notices, which stop nothing."""
    return _listed([one for one in _cases() if one.kind == _NOTICE], language)


def _listed(cases: list[Case], language: Language) -> str:
    texts = words(language).texts
    rows = []
    for one in sorted(set(cases), key=lambda one: (one.code, one.module, one.message)):
        part = "notice" if one.kind == _NOTICE else "error"
        in_app = texts.get(f"{part}.{one.code}", "–")
        rows.append((f"`{one.code}`", f"`{one.kind}`", f"`{one.module}`", one.message, in_app))
    heads = ("code_name", "class", "module", "said", "said_in_app")
    return table([say(head, language) for head in heads], rows)


@cache
def _cases() -> tuple[Case, ...]:
    paths = (path for room in ("layers", "geo", "views") for path in (ROOT / room).rglob("*.py"))
    return tuple(case for path in sorted(paths) for case in _in_file(path))


def _in_file(path: Path) -> Iterator[Case]:
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    text = path.read_text(encoding="utf-8")
    # Most files make neither; to take one apart takes long.
    if "code=" not in text and f"{_NOTICE}(" not in text:
        return
    for scope in ast.walk(ast.parse(text)):
        if isinstance(scope, ast.FunctionDef):
            for node in ast.walk(scope):
                if isinstance(node, ast.Call) and (code := _code(node)) not in ("", _GAP):
                    kind = getattr(node.func, "id", getattr(node.func, "attr", ""))
                    yield Case(kind, code, module, _message(node, scope))


def _code(call: ast.Call) -> str:
    """Code that a call hands over; "" for what is no error, a gap where another's is passed on."""
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    if name == _NOTICE:
        return _text(call.args[0]) if call.args else ""
    if not name.endswith(("Error", "Interrupted")):
        return ""
    return next((_text(word.value) for word in call.keywords if word.arg == "code"), "")


def _message(call: ast.Call, scope: ast.FunctionDef) -> str:
    place = 1 if getattr(call.func, "id", "") == _NOTICE else 0
    if len(call.args) <= place:
        return _GAP
    said = call.args[place]
    if not isinstance(said, ast.Name):
        return _text(said) or _GAP
    # The message was put together a line or two before; the nearest such line above counts.
    above = [
        node for node in ast.walk(scope)
        if isinstance(node, ast.Assign) and node.lineno < call.lineno
        and getattr(node.targets[0], "id", "") == said.id
    ]  # fmt: skip
    return _text(max(above, key=lambda node: node.lineno).value) if above else _GAP


def _text(node: ast.expr) -> str:
    """Text of a string in the source; what is filled in at run time becomes a gap."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(_text(part) for part in parts)
        case ast.FormattedValue():
            return _GAP
        case ast.BinOp(left=left, right=right):
            return _text(left) + _text(right)
        case ast.Attribute() | ast.Name() | ast.Call():
            return _GAP
    return ""
