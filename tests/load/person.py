"""People who use the app: what each does next, what they must then see, how long they waited.

Every person has weights of their own and remembers them. After every action it is compared whether
the page speaks of these weights, this selection and this language, and of nobody else's.
"""

from __future__ import annotations

import asyncio
import csv
import io
import time
import zipfile
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from httpx import HTTPError
from websockets.exceptions import WebSocketException

from layers.query import from_query
from tests.load.tab import Lost, Tab

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from random import Random

    from layers import Dataset

#: Steps of a slider that people let go at.
STEPS = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0)
LANGUAGES = ("de", "en")
#: What people do on the map and elsewhere, and how often of 100 times.
ON_THE_MAP = {
    "move a slider": 44, "move two sliders": 4, "filter": 8, "select a Kreis": 10, "undo": 7,
    "change the language": 2, "show something else": 4, "open a profile": 8, "open a page": 8,
    "download": 5,
}  # fmt: skip
ON_A_PROFILE = {
    "move a slider": 35, "another profile": 25, "download": 5, "undo": 5, "back to the map": 30,
}  # fmt: skip
ELSEWHERE = {"move a slider": 40, "undo": 5, "open a page": 15, "back to the map": 40}
#: Pages that people look into besides, and how often of 100 times.
PAGES = {
    "indikatoren": 25, "vergleich": 15, "raumtypen": 15, "robustheit": 10, "veraenderung": 10,
    "gewichtungen": 10, "daten": 10, "methode": 5,
}  # fmt: skip
#: Pages without weights, which do not say them either.
TO_READ = ("daten", "methode")
#: Files that people take with them, and how often of 100 times.
FILES = {"get.xlsx": 50, "get.csv": 40, "get.bundle": 10}
MARKS = {"get.xlsx": b"PK", "get.bundle": b"PK"}


class Mixed(Exception):  # noqa: N818 -- it tells what was seen
    """A page shows what another person, or the same one earlier, has chosen."""


@dataclass(frozen=True)
class Wish:
    """What one person has chosen: weights other than 1 by layer, Länder, region, language."""

    weights: tuple[tuple[str, float], ...] = ()
    lands: tuple[str, ...] = ()
    selected: str = ""
    language: str = "de"

    def weighing(self, layer: str, weight: float) -> Wish:
        """Return the same with one weight changed."""
        kept = {**dict(self.weights), layer: weight}
        return replace(self, weights=tuple(sorted((k, v) for k, v in kept.items() if v != 1)))

    def like(self, other: Wish) -> Wish:
        """Return what undo leads to: weights and Länder of before."""
        return replace(self, weights=other.weights, lands=other.lands)


@dataclass(frozen=True)
class Sample:
    """One action and how long its answer took; `fault` says what was wrong with it."""

    action: str
    seconds: float
    fault: str = ""


@dataclass(frozen=True)
class Seen:
    """What a page showed of a wish: a table, or a text; compared with the library afterwards."""

    wish: Wish
    ids: tuple[str, ...] = ()
    ranks: tuple[float | None, ...] = ()
    scores: tuple[float | None, ...] = ()
    text: str = ""


