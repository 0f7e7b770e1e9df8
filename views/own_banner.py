"""What says on every page that data of somebody's own are part of what it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from layers.extend import own_indicators
from layers.selfcheck.as_layer import LAYER, self_assessed

if TYPE_CHECKING:
    from layers.dataset import Dataset
    from views.i18n import Words

__all__ = ["show"]


def show(dataset: Dataset, words: Words) -> None:
    """Name the indicators that were added; nothing if there are none."""
    added = own_indicators(dataset)
    if not added:
        return
    given = [words.of(one.name) for one in added if not one.id.startswith(LAYER)]
    listed = ", ".join(words("own_data.quoted", name=name) for name in given)
    regions = dataset.regions
    labels = regions["label" if "label" in regions else "name"]
    rated = ", ".join(str(labels[key]) for key in self_assessed(dataset))
    with st.container(key="own-banner"):
        if given:
            st.info(words("own_data.banner", names=listed), icon=":material/person:")
        if rated:
            st.info(words("selfcheck.banner", names=rated), icon=":material/group:")
