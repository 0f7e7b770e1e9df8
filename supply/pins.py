"""Exact versions with the hashes of their files, as pip reads them: parsing and writing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name

HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})(?![0-9a-f])")
JOINED = " \\\n    "


@dataclass(frozen=True)
class Pin:
    """One version of one package, on the machines that `marker` describes (all if empty).

    `hashes` are the sha256 of every file of the release: wheels of all platforms and the source.
    """

    name: NormalizedName
    version: str
    marker: str = ""
    hashes: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Pin:
        """Read one requirement, hashes and all.

        Raises
        ------
        ValueError
            If it is anything but one name, one exact version, a marker and hashes.
        """
        found = Requirement(HASH.sub("", text).strip())
        specifiers = list(found.specifier)
        exact = len(specifiers) == 1 and specifiers[0].operator == "=="
        if not exact or found.url or found.extras or specifiers[0].version.endswith("*"):
            raise ValueError(f"{text!r}: not one exact version; write name==version.")
        marker = str(found.marker) if found.marker else ""
        hashes = tuple(sorted(HASH.findall(text)))
        return cls(canonicalize_name(found.name), specifiers[0].version, marker, hashes)

    @property
    def requirement(self) -> str:
        """Name, version and marker without hashes: a line of constraints.txt."""
        return f"{self.name}=={self.version}" + (f" ; {self.marker}" if self.marker else "")

    @property
    def hashed(self) -> str:
        """The requirement with one hash a line, as pip wants it."""
        return JOINED.join([self.requirement, *(f"--hash=sha256:{one}" for one in self.hashes)])

    def applies(self) -> bool:
        """Say whether this machine needs the pin."""
        marker = Requirement(self.requirement).marker
        return marker is None or marker.evaluate()


def parse(text: str) -> list[Pin]:
    """Read all pins of a text; comments and lines that name another file are passed over."""
    lines = text.replace("\\\n", " ").splitlines()
    return [Pin.parse(line) for line in lines if line.strip() and not line.startswith(("#", "-r "))]


def read(path: Path) -> list[Pin]:
    """Read all pins of a file."""
    return parse(path.read_text("utf-8"))


def text(head: str, lines: Iterable[str]) -> str:
    """Return a file of pins: its heading as a comment, then one pin after another."""
    return "\n".join([*(f"# {line}" for line in head.splitlines()), *lines]) + "\n"
