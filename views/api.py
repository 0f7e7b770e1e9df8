"""Addresses beside the pages: embeds for other sites, and files for programs.

They answer the question that a permalink asks, with the same numbers as the app and ``ipot``. All
work is done in the server's threads, so that a slow file delays no page, and recent answers are
kept. What is sent says by its headers who may show it and what it may load.

==================================  ================================================
``embed/map``, ``embed/sliders``    the map, fixed or with weights to move
``embed/profile/KEY``               one region
``embed/compare/KEY/KEY``           two regions
``api/scores.geojson`` and others   one row per region: ``.csv``, ``.json``, ``.topojson``
``api/recipe.toml``                 the recipe alone
``api/oembed?url=...``              what a content system needs to show an embed (oEmbed 1.0)
==================================  ================================================
"""

from __future__ import annotations

import hashlib
import json
import re
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache, wraps
from threading import BoundedSemaphore
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from layers.errors import PotenzialatlasError, RecipeError
from views import store
from views.asked import asked
from views.embed.build import KINDS, Kind, build
from views.embed.matter import Matter
from views.embed.snippet import frame
from views.i18n import words
from views.map_component import base_path
from views.state import PageState, write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from views.embed.build import Embed

__all__ = ["MOST", "routes"]

#: Bytes of a query that are read at most: a recipe that names every weight has some 2,000.
MOST = 8_000
#: Answers kept, of up to about 0.7 MB each, and how many are made at the same time.
_KEPT, _AT_ONCE = 32, 2
#: Seconds for which an answer need not be asked for again: links are public, data change rarely.
_FRESH = 600
#: CSS pixels that an embed is proposed at where nobody says how wide it may be.
_WIDTH = 600
_PIXELS = re.compile("[1-9][0-9]{0,8}")
_SAME, _BAD, _NOT_FOUND, _TOO_LONG, _FAULT, _NOT_DONE, _BUSY = 304, 400, 404, 414, 500, 501, 503
_MEDIA = {
    "geojson": "application/geo+json", "topojson": "application/json", "json": "application/json",
    "csv": "text/csv; charset=utf-8",
}  # fmt: skip
#: Questions that may wait for their turn; each holds one of the server's threads.
_IN_LINE = 10
_making, _line = BoundedSemaphore(_AT_ONCE), BoundedSemaphore(_AT_ONCE + _IN_LINE)


@dataclass(frozen=True)
class _Answer:
    """What is sent: content with its type, and who may show it and load what."""

    content: bytes
    media: str
    policy: str

    @property
    def tag(self) -> str:
        return f'"{hashlib.sha256(self.content).hexdigest()[:20]}"'


def routes() -> list[BaseRoute]:
    """Routes for `st.App(script, routes=...)`."""
    root = base_path()
    return [
        Route(f"{root}/embed/{{kind}}", _answering(_embed)),
        Route(f"{root}/embed/{{kind}}/{{one}}", _answering(_embed)),
        Route(f"{root}/embed/{{kind}}/{{one}}/{{other}}", _answering(_embed)),
        Route(f"{root}/api/scores.{{suffix}}", _answering(_scores)),
        Route(f"{root}/api/recipe.toml", _answering(_recipe)),
        Route(f"{root}/api/oembed", _answering(_oembed)),
    ]


def _answering(make: Callable[[Request], _Answer]) -> Callable[[Request], Response]:
    """Turn answers and refusals into responses; plain functions run in the server's threads."""

    @wraps(make)
    def endpoint(request: Request) -> Response:
        try:
            _check_length(request)
            with store.one_version():
                return _sent(make(request), request)
        except HTTPException as refusal:
            return _refused(refusal.status_code, str(refusal.detail))
        except RecipeError as refusal:
            return _refused(_BAD, str(refusal))
        except PotenzialatlasError:
            # What it says names places on the server, which are nobody else's business.
            return _refused(_FAULT, "the dataset of this server cannot give that.")

    return endpoint


