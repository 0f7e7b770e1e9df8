"""The file of a self-check: one place, its raters with their answers, and what was concluded.

The file (TOML, format 1) is the only memory of a self-check: it stays with whoever saved it.

    format = 1
    kind = "selfcheck"
    region = "03354"                    # key in the dataset, which has the name
    place = "Dannenberg (Elbe)"         # free words: a municipality within the Kreis

    [[rater]]
    id = "3f9a1c02"                     # tells people without a name apart; may be missing
    name = "Bauamt"                     # may be missing, like the role
    date = 2026-11-21
    ratings = { "governance.strategy" = 2, "housing.public" = "not_ours" }
    notes = { "governance.strategy" = "Entwurf liegt vor." }

    [chosen]
    strengths = ["work.partners"]
    gaps = ["governance.budget"]
    next_steps = [{ text = "Posten beantragen", who = "Kämmerei", until = "März 2027" }]
"""

from __future__ import annotations

import datetime as dt
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictStr,
    field_validator,
    model_validator,
)

from layers.errors import SelfCheckError
from layers.plain import one_line, visible
from layers.selfcheck.statements import LOWEST, TOP, fields, statements
from layers.toml import parse_toml, validate

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "FORMAT", "LARGEST", "LONGEST_NOTE", "MOST_RATERS", "NOT_OURS", "Chosen", "Merged", "Rater",
    "Rating", "SelfCheck", "Step", "load", "merge", "new_rater", "one_line", "parse", "to_toml",
]  # fmt: skip

#: Version of the file format that this code reads and writes.
FORMAT = 1
KIND = "selfcheck"
#: Bytes that a file may have.
LARGEST = 1_000_000
MOST_RATERS = 50
MOST_STEPS = 20
LONGEST_NOTE = 2_000
LONGEST_NAME = 80
_LONGEST_STEP, _LONGEST_WORD = 300, 80
#: Rating of a statement that is somebody else's business.
NOT_OURS = "not_ours"
#: Days on which somebody can have rated.
_DAYS = (dt.date(2000, 1, 1), dt.date(2199, 12, 31))

#: 0 not at all, 1 beginnings, 2 partly, 3 largely, 4 fully; or not the place's competence.
Rating = int | Literal["not_ours"]


def _rating(value: Any) -> Any:
    # True is a number to Python, and 2.0 the same as 2; neither is a rating.
    whole = isinstance(value, int) and not isinstance(value, bool)
    if value == NOT_OURS or (whole and LOWEST <= value <= TOP):
        return value
    msg = f"a whole number from {LOWEST} to {TOP} or '{NOT_OURS}' is allowed"
    raise ValueError(msg)


def _day(value: Any) -> Any:
    if type(value) is dt.date and _DAYS[0] <= value <= _DAYS[1]:
        return value
    msg = "a day such as 2026-11-21, without quotation marks, is needed"
    raise ValueError(msg)


