"""Several ES modules -> one script that a page can carry inside itself.

A page that is one file cannot load modules from beside it, and a policy that admits one script by
its hash leaves no room for addresses made up at run time. So the modules are laid one after the
other into one plain script, each as a function that gives what it exports; but for that, and for
where a module says that it lies, they stay as they are. Only the forms of import and export that
our modules use are known, and any other is refused: the linker would rather fail than guess.

In a page the script runs the entry; in a worker started from the same text it runs `WORKER`, so
that the kernel is there once.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING

from layers.errors import PotenzialatlasError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["WORKER", "link", "modules"]

#: Module that runs where there is no page.
WORKER = "bands.worker.js"

_NAMES = r"\{(?P<names>[^}]*)\}"
_FROM = r'from "(?P<path>\.{1,2}/[\w./-]+)";'
_IMPORT = re.compile(rf"^import {_NAMES} {_FROM}$", re.MULTILINE)
_RUN = re.compile(r'^import "(?P<path>\.{1,2}/[\w./-]+)";$', re.MULTILINE)
_PASSED_ON = re.compile(rf"^export {_NAMES} {_FROM}$", re.MULTILINE)
_DECLARED = re.compile(
    r"^export (?P<kept>(?:async )?(?:const|function|class) (?P<name>\w+))", re.MULTILINE
)
#: Where a module lies; in one script that is the page.
_PLACE = re.compile(r"\bimport\.meta\.url\b")
_LEFT = re.compile(r"^(?:import|export)\b.*|\bimport(?:\(|\.meta).*", re.MULTILINE)
#: What would end the script, or part of it, in the middle of a page.
_BREAKS_OUT = re.compile(r"</script|<!--|<script", re.IGNORECASE)
#: How rooms are entered: each when it is first needed, and once.
_START = """const rooms = {};
const made = {};
const use = (name) => { made[name] ??= rooms[name](); return made[name]; };
const here = typeof document === "undefined" ? "" : document.baseURI;"""


def link(entry: Path, *, worker: Path | None = None) -> str:
    """Return one script with the entry, all modules that it needs, and perhaps a worker's.

    Raises
    ------
    PotenzialatlasError
        If a module is missing, uses a form that is not known, or two have the same file name.
    """
    found: dict[Path, str] = {}
    for one in filter(None, (entry, worker)):
        _collect(one.resolve(), found, ())
    names = [path.name for path in found]
    if len(set(names)) < len(names):
        raise PotenzialatlasError(f"linker: two modules have the same name: {sorted(names)}")
    rooms = "\n".join(f"rooms[{json.dumps(path.name)}] = {body};" for path, body in found.items())
    first = json.dumps(entry.name)
    if worker is not None:
        first = f'typeof document === "undefined" ? {json.dumps(worker.name)} : {first}'
    text = f'"use strict";\n{{\n{_START}\n{rooms}\nuse({first});\n}}\n'
    if breaking := _BREAKS_OUT.search(text):
        raise PotenzialatlasError(f"linker: '{breaking.group()}' would end the script early")
    return text


def modules(*entries: Path) -> list[str]:
    """Name the files of the entries and of all modules that they need, each after those it needs.

    Raises
    ------
    PotenzialatlasError
        As for `link`.
    """
    found: dict[Path, str] = {}
    for one in entries:
        _collect(one.resolve(), found, ())
    return [path.name for path in found]


def _collect(path: Path, found: dict[Path, str], above: tuple[Path, ...]) -> None:
    """Add a module after those that it needs."""
    if path in above:
        chain = " -> ".join(one.name for one in (*above, path))
        raise PotenzialatlasError(f"linker: modules that need each other: {chain}")
    if path in found:
        return
    body, needed = _room(path)
    for one in needed:
        _collect(one, found, (*above, path))
    found[path] = body


@cache
def _room(path: Path) -> tuple[str, tuple[Path, ...]]:
    """Return a module as a function, and the modules that it needs."""
    if not path.is_file():
        raise PotenzialatlasError(f"linker: {path}: there is no such module")
    source = path.read_text(encoding="utf-8")
    needed: list[Path] = []
    given: list[str] = []

    def run(found: re.Match[str]) -> str:
        needed.append((path.parent / found["path"]).resolve())
        return f"use({json.dumps(needed[-1].name)});"

    def imported(found: re.Match[str]) -> str:
        parts = ", ".join(": ".join(pair) for pair in _pairs(found["names"]))
        return f"const {{ {parts} }} = {run(found)}"

    def passed_on(found: re.Match[str]) -> str:
        given.extend(inner for _, inner in _pairs(found["names"]))
        return imported(found)

    def declared(found: re.Match[str]) -> str:
        given.append(found["name"])
        return found["kept"]

    forms = (_RUN, run), (_IMPORT, imported), (_PASSED_ON, passed_on), (_DECLARED, declared)
    for form, turned in forms:
        source = form.sub(turned, source)
    source = _PLACE.sub("here", source)
    if unknown := _LEFT.search(source):
        line = unknown.group()[:80]
        raise PotenzialatlasError(f"linker: {path.name}: '{line}' is a form that is not known here")
    return f"() => {{\n{source}\nreturn {{ {', '.join(given)} }};\n}}", tuple(needed)


def _pairs(names: str) -> list[tuple[str, ...]]:
    """Read ``a, b as c`` into what it is called there and here."""
    words = (one.split(" as ") for one in names.split(",") if one.strip())
    return [(pair[0].strip(), pair[-1].strip()) for pair in words]
