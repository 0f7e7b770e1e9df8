"""What all sessions of one server share, read-only: dataset, drawing, presets, recent results.

A session to which somebody added data of their own has a dataset, presets and results of its own.
They lie in that session, and nowhere else; the functions here give whichever belong to the asker.

A session keeps the version of the dataset that it began with, so that no number changes under the
hands of somebody who works with it; `newer` says when the server has gone on to another one.

Everything kept has a bound. With 400 Kreise the largest, full, take so much memory:

==============================================  ======  ===========  ======
kept                                            most    each         full
==============================================  ======  ===========  ======
rank bands (here)                               64      1.3 MB       86 MB
scores (here)                                   64      0.75 MB      48 MB
numbers in words (`views.i18n`)                 86,016  0.4 kB       34 MB
tables for moving maps (`views.live`)           64      0.05-0.3 MB  20 MB
leaving out (`views.parts.profile`)             32      0.3 MB       9 MB
borders of a dataset (`geo.formats.areas`)      3       3 MB         9 MB
values by year (`layers.dataset`)               3       2.4 MB       7 MB
strokes of all regions (`views.parts.profile`)  32      0.2 MB       6 MB
borders as JSON (`geo.formats.mapfiles`)        12      0.4 MB       5 MB
strongest and weakest layers (`views.tips`)     32      0.1 MB       3 MB
classes of maps (`geo.classes`)                 256     6 kB         1.5 MB
==============================================  ======  ===========  ======
"""

from __future__ import annotations

import inspect
import os
from collections import OrderedDict
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, lru_cache, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from geo import boundaries, encode
from layers import Bands, Dataset, Recipe, Scores, paths, score
from layers.errors import DatasetError, PotenzialatlasError
from layers.home import active_dataset
from layers.paths import data_folder
from layers.robust import fingerprint, robust_scores
from layers.table import names_in
from views.i18n import speak_of
from views.state import SPREADS

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Mapping

__all__ = [
    "DRAWS", "SEED", "VARIABLE", "OwnSession", "bands", "dataset", "default_recipe", "drawing",
    "folder", "kept", "labels", "newer", "official", "one_version", "own", "presets", "scores",
    "set_own", "take_up", "warm_up",
]  # fmt: skip

Result = TypeVar("Result")

#: Weightings behind every rank band on the page: as many as the command line draws.
DRAWS = 1_000
SEED = 1
#: Environment variable that names one dataset folder for the whole server.
VARIABLE = "POTENZIALATLAS_DATASET"
_DEFAULT_PRESET = "equal"
_OWN = "own_dataset"
_FOLDER = "dataset_folder"
#: Results that one session with data of its own keeps, of each kind.
_KEPT_ALONE = 6
#: Versions kept open: the newest, and those that sessions still work with.
_VERSIONS = 3
#: Version that one piece of work rests on from its beginning to its end.
_pinned: ContextVar[Path | None] = ContextVar("pinned", default=None)


@dataclass(frozen=True)
class OwnSession:
    """What a session holds that works with data of its own; it ends with the session.

    Attributes
    ----------
    dataset : Dataset
        The official one, extended.
    results : mapping
        Recent results by function, then by what they were asked.
    """

    dataset: Dataset
    results: dict[str, OrderedDict[Hashable, Any]] = field(default_factory=dict)

    @cached_property
    def default_recipe(self) -> Recipe:
        """Recipe of a first visit, for this dataset."""
        return _for(self.dataset, _default_recipe(self.dataset.path))

    @cached_property
    def presets(self) -> dict[str, Recipe]:
        """The same presets; what was added counts as the catalogue says."""
        return {key: _for(self.dataset, one) for key, one in _presets(self.dataset.path).items()}

    def remember(self, name: str, key: Hashable, make: Callable[[], Result]) -> Result:
        """Return a result that was made before, or make it; the oldest are given up."""
        known = self.results.setdefault(name, OrderedDict())
        if key not in known:
            known[key] = make()
        known.move_to_end(key)
        while len(known) > _KEPT_ALONE:
            known.popitem(last=False)
        result: Result = known[key]
        return result


def _for(dataset: Dataset, recipe: Recipe) -> Recipe:
    return recipe.model_copy(update={"dataset": dataset.reference})


