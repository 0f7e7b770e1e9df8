"""Who needs whom, as the installed packages say it themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import metadata

from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name

Wish = tuple[NormalizedName, frozenset[str]]
"""A package with the extras that are asked of it."""


def needs(
    asked: Iterable[Requirement], *, elsewhere: bool = False
) -> dict[NormalizedName, set[NormalizedName]]:
    """Return for each package that the requirements lead to which packages it needs itself.

    A package that is not installed needs nothing as far as can be told. With `elsewhere` the needs
    of other machines count as well, and not only what this one has to install.
    """
    found: dict[NormalizedName, set[NormalizedName]] = {}
    seen: set[Wish] = set()
    waiting = [wish(one) for one in asked]
    while waiting:
        name, extras = waiting.pop()
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        further = [wish(one) for one in needed_by(name, extras, elsewhere=elsewhere)]
        found.setdefault(name, set()).update(one for one, _ in further)
        waiting += further
    return found


def wish(requirement: Requirement) -> Wish:
    """Return what a requirement asks for, whatever the version."""
    return canonicalize_name(requirement.name), frozenset(requirement.extras)


def needed_by(
    name: NormalizedName, extras: frozenset[str], *, elsewhere: bool
) -> Iterator[Requirement]:
    """Yield what one installed package with these extras needs."""
    try:
        stated = metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return
    for one in map(Requirement, stated):
        here = one.marker is None or any(one.marker.evaluate({"extra": e}) for e in {"", *extras})
        if here or (elsewhere and _somewhere(str(one.marker), extras)):
            yield one


def _somewhere(marker: str, extras: frozenset[str]) -> bool:
    return "extra" not in marker.split() or any(f'extra == "{one}"' in marker for one in extras)
