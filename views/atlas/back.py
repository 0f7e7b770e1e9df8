"""Last pages of the atlas: sources with their licences, the method, and how to cite."""

from __future__ import annotations

from typing import TYPE_CHECKING

from views.atlas.markup import Markup, markdown, tag
from views.i18n import prose

if TYPE_CHECKING:
    from layers.dataset import Source
    from views.atlas.matter import Matter
    from views.i18n import Words

__all__ = ["method", "sources"]


def sources(matter: Matter) -> Markup:
    """List all sources with attribution, licence, and whether that is confirmed."""
    words, known = matter.words, matter.view.dataset.sources.values()
    confirmed = sum(one.licence_status == "confirmed" for one in known)
    keys = ("source", "attribution", "licence", "changes")
    return tag(
        "section",
        tag("h1", words("atlas.sources"), id="sources"),
        tag("p", words("atlas.sources_lead", confirmed=confirmed, count=len(known))),
        tag(
            "table",
            tag("thead", tag("tr", *(
                tag("th", words(f"atlas.{one}"), scope="col") for one in keys
            ))),
            tag("tbody", *(_row(one, words) for one in known)),
            class_="sources",
        ),
        class_="text",
    )  # fmt: skip


def _row(one: Source, words: Words) -> Markup:
    status = words(f"sources.{one.licence_status.replace('-', '_')}")
    licence = one.licence if one.licence != "not-stated" else words("indicators.licence_unknown")
    terms = ", ".join(filter(None, (licence, one.licence_url, status)))
    title = ". ".join(filter(None, (words.of(one.title), one.publisher, one.url)))
    changes = words.of(one.changes)
    return tag(
        "tr", tag("th", title, scope="row"), tag("td", one.attribution, lang="de"),
        tag("td", terms), tag("td", changes),
    )  # fmt: skip


def method(matter: Matter) -> Markup:
    """How scores and bands come about, how to cite, and the recipe in full."""
    words, about = matter.words, matter.view.about
    return tag(
        "section",
        tag("h1", words("atlas.method"), id="method"),
        markdown(prose("atlas_method", words.language)),
        tag("h2", words("atlas.cite")), tag("p", about.citation(words.language)),
        tag("h2", words("atlas.recipe_text")), tag("p", words("atlas.recipe_note")),
        tag("pre", about.recipe.to_toml().strip()),
        class_="text method",
    )  # fmt: skip
