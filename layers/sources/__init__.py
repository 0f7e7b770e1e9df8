"""One reader per publication: official file -> long table (region, year, value, flag)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.sources import arvig, badata, europawahl, gathered, umsteigeschluessel, zensus

if TYPE_CHECKING:
    from collections.abc import Mapping

    from layers.sources.longtable import Reader

#: Readers by the name that a build definition uses.
READERS: Mapping[str, Reader] = {
    "arvig": arvig.read,
    "badata": badata.read,
    "europawahl": europawahl.read,
    "gathered": gathered.read,
    "umsteigeschluessel": umsteigeschluessel.read,
    "zensus": zensus.read,
}