def _check_length(request: Request) -> None:
    if len(request.scope["query_string"]) > MOST:
        raise HTTPException(_TOO_LONG, f"the query is longer than {MOST} bytes; shorten it.")


def _sent(answer: _Answer, request: Request) -> Response:
    headers = _headers(answer.policy) | {
        "ETag": answer.tag, "Cache-Control": f"public, max-age={_FRESH}",
    }  # fmt: skip
    known = [one.strip().removeprefix("W/") for one in
             request.headers.get("if-none-match", "").split(",")]  # fmt: skip
    if answer.tag in known or "*" in known:
        return Response(status_code=_SAME, headers=headers)
    return Response(answer.content, media_type=answer.media, headers=headers)


def _refused(status: int, message: str) -> Response:
    content = json.dumps({"error": " ".join(message.split())}, ensure_ascii=False).encode()
    headers = _headers(_ALONE) | {"Cache-Control": "no-store"}
    return Response(content, status, headers, media_type="application/json")


#: Policy of what is no page: it loads nothing and stands in no frame.
_ALONE = "default-src 'none'; frame-ancestors 'none'"


def _headers(policy: str) -> dict[str, str]:
    # Public data without cookies: any page may read them.
    shared = {"Access-Control-Allow-Origin": "*"} if policy == _ALONE else {}
    return shared | {
        "Content-Security-Policy": policy,
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }


# Embeds.


def _embed(request: Request) -> _Answer:
    parts = request.path_params
    regions = tuple(parts[key] for key in ("one", "other") if key in parts)
    query = _query(request.query_params.multi_items())
    made = _made(_kind(parts["kind"]), regions, query, _app(request), store.folder())
    return _Answer(made.html, "text/html", f"{made.policy}; frame-ancestors *")


def _kind(text: str) -> Kind:
    for kind in KINDS:
        if kind == text:
            return kind
    raise HTTPException(_NOT_FOUND, f"there is no embed '{text:.40}'; allowed: {', '.join(KINDS)}.")


@lru_cache(maxsize=_KEPT)
def _made(
    kind: Kind, regions: tuple[str, ...], query: str, app: str, folder: Path  # noqa: ARG001 -- part of the key
) -> Embed:  # fmt: skip
    """Build an embed, of which a few are made at once and the recent ones kept."""
    own = f"{app}/embed/{'/'.join((kind, *map(_plain, regions)))}{query and '?' + query}"
    oembed = f"{app}/api/oembed?{urlencode({'url': own, 'format': 'json'})}"
    _check_regions(regions)
    with _turn():
        return build(kind, _matter(query, app, *regions[:1]), regions, oembed=oembed)


@contextmanager
def _turn() -> Iterator[None]:
    """Wait until few enough are at work, or refuse where too many wait already."""
    if not _line.acquire(blocking=False):
        raise HTTPException(_BUSY, "the server is busy; ask again in a few seconds.")
    try:
        with _making:
            yield
    finally:
        _line.release()


def _check_regions(regions: tuple[str, ...]) -> None:
    for region in regions:
        if region not in store.dataset().regions.index:
            raise HTTPException(_NOT_FOUND, f"unknown region '{region:.40}'.")


def _plain(segment: str) -> str:
    return quote(segment, safe="")


def _app(request: Request) -> str:
    """Address of the app as the visitor wrote it, without the last slash."""
    try:
        return f"{request.url.scheme}://{request.url.netloc}{base_path()}"
    except ValueError:
        raise HTTPException(_BAD, "the request names a host that cannot be one.") from None


# Questions.


def _query(pairs: list[tuple[str, str]]) -> str:
    """Check a permalink's fields and write them in the one way that equal views share."""
    state = asked(pairs, store.dataset(), store.default_recipe())
    return urlencode(write(state, store.default_recipe()))


def _state(query: str) -> PageState:
    return asked(parse_qsl(query, keep_blank_values=True), store.dataset(), store.default_recipe())


