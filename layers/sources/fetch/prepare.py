"""Turning a fetched file into the one that a reader knows, where these are not the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

__all__ = ["PREPARE", "Preparation"]

#: Names that a fetch definition uses.
Preparation = Literal["", "inkar_bulk"]


def _inkar_bulk(source: Path, target: Path) -> None:
    """Extract the Kreise from the bulk file of INKAR: some MB out of several GB."""
    from layers.sources.inkar import bulk

    bulk.extract(source, target)


#: Name -> function of the fetched file and the file to write.
PREPARE: Mapping[str, Callable[[Path, Path], None]] = {"inkar_bulk": _inkar_bulk}
