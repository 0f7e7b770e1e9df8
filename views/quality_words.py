"""What the checks of a dataset noticed, in the reader's language; for page and command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from layers.dataset import Dataset
    from layers.quality import Finding
    from views.i18n import Words

__all__ = ["sentence", "told"]

#: Numbers of findings that are shares of one, whole numbers and years.
_SHARES, _COUNTS, _YEARS = ("share",), ("count",), ("fuller", "before")


def told(finding: Finding, dataset: Dataset, words: Words) -> str:
    """Return one line: severity, indicator and what was noticed."""
    severity = words(f"quality.{finding.severity}")
    text = sentence(finding, dataset, words)
    one = dataset.catalogue.indicator_by_id.get(finding.indicator)
    name = words.of(one.name) if one else finding.indicator
    key = "line" if name else "plain_line"
    return words(f"quality.{key}", severity=severity, name=name, text=text)


def sentence(finding: Finding, dataset: Dataset, words: Words) -> str:
    """Return what was noticed, without severity and indicator."""
    numbers = {name: _number(name, value, words) for name, value in finding.numbers.items()}
    return words(
        f"finding.{finding.code}", year=str(finding.year), detail=finding.detail,
        regions=_regions(finding, dataset, words), **numbers,
    )  # fmt: skip


def _regions(finding: Finding, dataset: Dataset, words: Words) -> str:
    table = dataset.regions
    called = table["label"] if "label" in table else table["name"]
    # Names hold commas: "Coburg, Stadt".
    names = "; ".join(str(called.get(key, key)) for key in finding.regions)
    more = finding.numbers.get("count", 0) > len(finding.regions)
    return words("quality.more" if more else "quality.regions", names=names)


def _number(name: str, value: float, words: Words) -> str:
    if name in _SHARES:
        return words.percent(value, 1)
    if name in _COUNTS:
        return words.number(value)
    return str(int(value)) if name in _YEARS else words.number(value, 2)