def own() -> OwnSession | None:
    """Return what the present session holds of its own; None if nothing, or outside any session."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return None
    held: OwnSession | None = st.session_state.get(_OWN)
    return held


def set_own(extended: Dataset | None) -> None:
    """Let the present session work with an extended dataset; None leads back to the official."""
    if extended is None:
        st.session_state.pop(_OWN, None)
    else:
        st.session_state[_OWN] = OwnSession(extended)


def kept(most: int) -> Callable[[Callable[..., Result]], Callable[..., Result]]:
    """Keep the results of a function: for all sessions, or in the one whose own data they show.

    Parameters
    ----------
    most : int
        Results that are kept for all sessions.

    Notes
    -----
    As with `st.cache_resource`, parameters that begin with an underscore are no part of the key.
    """

    def decorate(function: Callable[..., Result]) -> Callable[..., Result]:
        signature = inspect.signature(function)
        name = f"{function.__module__}.{function.__qualname__}"

        def make_shared(
            version: str, key: tuple[Hashable, ...], _make: Callable[[], Result]  # noqa: ARG001 -- the key of the cache
        ) -> Result:  # fmt: skip
            return _make()

        # Streamlit tells caches apart by the name of their function.
        make_shared.__module__, make_shared.__qualname__ = function.__module__, name
        shared = st.cache_resource(max_entries=most, show_spinner=False)(make_shared)

        @wraps(function)
        def call(*args: Any, **named: Any) -> Result:
            given = signature.bind(*args, **named).arguments
            key = tuple(value for name, value in given.items() if not name.startswith("_"))
            held = own()
            if held is not None:
                return held.remember(name, key, lambda: function(*args, **named))
            with one_version() as version:
                result: Result = shared(str(version), key, lambda: function(*args, **named))
                return result

        return call

    return decorate


def dataset_folder() -> Path:
    """Folder of the dataset that a session which begins now is shown."""
    return Path(os.environ.get(VARIABLE) or active_dataset())


def folder() -> Path:
    """Folder of the present session's version; outside any session, that of the newest."""
    pinned = _pinned.get()
    if pinned is not None:
        return pinned
    if get_script_run_ctx(suppress_warning=True) is None:
        return dataset_folder()
    if _FOLDER not in st.session_state:
        st.session_state[_FOLDER] = dataset_folder()
    held: Path = st.session_state[_FOLDER]
    return held


@contextmanager
def one_version() -> Iterator[Path]:
    """Let all that is asked for inside rest on one version, whatever is switched to meanwhile."""
    version = folder()
    token = _pinned.set(version)
    try:
        yield version
    finally:
        _pinned.reset(token)


def newer() -> bool:
    """Whether the server has gone on to another version than that of the present session."""
    try:
        return folder() != dataset_folder()
    except DatasetError:
        # What was switched to is gone; this session can carry on with what it has.
        return False


def take_up() -> None:
    """Let the present session go on to the version of the server."""
    st.session_state[_FOLDER] = dataset_folder()


def dataset() -> Dataset:
    """Dataset of the present session; do not change its frames."""
    held = own()
    return held.dataset if held else official()


def official() -> Dataset:
    """Dataset of the present session without what it adds to it; each version is opened once."""
    found = _opened(folder())
    speak_of(found.region_level)
    return found


@lru_cache(maxsize=_VERSIONS)
def _opened(version: Path) -> Dataset:
    return Dataset.open(version)


def drawing() -> Mapping[str, Any]:
    """Geometry for the browser, with the outlines of the Länder where regions have one."""
    return _drawn(folder())


@lru_cache(maxsize=_VERSIONS)
def _drawn(version: Path) -> Mapping[str, Any]:
    shapes = boundaries.load(version)
    if shapes is None:
        msg = f"{version}: there are no boundaries, so no map can be drawn."
        raise DatasetError(msg)
    regions = _opened(version).regions
    outlines = regions["land"].reindex(shapes.index) if "land" in regions else None
    return encode.encode(shapes, outlines_by=outlines)


def warm_up() -> None:
    """Do before the first visit what it would have to wait for."""
    # Streamlit asks for the stack at the first element of all; Python then looks through all its
    # modules for a quarter of a second, once.
    inspect.stack()
    try:
        with one_version():
            drawing()
            bands(default_recipe(), next(iter(SPREADS)))
    except PotenzialatlasError:
        # Said on the page, where somebody reads it.
        return


def presets() -> dict[str, Recipe]:
    """Preset recipes by file name, the default first."""
    held = own()
    return held.presets if held else _presets(folder())


def default_recipe() -> Recipe:
    """Recipe that a first visit sees."""
    held = own()
    return held.default_recipe if held else _default_recipe(folder())


@cache
def _presets(version: Path) -> dict[str, Recipe]:
    files = sorted((data_folder() / "recipes").glob("*.toml"))
    fitting = {path.stem: one for path in files if (one := paths.preset(path, _opened(version)))}
    return {_DEFAULT_PRESET: _default_recipe(version)} | fitting


@cache
def _default_recipe(version: Path) -> Recipe:
    return paths.default_recipe(_opened(version))


@kept(most=_VERSIONS)
def labels() -> dict[str, str]:
    """Names of all regions by key, in the order of the alphabet; do not change them."""
    named = names_in(dataset()).sort_values()
    return dict(zip(named.index, named, strict=True))


def scores(recipe: Recipe) -> Scores:
    """Score the dataset; recent recipes are kept."""
    return _scores(recipe.to_toml(), recipe)


def bands(recipe: Recipe, spread: str) -> Bands:
    """Rank bands around a recipe; recent ones are kept, and recipes with equal bands share them."""
    scored = scores(recipe)
    found = _bands(fingerprint(scored, spread=SPREADS[spread]), spread, recipe)
    return replace(found, warnings=scored.warnings)


@kept(most=64)
def _scores(key: str, _recipe: Recipe) -> Scores:  # noqa: ARG001 -- the key of the cache
    return score(dataset(), _recipe)


@kept(most=64)
def _bands(key: str, spread: str, _recipe: Recipe) -> Bands:  # noqa: ARG001 -- as above
    return robust_scores(scores(_recipe), draws=DRAWS, seed=SEED, spread=SPREADS[spread])