@dataclass
class Person:
    """Somebody with a tab, a will and a memory."""

    tab: Tab
    random: Random
    dataset: Dataset
    wish: Wish = field(default_factory=Wish)
    trail: list[Wish] = field(default_factory=lambda: [Wish()])
    page: str = "karte"
    samples: list[Sample] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)

    async def arrive(self) -> None:
        """Open the app, and look what is there."""
        await self._timed("open the app", self.tab.open)

    async def stay(self, seconds: float, think: tuple[float, float]) -> None:
        """Act for a while, with pauses of `think` seconds between an answer and the next action."""
        end = time.monotonic() + seconds
        await asyncio.sleep(self.random.uniform(0, think[1]))
        if not self.tab.pages:
            # The app did not open, which stands among the samples.
            return
        while time.monotonic() < end:
            await self.act()
            await asyncio.sleep(self.random.uniform(*think))

    async def act(self) -> None:
        """Do one thing that somebody would do now."""
        choices = {"karte": ON_THE_MAP, "kreisprofil": ON_A_PROFILE}.get(self.page, ELSEWHERE)
        possible = {name: often for name, often in choices.items() if self._can(name)}
        (name,) = self.random.choices(list(possible), list(possible.values()))
        await self.do(name)

    async def do(self, name: str) -> None:
        """Do one thing, and note how long it took and what was wrong."""
        doing: dict[str, Callable[[], Awaitable[None]]] = {
            "move a slider": self._slide, "move two sliders": self._slide_twice,
            "filter": self._filter, "select a Kreis": self._select, "undo": self._undo,
            "change the language": self._speak, "show something else": self._show,
            "open a profile": self._profile, "another profile": self._other_profile,
            "open a page": self._open_page, "back to the map": self._back,
            "download": self._download,
        }  # fmt: skip
        if name == "download":
            await self._download()
            return
        await self._timed(name, doing[name])

    def _can(self, name: str) -> bool:
        if name == "undo":
            return len(self.trail) > 1 and self.page not in TO_READ
        if name == "open a profile":
            return bool(self.wish.selected)
        return name != "move a slider" or self.page not in TO_READ

    async def _timed(self, name: str, action: Callable[[], Awaitable[None]]) -> None:
        begin = time.perf_counter()
        fault = ""
        try:
            await action()
        except (Lost, Mixed, TimeoutError, OSError, WebSocketException, HTTPError) as error:
            fault = f"{type(error).__name__}: {error}"
        seconds = time.perf_counter() - begin
        if not fault:
            try:
                self.check()
            except (Lost, Mixed) as error:
                fault = f"{type(error).__name__}: {error}"
        self.samples.append(Sample(self._label(name), seconds, fault))

    def _label(self, name: str) -> str:
        if name == "open a page":
            return f"open {self.page}"
        if name == "move a slider" and self.page != "karte":
            return f"move a slider on {self.page}"
        return name

    def _changed(self, wish: Wish) -> None:
        self.wish = wish
        last = self.trail[-1]
        if (wish.weights, wish.lands) != (last.weights, last.lands):
            self.trail.append(wish)

    def _next_weight(self) -> tuple[str, float]:
        layer = self.random.choice([one.id for one in self.dataset.catalogue.sublayers()])
        now = dict(self.wish.weights).get(layer, 1.0)
        return layer, self.random.choice([step for step in STEPS if step != now])

    async def _slide(self) -> None:
        layer, weight = self._next_weight()
        self._changed(self.wish.weighing(layer, weight))
        self._let_go(layer, weight)
        await self.tab.rerun()

    def _let_go(self, layer: str, weight: float) -> None:
        """Leave a slider at a weight, as ``views/component/weights.js`` tells it."""
        told = {"value": weight, "at": time.time_ns() // 1_000_000}
        self.tab.hold(f"slider.{layer}", told=told)

    async def _slide_twice(self) -> None:
        """Let go of two sliders before the first has had its answer."""
        first, weight = self._next_weight()
        self.wish = self.wish.weighing(first, weight)
        self._let_go(first, weight)
        await self.tab.send()
        await asyncio.sleep(self.random.uniform(0.05, 0.4))
        layer, weight = self._next_weight()
        while layer == first:
            layer, weight = self._next_weight()
        self.wish = self.wish.weighing(layer, weight)
        self._let_go(layer, weight)
        await self.tab.send()
        await self.tab.settle(lambda: self._told().weights == self.wish.weights)
        # The first may have become a step of its own or not: nobody can say what undo leads to.
        self.trail = [self.wish]

    async def _filter(self) -> None:
        widget = self.tab.drawn.widget("f.land")
        codes = list(self.dataset.attributes["land"].values)
        if self.wish.lands:
            chosen = []
        else:
            chosen = sorted(self.random.sample(range(len(codes)), self.random.choice((1, 2, 3))))
        self._changed(replace(self.wish, lands=tuple(codes[place] for place in chosen)))
        await self.tab.set(f__land=[widget.options[place] for place in chosen])

    async def _select(self) -> None:
        others = [one for one in self.dataset.regions.index if one != self.wish.selected]
        region = self.random.choice(others)
        self.wish = replace(self.wish, selected=region)
        await self.tab.tell_by(self.random.choice(("map", "rows")), "selected", region)

    async def _undo(self) -> None:
        self.trail.pop()
        self.wish = self.wish.like(self.trail[-1])
        await self.tab.press("undo")

    async def _speak(self) -> None:
        place = 1 - LANGUAGES.index(self.wish.language)
        self.wish = replace(self.wish, language=LANGUAGES[place])
        label = self.tab.drawn.widget("language").options[place].content
        await self.tab.set(language=[label])

    async def _show(self) -> None:
        options = self.tab.drawn.widget("show").options
        await self.tab.set(show=self.random.choice(list(options)))

    async def _profile(self) -> None:
        self.page = "kreisprofil"
        await self.tab.follow("kreisprofil")

    async def _other_profile(self) -> None:
        labels = self.dataset.regions["label"].sort_values()
        place = self.random.randrange(len(labels))
        self.wish = replace(self.wish, selected=str(labels.index[place]))
        await self.tab.set(selected=self.tab.drawn.widget("selected").options[place])

    async def _open_page(self) -> None:
        others = {page: often for page, often in PAGES.items() if page != self.page}
        (self.page,) = self.random.choices(list(others), list(others.values()))
        await self.tab.go(self.page)

    async def _back(self) -> None:
        self.page = "karte"
        await self.tab.go("karte")

    async def _download(self) -> None:
        if self.page == "kreisprofil":
            await self._take("get.profile.csv")
            return
        (key,) = self.random.choices(list(FILES), list(FILES.values()))
        if key == "get.csv":
            await self._timed("open more files", lambda: self.tab.set(downloads__more=True))
        await self._take(key)
        if key == "get.csv":
            await self._timed("close more files", lambda: self.tab.set(downloads__more=False))

    async def _take(self, key: str) -> None:
        async def take() -> None:
            content = await self.tab.download(key)
            if key == "get.csv":
                self._read(content.decode())
            elif key in MARKS and not content.startswith(MARKS[key]):
                raise Lost(f"{key}: no file of its kind came")
            elif key in MARKS:
                zipfile.ZipFile(io.BytesIO(content)).testzip()

        await self._timed(f"download {key.removeprefix('get.')}", take)

    def _read(self, text: str) -> None:
        """Keep what a file says, to be compared."""
        rows = [line for line in text.splitlines() if not line.startswith("#")]
        table = list(csv.DictReader(rows))
        self.seen.append(Seen(
            self.wish, tuple(one["region"] for one in table),
            tuple(_number(one["rank"]) for one in table),
            tuple(_number(one["score"]) for one in table),
        ))  # fmt: skip

    def check(self) -> None:
        """Compare what is on the page with what this person has chosen.

        Raises
        ------
        Mixed
            If they differ.
        """
        told = self._told()
        if told.language != self.wish.language:
            raise Mixed(f"{self.page}: {told.language} instead of {self.wish.language}")
        if self.page in TO_READ:
            return
        if told != self.wish:
            raise Mixed(f"{self.page}: the page tells of {told} instead of {self.wish}")
        if self.page == "karte":
            self._check_table()
        elif self.page == "kreisprofil" and self.wish.selected:
            self.seen.append(Seen(self.wish, text=self.tab.drawn.texts()))

    def _told(self) -> Wish:
        """Return what the link in the address line says."""
        query = dict(parse_qsl(self.tab.query, keep_blank_values=True))
        recipe = from_query(query, columns=self.dataset.regions)
        weights = sorted((key.partition(":")[2], one) for key, one in recipe.weights.items())
        lands = tuple(str(one) for one in recipe.filter.get("land", []))
        return Wish(tuple(weights), lands, query.get("sel", ""), query.get("lang", "de"))

    def _check_table(self) -> None:
        rows = self.tab.component("rows")
        told = rows["weights"]
        if told is not None:
            chosen = {one.id: 1.0 for one in self.dataset.catalogue.sublayers()}
            if told != chosen | dict(self.wish.weights):
                raise Mixed(f"the table rests on {told} instead of {self.wish.weights}")
        columns = {one["kind"]: one["values"] for one in rows["columns"]}
        self.seen.append(Seen(self.wish, tuple(rows["ids"]), tuple(columns["rank"]),
                              tuple(columns["score"])))  # fmt: skip


def _number(text: str) -> float | None:
    return float(text) if text else None
