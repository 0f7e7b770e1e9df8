"""One reader per publication: official file -> long table (region, year, value, flag)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.sources import (
    arbeitsagentur,
    arvig,
    badata,
    bundeswahlleiterin,
    deutschlandatlas,
    europawahl,
    eurostat,
    gathered,
    genesis,
    gv100ad,
    landatlas,
    regionalatlas,
    umsteigeschluessel,
    umsteigeschluessel_book,
    vgrdl,
    wegweiser,
    zensus,
    zensus_regional,
)
from layers.sources.inkar import bulk, web_export, wizard

if TYPE_CHECKING:
    from collections.abc import Mapping

    from layers.sources.longtable import Reader

#: Readers by the name that a build definition uses.
READERS: Mapping[str, Reader] = {
    "arbeitsagentur": arbeitsagentur.read,
    "arvig": arvig.read,
    "badata": badata.read,
    "bundeswahlleiterin": bundeswahlleiterin.read,
    "deutschlandatlas": deutschlandatlas.read,
    "europawahl": europawahl.read,
    "eurostat": eurostat.read,
    "gathered": gathered.read,
    "genesis": genesis.read,
    "genesis_view": genesis.read_view,
    "gv100ad": gv100ad.read,
    "inkar_bulk": bulk.read,
    "inkar_export": web_export.read,
    "inkar_wizard": wizard.read,
    "landatlas": landatlas.read,
    "regionalatlas": regionalatlas.read,
    "umsteigeschluessel": umsteigeschluessel.read,
    "umsteigeschluessel_book": umsteigeschluessel_book.read,
    "vgrdl": vgrdl.read,
    "wegweiser": wegweiser.read,
    "zensus": zensus.read,
    "zensus_regional": zensus_regional.read,
}