def _matter(query: str, app: str = "", selected: str = "") -> Matter:
    """Score what a query asks for; an embed's way back opens its region in the app."""
    state = _state(query)
    state = replace(state, selected=selected or state.selected)
    back = urlencode(write(state, store.default_recipe()))
    address = f"{app}/{back and '?' + back}" if app else ""
    scores = store.scores(state.recipe)
    bands = store.bands(state.recipe, state.spread)
    return Matter(state, scores, bands, words(state.language), address)


# Files.


def _scores(request: Request) -> _Answer:
    suffix = request.path_params["suffix"]
    if suffix not in _MEDIA:
        allowed = ", ".join(f".{one}" for one in _MEDIA)
        raise HTTPException(_NOT_FOUND, f"there is no file '.{suffix:.20}'; allowed: {allowed}.")
    query = _query(request.query_params.multi_items())
    return _Answer(_file(suffix, query, store.folder()), _MEDIA[suffix], _ALONE)


@lru_cache(maxsize=_KEPT)
def _file(suffix: str, query: str, folder: Path) -> bytes:
    from geo import publish

    if suffix == "json":
        return _without_shapes(_file("geojson", query, folder))
    with _turn():
        matter = _matter(query)
        return publish.to_bytes(
            matter.scores, f".{suffix}", bands=matter.bands, language=matter.state.language
        )


def _without_shapes(geojson: bytes) -> bytes:
    """Return the rows of a GeoJSON file and what stands beside them, for those who have a map."""
    document = json.loads(geojson)
    rows = [one["properties"] for one in document.pop("features")]
    about = {key: one for key, one in document.items() if key not in {"type", "bbox"}}
    return json.dumps(about | {"regions": rows}, ensure_ascii=False).encode()


def _recipe(request: Request) -> _Answer:
    query = _query(request.query_params.multi_items())
    return _Answer(_state(query).recipe.to_toml().encode(), "application/toml", _ALONE)


# oEmbed, https://oembed.com: how a content system learns to show an address that somebody pasted.


def _oembed(request: Request) -> _Answer:
    asked_for = dict(request.query_params)
    if asked_for.get("format", "json") != "json":
        raise HTTPException(_NOT_DONE, "format: only json is given.")
    kind, regions, query = _taken_apart(asked_for.get("url", ""), _app(request))
    made = _made(kind, regions, query, _app(request), store.folder())
    width = _at_most(asked_for, "maxwidth", _WIDTH)
    height = _at_most(asked_for, "maxheight", made.height)
    told = {
        "type": "rich", "version": "1.0", "title": made.title,
        "provider_name": "Potenzialatlas", "provider_url": f"{_app(request)}/",
        "width": width, "height": height, "cache_age": _FRESH,
        "html": frame(
            made, asked_for["url"], words(_state(query).language), width=width, height=height
        ),
    }  # fmt: skip
    return _Answer(json.dumps(told, ensure_ascii=False).encode(), "application/json", _ALONE)


def _taken_apart(url: str, app: str) -> tuple[Kind, tuple[str, ...], str]:
    """Kind, regions and checked query of an embed's address; only addresses of this app count."""
    try:
        given, own = urlsplit(url), urlsplit(f"{app}/embed/")
    except ValueError:
        raise RecipeError(f"url = '{url:.60}': is no address.") from None
    if (given.scheme, given.netloc) != (own.scheme, own.netloc) or not given.path.startswith(
        own.path
    ):
        raise HTTPException(_NOT_FOUND, f"url: only addresses below {app}/embed/ are known here.")
    kind, *regions = given.path.removeprefix(own.path).split("/")
    return _kind(kind), tuple(regions), _query(parse_qsl(given.query, keep_blank_values=True))


def _at_most(asked_for: dict[str, str], key: str, usual: int) -> int:
    text = asked_for.get(key, "")
    if not text:
        return usual
    if not _PIXELS.fullmatch(text):
        raise RecipeError(f"{key} = '{text:.20}': a whole number of pixels from 1 is needed.")
    return min(usual, int(text))
