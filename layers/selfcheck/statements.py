"""Fields and statements of the self-check, as ``statements.toml`` lists them.

The fields follow the Whole-COMM toolbox for small and medium-sized towns and rural areas (Migration
Policy Group, January 2024, whole-comm.eu); the statements are in words of our own.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from layers.catalogue import Identifier, Text  # noqa: TC001 -- pydantic reads them
from layers.errors import SelfCheckError
from layers.toml import read_toml, validate

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["LOWEST", "TOP", "CheckField", "Statement", "field_of", "fields", "source", "statements"]

#: Ends of the scale on which a statement is rated: not at all, fully.
LOWEST, TOP = 0, 4
_FILE = Path(__file__).with_name("statements.toml")


class Statement(BaseModel, frozen=True, extra="forbid"):
    """One statement, within its field."""

    id: Identifier
    text: Text


class CheckField(BaseModel, frozen=True, extra="forbid"):
    """A field of local integration work.

    Attributes
    ----------
    short : Text
        Name where there is little room.
    group : str
        Group of the lens ``whole_comm`` that holds the statistics of the field.
    """

    id: Identifier
    name: Text
    short: Text
    group: str
    statements: tuple[Statement, ...] = Field(alias="statement")

    @property
    def asked(self) -> tuple[str, ...]:
        """Its statements as files name them, such as ``governance.strategy``."""
        return tuple(f"{self.id}.{one.id}" for one in self.statements)


class _Whole(BaseModel, frozen=True, extra="forbid"):
    source: Text
    fields: tuple[CheckField, ...] = Field(alias="field")


def fields() -> tuple[CheckField, ...]:
    """All fields, in the order in which they are asked."""
    return _whole().fields


def source() -> Text:
    """Where the fields come from."""
    return _whole().source


@cache
def statements() -> Mapping[str, Text]:
    """Return all statements by the key under which files name them, in order."""
    return {
        key: one.text
        for field in fields()
        for key, one in zip(field.asked, field.statements, strict=True)
    }


def field_of(statement: str) -> str:
    """Id of the field that a statement belongs to."""
    return statement.partition(".")[0]


@cache
def _whole() -> _Whole:
    return validate(
        _Whole, read_toml(_FILE, SelfCheckError), where=str(_FILE), error=SelfCheckError
    )
