"""Reading TOML into checked models, with errors that name file, place and what is allowed."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

if TYPE_CHECKING:
    from pathlib import Path

    from layers.errors import PotenzialatlasError

Model = TypeVar("Model", bound=BaseModel)


def read_toml(path: Path, error: type[PotenzialatlasError]) -> dict[str, Any]:
    """Read a TOML file.

    Raises
    ------
    error
        If the file is missing, unreadable, not UTF-8 or not TOML; names file and line.
    """
    try:
        content = path.read_bytes()
    except OSError as cause:
        reason = cause.strerror or type(cause).__name__
        raise error(f"{path}: cannot be read ({reason}).") from cause
    return parse_toml(content, str(path), error)


def parse_toml(content: bytes, where: str, error: type[PotenzialatlasError]) -> dict[str, Any]:
    """Read TOML that is there already; `where` names it in errors, as in `read_toml`."""
    try:
        return tomllib.loads(content.decode("utf-8"))
    except UnicodeDecodeError as cause:
        raise error(f"{where}: is not UTF-8 text (byte {cause.start}).") from cause
    except tomllib.TOMLDecodeError as cause:
        raise error(f"{where}: is not valid TOML: {cause}.") from cause


def validate(
    model: type[Model], content: Any, *, where: str, error: type[PotenzialatlasError]
) -> Model:
    """Check `content` against `model`.

    Raises
    ------
    error
        With one line that lists every fault as ``place: what is wrong``.
    """
    try:
        return model.model_validate(content)
    except ValidationError as cause:
        raise error(f"{where}: {describe(cause)}") from cause


def describe(cause: ValidationError) -> str:
    """All faults of a pydantic error in one line, each with its key."""
    return "; ".join(_fault(dict(item)) for item in cause.errors(include_url=False))


def _fault(item: dict[str, Any]) -> str:
    place = ".".join(str(part) for part in item["loc"]) or "(top level)"
    if item["type"] == "extra_forbidden":
        return f"unknown key '{place}'"
    if item["type"] == "missing":
        return f"key '{place}' is missing"
    message = str(item["msg"]).removeprefix("Value error, ")
    got = f" (got {item['input']!r:.80})" if item["loc"] else ""
    return f"'{place}': {message}{got}"
