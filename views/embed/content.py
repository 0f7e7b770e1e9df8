"""What the templates of each kind are filled with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from views.embed import figures, picture, table
from views.embed.matter import title_of
from views.figures import Figure, figure
from views.map_component import MISSING
from views.parts.profile_words import place, rank_words

if TYPE_CHECKING:
    import pandas as pd
    from markupsafe import Markup

    from views.embed.matter import Matter
    from views.map_component import MapClass

__all__ = ["comparison", "moving_map", "one_region", "plain_map"]


def plain_map(matter: Matter) -> dict[str, Any]:
    """Fill a map whose weights stand still."""
    return _map(matter, moving=False)


def moving_map(matter: Matter) -> dict[str, Any]:
    """Fill a map whose weights the reader moves."""
    return _map(matter, moving=True)


def _map(matter: Matter, *, moving: bool) -> dict[str, Any]:
    shown = figure(matter.state, matter.scores, matter.bands, matter.words)
    rows = table.rows(matter, shown)
    told = picture.told(matter, shown, list(rows), moving=moving)
    told["description"] = _description(matter, shown)
    document = picture.drawing(matter.scores.dataset)
    doubt = told["doubt"] or [0] * len(told["cls"])
    paths = [
        {"d": one["d"], "class": _paint(code, unsure), "dim": dim}
        for one, code, unsure, dim in zip(
            document["regions"], told["cls"], doubt, told["dim"], strict=True
        )
    ]  # fmt: skip
    return {
        "title": title_of(matter, shown), "drawing": document, "paths": paths, "told": told,
        "unsure": [f"u{k}" for k in range(len(told["classes"]))],
        "doubt": None if told["doubt"] is None else sum(doubt),
        "outside": told["cls"].count(picture.OUTSIDE),
        "head": table.columns(matter, shown), "rows": list(rows.values()),
        "style": _colours(told["classes"]),
    }  # fmt: skip


def _description(matter: Matter, shown: Figure) -> str:
    named = shown.values.set_axis(matter.names).dropna()
    return matter.words(
        "embed.description", what=shown.legend, high=_listed(named.nlargest(3), shown, matter),
        low=_listed(named.nsmallest(3), shown, matter),
    )  # fmt: skip


def _listed(values: pd.Series, shown: Figure, matter: Matter) -> str:
    return ", ".join(f"{n} ({shown.write(value, matter.words)})" for n, value in values.items())


def _paint(code: int, unsure: int) -> str:
    """Class of a path; the style sheet gives it the colour."""
    if code < 0:
        return "gap" if code == MISSING else "outside"
    return f"{'u' if unsure else 'k'}{code}"


def _colours(classes: list[MapClass]) -> str:
    """Write the style of the classes: colours are data, but the policy forbids style attributes."""
    rules = (
        f".k{k}{{fill:{one['colour']};--swatch:{one['colour']}}}.u{k}{{fill:url(#u{k})}}"
        for k, one in enumerate(classes)
    )
    return "".join(rules)


def one_region(matter: Matter, region: str) -> dict[str, Any]:
    """Fill a profile."""
    words, scores, name = matter.words, matter.scores, matter.names[region]
    reason = scores.reason[region]
    sentence, _ = rank_words(region, scores, matter.bands, words)
    ranked = figures.row_of(matter, region)["ranked"]
    yardsticks = figures.yardsticks(matter, region)
    return {
        "title": name, "facts": figures.facts(matter, region),
        "sentence": _strong(words(f"panel.missing_{reason}") if reason else sentence),
        "partly": words("profile.partly", share=words.percent(1 - ranked, 1)) if ranked < 1 else "",
        "strip": figures.strip(matter, region), "yardsticks": yardsticks,
        "bars": figures.bars(matter, region),
        "head": [words("profile.layer"), name, *yardsticks, words("profile.better")],
    }  # fmt: skip


def comparison(matter: Matter, one: str, other: str) -> dict[str, Any]:
    """Fill a comparison of two regions."""
    words = matter.words
    both = [matter.names[one], matter.names[other]]
    shares = figures.wins(matter, one, other)
    cells = [_figures(matter, key) for key in (one, other)]
    named = [words(f"table.{what}") for what in ("rank", "band", "score")]
    return {
        "title": words("embed.title_compare", a=both[0], b=both[1]), "names": both,
        "sentence": _strong(_ahead(matter, (one, other), shares)), "wins": shares,
        "strips": [figures.strip(matter, key) for key in (one, other)],
        "figures": list(zip(named, *cells, strict=True)),
        "bars": figures.pairs(matter, one, other), "head": [words("compare.layer"), *both],
    }  # fmt: skip


def _ahead(matter: Matter, both: tuple[str, str], shares: tuple[float, float] | None) -> str:
    """Say who is ahead in which share of the weightings, or who has no rank."""
    words, called = matter.words, matter.names
    if shares is None:
        unranked = [called[key] for key in both if matter.scores.reason[key]]
        return words("compare.unranked", names=", ".join(unranked))
    a, b = both if shares[0] >= shares[1] else both[::-1]
    share = words.percent(max(shares), 1)
    return words("compare.wins_words", a=called[a], b=called[b], share=share)


def _figures(matter: Matter, region: str) -> list[str]:
    """Rank, band and score of a region."""
    words, scores = matter.words, matter.scores
    row = figures.row_of(matter, region)
    return [
        place(scores.ranks[region], words), table.band(row["rank_p05"], row["rank_p95"], matter),
        words.number(scores.index[region], 1),
    ]  # fmt: skip


def _strong(sentence: str) -> Markup:
    """Turn the two stars of a sentence into an element, after names in it have been escaped."""
    from markupsafe import Markup, escape

    parts = str(escape(sentence)).split("**")
    marked = [f"<strong>{one}</strong>" if k % 2 else one for k, one in enumerate(parts)]
    return Markup("".join(marked))  # noqa: S704 -- the parts are escaped, the tags our own
