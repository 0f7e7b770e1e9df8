"""What an embed is made of, and what every one of them says about itself."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from layers.provenance import provenance
from views.lens_words import no_data, recipe_name
from views.selfcheck.marks import mark_words, marked_names

if TYPE_CHECKING:
    import pandas as pd

    from layers import Bands, Scores
    from layers.dataset import Source
    from layers.provenance import Provenance
    from views.figures import Figure
    from views.i18n import Words
    from views.state import PageState

__all__ = ["Matter", "about", "band_words", "layers_shown", "scope", "title_of"]

#: Spread of the weightings -> its words.
_SPREADS = {None: "spread_all", 0.5: "spread_half", 0.25: "spread_quarter"}


@dataclass(frozen=True)
class Matter:
    """What an embed shows.

    Attributes
    ----------
    address : str
        Address of the same view in an app that serves it; empty if none is known.
    """

    state: PageState
    scores: Scores
    bands: Bands
    words: Words
    address: str = ""

    @cached_property
    def names(self) -> pd.Series:
        """Name of every region."""
        return marked_names(self.scores)

    @cached_property
    def provenance(self) -> Provenance:
        """Data, choices and sources behind the scores."""
        return provenance(self.scores, self.bands)


def title_of(matter: Matter, shown: Figure) -> str:
    """Return the heading of a map: of the score the dataset's own, else what is shown."""
    if matter.state.show == "score":
        return matter.words.of(matter.scores.dataset.title)
    return shown.legend


def scope(matter: Matter) -> list[str]:
    """Say whose weights these are, among whom ranks hold, and of which years the values are."""
    scores, words = matter.scores, matter.words
    years = scores.years[scores.years > 0]
    among = scores.recipe.reference.set
    parts = [
        words("embed.weights", name=recipe_name(scores, words)),
        words(f"map.caption_{among}", of=words.number(int(scores.ranks.notna().sum()))),
        words("map.caption_years", first=int(years.min()), last=int(years.max())),
    ]  # fmt: skip
    if not scores.selected.all() and among == "all":
        count = words.number(int(scores.selected.sum()))
        parts.insert(2, words("map.caption_selection", count=count))
    if lacking := no_data(scores.dataset, words):
        parts.append(lacking)
    if marked := mark_words(scores, words):
        parts.append(marked)
    return parts


def band_words(matter: Matter) -> str:
    """Say in one sentence what a rank band means."""
    words = matter.words
    # A spread of one's own comes from the command line.
    key = _SPREADS.get(matter.bands.spread, "spread_own")
    share = words.percent(matter.bands.spread or 0)
    spread = words(f"embed.{key}", share=share)
    return words("embed.band", draws=words.number(matter.bands.draws), spread=spread)


def layers_shown(matter: Matter) -> dict[str, str]:
    """Keys and names of the layers directly below the index in which anybody has a value."""
    scores, words = matter.scores, matter.words
    return {
        one.id: words.of(one.name)
        for one in scores.dataset.catalogue.sublayers()
        if scores.layers[one.id].notna().any()
    }


def about(matter: Matter) -> dict[str, Any]:
    """Dataset, recipe, citation and sources, in the reader's language."""
    words, told = matter.words, matter.provenance
    return {
        "dataset": words(
            "sources.dataset", reference=told.reference, gebietsstand=told.gebietsstand
        ),
        "recipe": words(
            "embed.recipe", name=words.of(told.called), hash=told.recipe_hash
        ),
        "citation": told.citation(words.language),
        "publishers": _publishers(told),
        "open": sum(one.licence_status != "confirmed" for one in told.sources.values()),
        "sources": [_source(one, words) for one in told.sources.values()],
    }  # fmt: skip


def _source(one: Source, words: Words) -> dict[str, str]:
    """Say whose data these are, under which licence, and whether that is confirmed."""
    licence = words("embed.not_stated") if one.licence == "not-stated" else one.licence
    status = words(f"sources.{one.licence_status.replace('-', '_')}")
    return {
        "attribution": one.attribution, "licence": licence, "status": status,
        "licence_url": _web(one.licence_url), "url": _web(one.url),
        "changes": words.of(one.changes),
        "line": f"{one.attribution} ({words('embed.licence')}: {licence}; {status})",
    }  # fmt: skip


def _publishers(told: Provenance) -> list[str]:
    """Name everybody once, in the order of the sources."""
    named = (one.publisher.split("; ") for one in told.sources.values())
    return list(dict.fromkeys(name for names in named for name in names))


def _web(address: str) -> str:
    """Let only addresses of the web become links; a dataset folder may hold anything."""
    return address if address.startswith(("https://", "http://")) else ""
