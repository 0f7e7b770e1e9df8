"""What the atlas is made from, gathered once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from views import pictures
from views.frame import Scene

if TYPE_CHECKING:
    from geo.maps import Ground
    from layers.catalogue import Layer
    from views.i18n import Words
    from views.picture_words import View

__all__ = ["Matter"]

#: Smallest bend of a border in points, a fifth of a millimetre: a hundred maps are in one file.
_FINENESS = 0.6


@dataclass(frozen=True)
class Matter:
    """A view of the map page, whose recipe, classes and language all sheets share."""

    view: View

    @property
    def words(self) -> Words:
        """Words of its language."""
        return self.view.words

    @cached_property
    def ground(self) -> Ground:
        """Shapes of the regions."""
        return pictures.ground(self.view.dataset, fineness=_FINENESS)

    @cached_property
    def scene(self) -> Scene:
        """The same as pages of the app take it, so that their sentences can be used here."""
        view = self.view
        return Scene(
            "atlas", view.state, view.dataset, view.words, arrived=False, scores=view.scores
        )

    @cached_property
    def layers(self) -> list[Layer]:
        """Layers that have indicators of their own, in display order."""
        return [one for one in self.view.dataset.catalogue.layers if one.indicators]

    @property
    def indicators(self) -> list[str]:
        """All indicators, in display order."""
        return [one.id for layer in self.layers for one in layer.indicators]

    @property
    def scheme(self) -> str:
        """How classes are made, in words."""
        return self.words(f"map.{self.view.state.scheme}")
