"""The rule by which people are shared out: as one frozen object, as TOML, and in short for a link.

```toml
cap = 5.0                # at most so many newcomers per 1,000 inhabitants, over all steps
count_present = false    # whether those who already receive asylum benefits fill the bound as well
land = ["03"]            # only these Länder; none named: all
selected = false         # only regions that the filter of the recipe keeps

[mixture]                # parts of the rule; only ratios matter
population = 50
score = 50
```
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any

import tomli_w
from pydantic import BaseModel, ConfigDict, Field, field_validator

from layers.errors import RecipeError
from layers.toml import read_toml, validate

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["INDICATOR", "PARTS", "USES_SCORE", "Rule", "mixture_of"]

#: Parts by name; what each means stands with `Rule.mixture`.
PARTS = ("population", "area", "equal", "score", "score_only")
#: Parts that hang on the score, and so on the weights.
USES_SCORE = frozenset({"score", "score_only"})
#: How a part begins that weighs inhabitants by an indicator.
INDICATOR = "indicator:"
_INDICATOR = re.compile(r"indicator:[a-z][a-z0-9_]*")
_SEPARATOR, _OPEN = "~", "!"
_MOST_PARTS = 12
_FEWEST = 1e-6

Weight = Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)]


class Rule(BaseModel):
    """How people are shared out.

    Attributes
    ----------
    mixture : dict
        Part -> weight; the share of region i is ``s_i = sum_k w_k b_ki / sum_j b_kj``, with the
        weights scaled to add up to 1, and b of each part:

        * ``population``: inhabitants;
        * ``area``: square kilometres of the official table;
        * ``equal``: 1, the same for all;
        * ``score``: inhabitants times score, so that a region with twice the score gets twice as
          many people per inhabitant; none without a score;
        * ``score_only``: the score, whatever the number of inhabitants;
        * ``indicator:ID``: inhabitants times that indicator, as tax power per head; none without
          a value.
    cap : float, optional
        Bound in newcomers per 1,000 inhabitants, over all steps together.
    count_present : bool
        Whether the people of `layers.study.present` fill the bound as well.
    land : tuple of str
        Keys of the Länder that take part; empty for all.
    selected : bool
        Whether only regions take part that the filter of the recipe keeps.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    mixture: dict[str, Weight] = {"population": 1.0}
    cap: Annotated[float, Field(ge=0.001, le=1_000, allow_inf_nan=False)] | None = None
    count_present: bool = False
    land: tuple[Annotated[str, Field(min_length=1, max_length=20)], ...] = ()
    selected: bool = False

    @field_validator("mixture")
    @classmethod
    def _known(cls, mixture: dict[str, float]) -> dict[str, float]:
        for key in mixture:
            if key not in PARTS and not _INDICATOR.fullmatch(key):
                allowed = ", ".join(PARTS)
                raise ValueError(f"unknown part '{key:.40}'; allowed: {allowed}, indicator:ID")
        if len(mixture) > _MOST_PARTS:
            raise ValueError(f"{len(mixture)} parts; at most {_MOST_PARTS} can be mixed")
        if not any(weight >= _FEWEST for weight in mixture.values()):
            raise ValueError("at least one part needs a weight above 0")
        return {key: weight for key, weight in mixture.items() if weight >= _FEWEST}

    @field_validator("land")
    @classmethod
    def _once(cls, land: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sorted(set(land)))

    @property
    def uses_score(self) -> bool:
        """Whether other weights would lead to other numbers."""
        return bool(USES_SCORE & set(self.mixture))

    @property
    def shares(self) -> dict[str, float]:
        """Weights of the parts, adding up to 1."""
        whole = sum(self.mixture.values())
        return {key: weight / whole for key, weight in self.mixture.items()}

    @classmethod
    def parse(cls, content: Any, *, where: str = "rule") -> Rule:
        """Read a rule from nested values.

        Raises
        ------
        RecipeError
            With every fault in one line; `where` names the place.
        """
        return validate(cls, content, where=where, error=RecipeError)

    @classmethod
    def load(cls, path: Path) -> Rule:
        """Read a rule from a TOML file; raises RecipeError, as `parse` does."""
        return cls.parse(read_toml(path, RecipeError), where=str(path))

    def to_dict(self) -> dict[str, Any]:
        """Nested plain values, without what is as usual."""
        content = self.model_dump(mode="json", exclude_defaults=True)
        return content | {"mixture": dict(self.mixture)}

    def to_toml(self) -> str:
        """Return the rule as the text of a file that `load` reads back unchanged."""
        return tomli_w.dumps(self.to_dict())

    def to_link(self) -> dict[str, str]:
        """Return the rule in short, as keys and texts of a link; what is as usual is left out."""
        parts = (f"{key}{_OPEN}{_short(weight)}" for key, weight in self.mixture.items())
        link = {
            "mix": _SEPARATOR.join(parts),
            "cap": "" if self.cap is None else _short(self.cap),
            "present": "on" if self.count_present else "",
            "land": _SEPARATOR.join(self.land),
            "scope": "selected" if self.selected else "",
        }
        return {key: text for key, text in link.items() if text}

    @classmethod
    def from_link(cls, link: Mapping[str, str]) -> Rule:
        """Read what `to_link` wrote; other keys are ignored.

        Raises
        ------
        RecipeError
            If a text is damaged.
        """
        content: dict[str, Any] = {
            "count_present": link.get("present") == "on",
            "selected": link.get("scope") == "selected",
        }
        if link.get("mix"):
            content["mixture"] = mixture_of(link["mix"], _SEPARATOR, _OPEN)
        if link.get("cap"):
            content["cap"] = _number(link["cap"])
        if link.get("land"):
            content["land"] = link["land"].split(_SEPARATOR)
        return cls.parse(content, where="link")


def mixture_of(text: str, separator: str = ",", opened: str = "=") -> dict[str, float]:
    """Read ``population=0.5,score=0.5``; a part without a weight has the weight 1.

    Raises
    ------
    RecipeError
        If a weight is no number or a part is named twice.
    """
    mixture: dict[str, float] = {}
    for one in text.split(separator):
        key, _, weight = one.strip().partition(opened)
        if key in mixture:
            raise RecipeError(f"rule: the part '{key:.40}' is named twice.")
        mixture[key] = _number(weight) if weight else 1.0
    return mixture


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        msg = f"rule: '{text:.40}' is no number; write it as 0.5."
        raise RecipeError(msg) from None


def _short(number: float) -> str:
    """Shortest text that reads back as the same number."""
    return repr(float(number)).removesuffix(".0")