_Word = Annotated[StrictStr, AfterValidator(one_line), Field(max_length=LONGEST_NAME)]
_Short = Annotated[StrictStr, AfterValidator(one_line), Field(max_length=_LONGEST_WORD)]
_Sentence = Annotated[
    StrictStr, AfterValidator(one_line), Field(min_length=1, max_length=_LONGEST_STEP)
]
_Note = Annotated[StrictStr, AfterValidator(visible), Field(max_length=LONGEST_NOTE)]
_Rated = Annotated[Rating, BeforeValidator(_rating)]
_Day = Annotated[dt.date, BeforeValidator(_day)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


def _known(keys: Iterable[str]) -> None:
    for key in keys:
        if key not in statements():
            raise ValueError(_unknown(key))


def _unknown(key: str) -> str:
    theirs = [field for field in fields() if key.startswith(f"{field.id}.")]
    if theirs:
        listed = ", ".join(theirs[0].asked)
    else:
        listed = ", ".join(f"{field.id}.…" for field in fields())
    return f"there is no statement '{key:.80}'; known: {listed}"


class Rater(_Frozen):
    """One person (or office) with the answers of one day.

    Attributes
    ----------
    id : str
        Tells people without a name apart; "" in a file that was written by hand.
    ratings : dict
        Statement -> rating; a statement that is missing is not yet answered.
    notes : dict
        Statement -> plain text.
    """

    id: Annotated[str, Field(pattern=r"^[0-9a-f]{0,16}$")] = ""
    name: _Word = ""
    role: _Word = ""
    date: _Day
    ratings: dict[str, _Rated] = {}
    notes: dict[str, _Note] = {}

    @field_validator("ratings", "notes")
    @classmethod
    def _of_statements(cls, value: dict[str, Any]) -> dict[str, Any]:
        _known(value)
        return {key: value[key] for key in statements() if value.get(key, "") != ""}

    def same_person(self, other: Rater) -> bool:
        """Whether both are the answers of one person on one day, as far as a file can tell."""
        if self.date != other.date:
            return False
        named = bool(self.name or self.role)
        alike = (self.name.casefold(), self.role.casefold()) == (
            other.name.casefold(), other.role.casefold()
        )  # fmt: skip
        return (bool(self.id) and self.id == other.id) or (named and alike)


class Step(_Frozen):
    """One next step."""

    text: _Sentence
    who: _Short = ""
    until: _Short = ""


class Chosen(_Frozen):
    """What the people of the place concluded; nothing here is chosen by the program."""

    strengths: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    next_steps: Annotated[tuple[Step, ...], Field(max_length=MOST_STEPS)] = ()

    @field_validator("strengths", "gaps")
    @classmethod
    def _of_statements(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        _known(value)
        return tuple(dict.fromkeys(value))


class SelfCheck(_Frozen):
    """One self-check of one place.

    Attributes
    ----------
    region : str
        Key in the dataset.
    place : str
        Who it is about in the people's own words, such as a municipality of the region.
    """

    format: Literal[1] = 1
    kind: Literal["selfcheck"] = "selfcheck"
    region: Annotated[StrictStr, Field(pattern=r"^[A-Za-z0-9_.-]{1,20}$")]
    place: _Word = ""
    raters: Annotated[tuple[Rater, ...], Field(alias="rater", max_length=MOST_RATERS)] = ()
    chosen: Chosen = Chosen()

    @model_validator(mode="after")
    def _each_person_once(self) -> SelfCheck:
        for place, one in enumerate(self.raters):
            for number, other in enumerate(self.raters[:place]):
                # Two who bear one name are told apart by their ids.
                told_apart = one.id and other.id and one.id != other.id
                if one.same_person(other) and not told_apart:
                    msg = (
                        f"raters {number + 1} and {place + 1} are the same person "
                        f"({_called(one)}, {one.date}); one set of answers per day is allowed"
                    )
                    raise ValueError(msg)
        return self

    @property
    def date(self) -> dt.date | None:
        """Return the last day on which anybody rated."""
        return max((one.date for one in self.raters), default=None)


def _called(rater: Rater) -> str:
    return rater.name or rater.role or rater.id


def new_rater(date: dt.date, name: str = "", role: str = "") -> Rater:
    """Return somebody who has not answered yet."""
    return Rater(id=secrets.token_hex(4), name=name, role=role, date=date)


def parse(content: bytes, where: str) -> SelfCheck:
    """Read a self-check; `where` names it in errors.

    Raises
    ------
    SelfCheckError
        In one line with key and what is allowed; codes: "too_large", "not_toml", "foreign" (no
        self-check at all), "newer" (of a later format), "damaged".
    """
    if len(content) > LARGEST:
        msg = f"{where}: has {len(content):,} bytes; up to {LARGEST:,} are allowed."
        raise SelfCheckError(msg, code="too_large")
    try:
        told = parse_toml(content, where, SelfCheckError)
    except (ValueError, RecursionError) as error:
        # Brackets within brackets, or a number without end, make the parser give up by itself.
        msg = str(error) if isinstance(error, SelfCheckError) else f"{where}: is not valid TOML."
        raise SelfCheckError(msg, code="not_toml") from error
    _check_kind(told, where)
    try:
        return validate(SelfCheck, told, where=where, error=SelfCheckError)
    except SelfCheckError as error:
        raise SelfCheckError(str(error), code="damaged") from error


def _check_kind(told: dict[str, Any], where: str) -> None:
    if told.get("kind") != KIND:
        msg = f"{where}: is no self-check: the key 'kind' must be \"{KIND}\"."
        raise SelfCheckError(msg, code="foreign")
    version = told.get("format")
    if type(version) is not int or version < 1:
        msg = f"{where}: format = {version!r:.40}; {FORMAT} is allowed."
        raise SelfCheckError(msg, code="damaged")
    if version > FORMAT:
        msg = f"{where}: has the format {version}, this program reads {FORMAT}; use a newer one."
        raise SelfCheckError(msg, code="newer")


def load(path: Path) -> SelfCheck:
    """Read the file of a self-check.

    Raises
    ------
    SelfCheckError
        As `parse` does, or with code "unreadable".
    """
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST + 1)
    except OSError as cause:
        reason = cause.strerror or type(cause).__name__
        raise SelfCheckError(f"{path}: cannot be read ({reason}).", code="unreadable") from cause
    return parse(content, str(path))


def to_toml(check: SelfCheck) -> str:
    """Write a self-check as the text of its file; `parse` gives the same one back."""
    from tomli_w import dumps

    told = check.model_dump(include={"region", "place"}, exclude_defaults=True)
    parts = [dumps({"format": FORMAT, "kind": KIND} | told)]
    for one in check.raters:
        about = one.model_dump(exclude_defaults=True)
        answers = {key: about.pop(key) for key in ("ratings", "notes") if key in about}
        # Spelt out, one answer to a line, so that people can read and change it.
        parts.append(f"[[rater]]\n{dumps(about)}")
        parts += [f"[rater.{key}]\n{dumps(given)}" for key, given in answers.items()]
    if chosen := check.chosen.model_dump(exclude_defaults=True):
        parts.append(dumps({"chosen": chosen}))
    return "\n".join(parts)


class Merged(NamedTuple):
    """Two self-checks brought together.

    Attributes
    ----------
    added, replaced, kept, same : int
        Raters that were new; that took the place of their own earlier answers; that gave way to
        them; and that were there already, answer for answer.
    """

    check: SelfCheck
    added: int = 0
    replaced: int = 0
    kept: int = 0
    same: int = 0


def merge(check: SelfCheck, other: SelfCheck, *, replace: bool = True) -> Merged:
    """Bring the raters of two files of one place together.

    Parameters
    ----------
    check : SelfCheck
        Keeps its place and what was chosen; an empty one takes those of `other`.
    replace : bool
        Whether answers of `other` replace those of the same person on the same day.

    Raises
    ------
    SelfCheckError
        If the regions (code "other_region") or the places (code "other_place") differ, or there
        would be too many raters (code "too_many").
    """
    _check_place(check, other)
    raters = list(check.raters)
    counts = dict.fromkeys(("added", "replaced", "kept", "same"), 0)
    left = dict(enumerate(check.raters))
    for one in other.raters:
        place = _place_of(one, left)
        if place is None:
            raters.append(one)
            counts["added"] += 1
            continue
        known = left.pop(place)
        if known.model_copy(update={"id": one.id}) == one:
            counts["same"] += 1
        elif replace:
            raters[place] = one.model_copy(update={"id": one.id or known.id})
            counts["replaced"] += 1
        else:
            counts["kept"] += 1
    if len(raters) > MOST_RATERS:
        msg = f"together there would be {len(raters)} raters; up to {MOST_RATERS} are allowed."
        raise SelfCheckError(msg, code="too_many")
    chosen = check.chosen if check.chosen != Chosen() else other.chosen
    whole = {"raters": tuple(raters), "place": check.place or other.place, "chosen": chosen}
    return Merged(check.model_copy(update=whole), **counts)


def _place_of(one: Rater, raters: dict[int, Rater]) -> int | None:
    """Place of the same person among those not yet found: by id, else by name."""
    same = [place for place, known in raters.items() if known.same_person(one)]
    exact = [place for place in same if one.id and raters[place].id == one.id]
    return next(iter([*exact, *same]), None)


def _check_place(check: SelfCheck, other: SelfCheck) -> None:
    if check.region != other.region:
        msg = (
            f"region '{other.region}' is not '{check.region}'; only files of one place go together."
        )
        raise SelfCheckError(msg, code="other_region")
    places = (check.place.casefold(), other.place.casefold())
    if all(places) and places[0] != places[1]:
        msg = f"place '{other.place}' is not '{check.place}'; only files of one place go together."
        raise SelfCheckError(msg, code="other_place")
