"""The report of ``ipot data check``: what a dataset folder holds and what is open."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from geo import boundaries
from layers.errors import DatasetError
from layers.texts import texts
from layers.toml import read_toml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layers import Dataset
    from layers.quality import Quality
    from views.i18n import Language

__all__ = ["changed_files", "quality_lines", "report"]

_TEXTS = Path(__file__).with_suffix(".toml")


def report(dataset: Dataset, language: str) -> Iterator[str]:
    """Yield the lines of the report in `language`.

    Raises
    ------
    DatasetError
        If the boundaries are there but faulty.
    """
    catalogue = dataset.catalogue
    yield _words(
        "dataset", language, title=dataset.title[language], reference=dataset.reference,
        gebietsstand=dataset.gebietsstand or "–",
    )  # fmt: skip
    yield _words(
        "size", language, regions=len(dataset.regions), layers=len(catalogue.layers),
        indicators=len(catalogue.indicator_by_id), values=int(dataset.values["value"].count()),
    )  # fmt: skip
    yield _boundaries(dataset, language)
    yield _words("indicators", language)
    yield from _indicators(dataset, language)
    yield from _lenses(dataset, language)
    yield from _licences(dataset, language)
    yield _files(dataset.path, language)


def quality_lines(quality: Quality, dataset: Dataset, language: Language) -> Iterator[str]:
    """Yield the lines of what the checks noticed."""
    from views.i18n import words as words_of
    from views.quality_words import told

    words, errors = words_of(language), len(quality.errors)
    yield words("quality.summary", errors=errors, warnings=len(quality.findings) - errors)
    for finding in quality.findings:
        yield f"  {told(finding, dataset, words)}"


def changed_files(folder: Path) -> list[str]:
    """Files whose SHA-256 is not the one recorded in ``dataset.toml``."""
    return [
        name
        for name, digest in _recorded(folder).items()
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest
    ]


def _recorded(folder: Path) -> dict[str, str]:
    return dict(read_toml(folder / "dataset.toml", DatasetError).get("files", {}))


def _boundaries(dataset: Dataset, language: str) -> str:
    borders = boundaries.load(dataset.path)
    if borders is None:
        return _words("no_boundaries", language)
    known = int(dataset.regions.index.isin(borders.index).sum())
    return _words("boundaries", language, known=known, regions=len(dataset.regions))


def _indicators(dataset: Dataset, language: str) -> Iterator[str]:
    known = dataset.values[dataset.values["value"].notna()]
    years = known.groupby("indicator", observed=True)["year"].agg(["min", "max", "nunique"])
    gaps = dataset.select().values.isna().sum()
    for key in dataset.catalogue.indicator_by_id:
        if key not in years.index:
            yield _words("empty", language, id=key)
            continue
        first, last, number = years.loc[key]
        yield _words(
            "indicator", language, id=key, first=first, last=last, years=number,
            gaps=int(gaps[key]),
        )  # fmt: skip


def _lenses(dataset: Dataset, language: str) -> Iterator[str]:
    """Say which lenses there are, with what each of them leaves out and has no data for."""
    if not dataset.lenses:
        yield _words("no_lenses", language)
        return
    yield _words("lenses", language)
    for key, lens in dataset.lenses.items():
        taken, left_out = lens.taken(dataset.catalogue), lens.leaves_out(dataset.catalogue)
        empty = [group for group, indicators in taken.items() if not indicators]
        yield _words(
            "lens", language, id=key, name=lens.name[language], groups=len(lens.groups),
            left_out=", ".join(left_out) or "–", empty=", ".join(empty) or "–",
        )  # fmt: skip


def _licences(dataset: Dataset, language: str) -> Iterator[str]:
    to_confirm = {
        key: one for key, one in dataset.sources.items() if one.licence_status == "to-confirm"
    }
    yield _words("licences", language, count=len(to_confirm), sources=len(dataset.sources))
    for key, one in to_confirm.items():
        yield _words("licence", language, key=key, note=one.licence_note[language] or one.licence)


def _files(folder: Path, language: str) -> str:
    if changed := changed_files(folder):
        return _words("changed", language, files=", ".join(changed))
    return _words("files", language, count=len(_recorded(folder)))


def _words(key: str, language: str, /, **values: object) -> str:
    return texts(_TEXTS)[key][language].format(**values)
