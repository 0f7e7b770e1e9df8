"""Reading TOML into checked models, with errors that name file, place and what is allowed.

Such files come from anybody. What would make the parser work without end, or give up with an error
of its own, is refused before or told as a fault of the file.
"""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

if TYPE_CHECKING:
    from pathlib import Path

    from layers.errors import PotenzialatlasError

__all__ = ["LARGEST", "describe", "parse_toml", "read_toml", "validate"]

Model = TypeVar("Model", bound=BaseModel)

#: Bytes that a file may have; the longest of ours have some 30,000.
LARGEST = 2_000_000
#: Parts of a dotted key. The parser keeps every beginning of a key, so that its memory grows with
#: the square of the parts; nothing of ours has more than five.
_DEEPEST = 16
#: Strings and comments, in which dots are dots. One without an end reaches to where the parser
#: gives up, so that each character is looked at once.
_QUOTED = re.compile(
    r'"""(?:\\.|[^\\])*?(?:"{3,5}|\Z)'
    r"|'''.*?(?:'{3,5}|\Z)"
    r'|"(?:\\.|[^"\\\n])*+"?'
    r"|'[^'\n]*+'?"
    r"|#[^\n]*+",
    re.DOTALL,
)
_DOTTED = re.compile(rf"(?<![\w-])(?:[\w-]++[ \t]*+\.[ \t]*+){{{_DEEPEST}}}")
#: Whole numbers that TOML promises to keep; beyond them nobody can be sure of the digits.
_WHOLE = range(-(2**63), 2**63)
#: Faults that one message lists.
_LISTED = 8


def read_toml(
    path: Path, error: type[PotenzialatlasError], *, largest: int = LARGEST
) -> dict[str, Any]:
    """Read a TOML file of up to `largest` bytes.

    Raises
    ------
    error
        If the file is missing, unreadable, too large, not UTF-8 or not TOML; names file and line.
    """
    try:
        with path.open("rb") as stream:
            content = stream.read(largest + 1)
    except (OSError, ValueError) as cause:
        reason = getattr(cause, "strerror", None) or type(cause).__name__
        raise error(f"{path}: cannot be read ({reason}).") from cause
    return parse_toml(content, str(path), error, largest=largest)


def parse_toml(
    content: bytes, where: str, error: type[PotenzialatlasError], *, largest: int = LARGEST
) -> dict[str, Any]:
    """Read TOML that is there already; `where` names it in errors, as in `read_toml`."""
    if len(content) > largest:
        size = f"{largest / 1e6:.0f} MB"
        raise error(f"{where}: has more than {size}; files of this kind have up to {size}.")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as cause:
        raise error(f"{where}: is not UTF-8 text (byte {cause.start}).") from cause
    if deep := _DOTTED.search(_QUOTED.sub("s", text)):
        parts = f"the key '{deep[0]:.60}…' has more than {_DEEPEST} parts"
        raise error(f"{where}: is not valid TOML here: {parts}.")
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as cause:
        raise error(f"{where}: is not valid TOML: {cause}.") from cause
    except RecursionError as cause:
        msg = f"{where}: is not valid TOML here: brackets stand too deep in each other."
        raise error(msg) from cause
    except ValueError as cause:
        # Python refuses to read a number of thousands of digits, whatever stands around it.
        raise error(f"{where}: is not valid TOML here: a number has too many digits.") from cause
    if place := _too_long(found):
        raise error(f"{where}: '{place}': a whole number of at most 64 bits is allowed.")
    return found


def _too_long(found: dict[str, Any]) -> str:
    """Return where a number stands that is longer than TOML allows; empty if none is."""
    waiting: list[tuple[str, Any]] = list(found.items())
    while waiting:
        place, value = waiting.pop()
        if isinstance(value, dict):
            waiting += [(f"{place}.{key}"[:200], one) for key, one in value.items()]
        elif isinstance(value, list):
            waiting += [(place, one) for one in value]
        elif isinstance(value, int) and value not in _WHOLE:
            return place
    return ""


def validate(
    model: type[Model], content: Any, *, where: str, error: type[PotenzialatlasError]
) -> Model:
    """Check `content` against `model`.

    Raises
    ------
    error
        With one line that lists the faults as ``place: what is wrong``.
    """
    try:
        return model.model_validate(content)
    except ValidationError as cause:
        raise error(f"{where}: {describe(cause)}") from cause


def describe(cause: ValidationError) -> str:
    """Faults of a pydantic error in one line, each with its key; of many the first."""
    faults = cause.errors(include_url=False)
    listed = "; ".join(_fault(dict(item)) for item in faults[:_LISTED])
    more = len(faults) - _LISTED
    return f"{listed}; and {more} more" if more > 0 else listed


def _fault(item: dict[str, Any]) -> str:
    place = ".".join(f"{part!s:.80}" for part in item["loc"]) or "(top level)"
    if item["type"] == "extra_forbidden":
        return f"unknown key '{place}'"
    if item["type"] == "missing":
        return f"key '{place}' is missing"
    message = str(item["msg"]).removeprefix("Value error, ")
    got = f" (got {item['input']!r:.80})" if item["loc"] else ""
    return f"'{place}': {message:.400}{got}"
