"""Building an embed: a page with one script, one style, and a policy that admits only these."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

from layers.errors import RecipeError
from views.embed import content, figures
from views.embed.linker import WORKER, link
from views.embed.matter import Matter, about, band_words, scope

if TYPE_CHECKING:
    from collections.abc import Callable

    from jinja2 import Environment
    from markupsafe import Markup

__all__ = ["KINDS", "LIMIT", "Embed", "Kind", "build"]

Kind = Literal["map", "sliders", "profile", "compare"]
KINDS: tuple[Kind, ...] = get_args(Kind)
#: Bytes that an embed may have at most.
LIMIT = 500_000
_ROOM = Path(__file__).parent
_COMPONENT = _ROOM.parent / "component"


@dataclass(frozen=True)
class Embed:
    """One embed, ready to be written or served.

    Attributes
    ----------
    title : str
        Its heading; a frame is to carry it.
    html : bytes
        The page.
    policy : str
        Its Content-Security-Policy; the page carries it as well.
    height : int
        CSS pixels that it takes at 600 pixels width.
    """

    kind: Kind
    title: str
    html: bytes
    policy: str
    height: int


class _Recipe(NamedTuple):
    """How a kind is made: regions it is about, its content, module, and usual height."""

    regions: int
    fill: Callable[..., dict[str, Any]]
    module: str
    height: int


_RECIPES: dict[Kind, _Recipe] = {
    "map": _Recipe(0, content.plain_map, "embed.js", 1780),
    "sliders": _Recipe(0, content.moving_map, "embed.js", 1700),
    "profile": _Recipe(1, content.one_region, "height.js", 1180),
    "compare": _Recipe(2, content.comparison, "height.js", 1280),
}


def build(
    kind: Kind, matter: Matter, regions: tuple[str, ...] = (), *, oembed: str = ""
) -> Embed:  # fmt: skip
    """Build an embed.

    Parameters
    ----------
    regions : tuple of str
        Key of the region of a profile, keys of the two of a comparison.
    oembed : str
        Address that describes this one to other programs, if it is served.

    Raises
    ------
    RecipeError
        If regions are missing, unknown or too many, or the reader's browser cannot follow weights.
    DatasetError
        If there is no drawing for a map.
    """
    recipe = _RECIPES[kind]
    _check(kind, recipe, matter, regions)
    filled = recipe.fill(matter, *regions)
    script, style = _script(recipe.module), _style() + filled.get("style", "")
    policy = _policy(script, style)
    text = _templates().get_template(f"{kind}.html").render(
        filled | {
            "about": about(matter), "address": matter.address, "band_words": band_words(matter),
            "data": _raw(_json(filled.get("told"))), "language": matter.words.language,
            "oembed": oembed, "policy": policy, "scope": scope(matter), "script": _raw(script),
            "style": _raw(style), "words": matter.words,
        }
    )  # fmt: skip
    return Embed(kind, filled["title"], text.encode(), policy, recipe.height)


def _check(kind: Kind, recipe: _Recipe, matter: Matter, regions: tuple[str, ...]) -> None:
    if len(regions) != recipe.regions or len(set(regions)) != len(regions):
        takes = ("no region", "one region", "two different regions")[recipe.regions]
        raise RecipeError(f"embed: kind '{kind}' takes {takes}; {len(regions)} given.")
    for region in regions:
        figures.check_region(matter, region)


def _json(told: dict[str, Any] | None) -> str:
    """Write JSON that cannot end the element it stands in."""
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c")


def _raw(text: str) -> Markup:
    from markupsafe import Markup

    return Markup(text)  # noqa: S704 -- script and style of our own, and JSON without a "<"


@cache
def _script(module: str) -> str:
    worker = _COMPONENT / WORKER if module == "embed.js" else None
    return link(_ROOM / module, worker=worker)


@cache
def _style() -> str:
    sheets = (_COMPONENT / "map.css", _COMPONENT / "weights.css", _ROOM / "embed.css")
    return "\n".join(sheet.read_text(encoding="utf-8") for sheet in sheets)


def _policy(script: str, style: str) -> str:
    """Allow this script and this style, what the script makes itself, and nothing from anywhere."""
    return "; ".join([
        "default-src 'none'", f"script-src '{_digest(script)}'", f"style-src '{_digest(style)}'",
        "img-src data:", "connect-src blob:", "worker-src blob:", "base-uri 'none'",
        "form-action 'none'",
    ])  # fmt: skip


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _templates() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(_ROOM / "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
