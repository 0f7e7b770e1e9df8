"""Self-checks made up for the tests."""

from __future__ import annotations

import datetime as dt

from layers.selfcheck.file import Rater, SelfCheck

DAY = dt.date(2026, 11, 21)


def rater(name="", *, day=DAY, notes=None, role="", mark="", **ratings):
    """Give a rater whose ratings are named with two underlines for the point."""
    given = {key.replace("__", "."): value for key, value in ratings.items()}
    return Rater(id=mark, name=name, role=role, date=day, ratings=given, notes=notes or {})


def selfcheck(*raters, region="A1", **more):
    return SelfCheck(region=region, raters=raters, **more)


#: Anna has answered two statements on work and passed on the budget, Ben one, and all of health.
ANNA = rater("Anna", work__partners=4, work__levels=1, governance__budget="not_ours")
BEN = rater(
    "Ben", role="Amt", work__partners=1, notes={"work.partners": "Zwei Zeilen,\n<b>fett</b>"},
    **{f"health__{key}": 3 for key in (
        "information", "interpreters", "languages", "psychosocial", "training", "access")},
)  # fmt: skip
BOTH = selfcheck(ANNA, BEN, place="Dorf")
