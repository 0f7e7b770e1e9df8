"""Tables on services beside newcomers, for reports on single regions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from layers.study.reports.report import with_names
from layers.study.strain import measures, standing
from layers.study.strain_pace import pace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from layers.score import Scores

__all__ = ["services_tables"]


def services_tables(scores: Scores, regions: Iterable[str]) -> dict[str, pd.DataFrame]:
    """Place regions in all measures of the services, and say how these changed.

    Returns
    -------
    dict of DataFrame
        ``services`` (`layers.study.strain.measures`) and ``pace``
        (`layers.study.strain_pace.pace`, for every service and measure of newcomers), with the
        columns ``region`` and ``name``; empty if the dataset has no such data.
    """
    dataset, year = scores.dataset.plain, scores.recipe.year_limit
    found, wanted = standing(dataset, year), list(regions)
    if not found.services:
        return {}
    places = [measures(found, key).assign(region=key) for key in wanted]
    changes = [
        pace(dataset, key, service, arrived, year=year)
        .reset_index()
        .assign(service=service.id, newcomers=arrived, region=key)
        for key in wanted
        for service in found.services
        for arrived in service.newcomers
    ]
    return {"services": _named(places, scores), "pace": _named(changes, scores)}


def _named(parts: list[pd.DataFrame], scores: Scores) -> pd.DataFrame:
    """Put tables together, with the columns that say what a row is about in front."""
    table = pd.concat([one for one in parts if not one.empty] or parts[:1])
    table = with_names(table.set_index("region"), scores)
    about = [key for key in ("region", "name", "service", "newcomers") if key in table]
    return table[[*about, *(key for key in table if key not in about)]]
