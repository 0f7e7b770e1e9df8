"""Make licences.csv, the licences of all in constraints.txt: ``python -m supply.licences``.

Run it where all purposes are installed. What a package says of itself is turned into an SPDX
expression; what it says unclearly, or what is not installed here because only other machines need
it, stands in licences.toml with the reason.
"""

from __future__ import annotations

import csv
import io
import re
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import astuple, dataclass, fields
from importlib import metadata
from pathlib import Path

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

from supply import pins
from supply.project import ROOT, RUN_TIME, Project

HERE = Path(__file__).parent
TABLE = HERE / "licences.csv"
RULES = tomllib.loads((HERE / "licences.toml").read_text("utf-8"))
BSD3 = re.compile(r"neither\s+the\s+names?", re.IGNORECASE)
BSD = re.compile(r"redistribution\s+and\s+use\s+in\s+source\s+and\s+binary\s+forms", re.IGNORECASE)


@dataclass(frozen=True)
class Row:
    """One package: its licence as SPDX expression, where that is said, and who wants it.

    `purposes` are the locks that name the package, divided by blanks; `texts` the licence texts in
    its folder ``*.dist-info``, divided by blanks.
    """

    name: str
    version: str
    licence: str
    said_in: str
    purposes: str
    texts: str

    @property
    def run_time(self) -> bool:
        """Whether the program itself uses it, and not a test or a tool only."""
        return not RUN_TIME.isdisjoint(self.purposes.split())


def main() -> None:
    """Write the table; every package that is neither installed nor named by hand is refused."""
    TABLE.write_text(as_csv(rows()), "utf-8")


def rows() -> list[Row]:
    """Return one row for each version in constraints.txt, in its order."""
    wanted = purposes_of()
    versions = dict.fromkeys((pin.name, pin.version) for pin in pins.read(ROOT / "constraints.txt"))
    return [row(name, version, wanted[name]) for name, version in versions]


def purposes_of() -> dict[str, list[str]]:
    """Return for each package the purposes whose lock names it."""
    found: dict[str, list[str]] = {}
    for purpose in Project.read().asks:
        for name in sorted({pin.name for pin in pins.read(HERE / "locks" / f"{purpose}.txt")}):
            found.setdefault(name, []).append(purpose)
    return found


def row(name: str, version: str, wanted: list[str]) -> Row:
    """Return the row of one package, from its own words or from licences.toml."""
    licence, said_in, texts = "", "", []
    try:
        package = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        pass
    else:
        texts = text_files(package)
        licence, said_in = own_words(package)
    if name in RULES["by_hand"]:
        licence, said_in = RULES["by_hand"][name]["licence"], "licences.toml"
    if not licence:
        sys.exit(f"supply.licences: {name}: not installed, or unclear; say so in licences.toml.")
    expression = canonicalize_license_expression(licence)
    return Row(name, version, expression, said_in, " ".join(wanted), " ".join(texts))


def own_words(package: metadata.Distribution) -> tuple[str, str]:
    """Return what a package says is its licence, as SPDX expression, and where it says so.

    The newer field says it as an expression. Of the older ones "BSD" leaves open which of the
    licences of that name is meant; that is read from its text.
    """
    if expression := text_of(package, "License-Expression"):
        return expression, "License-Expression"
    said = text_of(package, "License")
    if known := RULES["spellings"].get(said.strip()) or expression_in(said):
        return known, "License"
    if kind := bsd_kind(package, said):
        return kind, "text"
    classifiers = package.metadata.get_all("Classifier") or []
    labels = [one.rpartition(" :: ")[2] for one in classifiers if one.startswith("License")]
    known = RULES["classifiers"].get(labels[0]) if len(labels) == 1 else None
    return (known, "Classifier") if known else ("", "")


def text_of(package: metadata.Distribution, field: str) -> str:
    """Return one field of a package's description, empty if it is not there."""
    return str(package.metadata[field]) if field in package.metadata else ""


def expression_in(said: str) -> str:
    """Return what the older field says, if it is an SPDX expression already, and else nothing."""
    try:
        return canonicalize_license_expression(said) if said else ""
    except InvalidLicenseExpression:
        return ""


def bsd_kind(package: metadata.Distribution, said: str) -> str:
    """Say which BSD licence the text is, if it is one: that of three clauses guards names."""
    texts = [package.read_text(one) or "" for one in text_files(package)] or [said]
    bsd = [one for one in texts if BSD.search(one)]
    if len(bsd) != 1:
        return ""
    return "BSD-3-Clause" if BSD3.search(bsd[0]) else "BSD-2-Clause"


def text_files(package: metadata.Distribution) -> list[str]:
    """Return the licence texts in the package's own folder, by their path inside it."""
    inside = [path for path in package.files or () if path.parts[0].endswith(".dist-info")]
    paths = {"/".join(path.parts[1:]) for path in inside}
    names = ("LICEN", "COPYING", "NOTICE", "AUTHORS")
    return sorted(one for one in paths if one.rpartition("/")[2].upper().startswith(names))


def as_csv(table: list[Row]) -> str:
    """Return the table as CSV with its column names."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(field.name for field in fields(Row))
    writer.writerows(map(astuple, table))
    return out.getvalue()


def read() -> list[Row]:
    """Read the table as it lies there."""
    with TABLE.open(encoding="utf-8", newline="") as lines:
        return [Row(**one) for one in csv.DictReader(lines)]


def allowed(licence: str, accepted: Mapping[str, str]) -> bool:
    """Say whether an SPDX expression without brackets can be met with accepted licences."""
    return any(
        all(part.strip() in accepted for part in choice.split(" AND "))
        for choice in licence.split(" OR ")
    )


if __name__ == "__main__":
    main()
