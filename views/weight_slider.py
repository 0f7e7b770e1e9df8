"""The slider of one weight: it moves the map live and tells the server when it is let go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from views.map_component import component

if TYPE_CHECKING:
    from views.i18n import Words

__all__ = ["STEPS", "describe", "factor", "weight_slider"]

#: Steps of a weight; a recipe's own value is added where it lies between them.
STEPS = (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0)

_mount = component("potenzialatlas_weight", "weights.js")


def weight_slider(layer: str, name: str, *, share: float, words: Words) -> None:
    """Show the slider of the weight that the session holds under ``w.LAYER``.

    Parameters
    ----------
    share : float
        Share of the layer in the index in percent, as the server knows it.
    """
    key, session = f"slider.{layer}", st.session_state
    value = float(session[f"w.{layer}"])
    data = describe(layer, name, value=value, share=share, words=words)

    def tell() -> None:
        told = (session[key].get("told") or {}).get("value")
        if isinstance(told, int | float) and told in data["steps"]:
            session[f"w.{layer}"] = float(told)

    # Kept as a state and sent with whatever is told next: Streamlit gives up a run that has not
    # begun for the next one, and what was told only once would be lost with it.
    _mount(key=key, data=data, on_told_change=tell)


def describe(
    layer: str, name: str, *, value: float, share: float, words: Words
) -> dict[str, Any]:  # fmt: skip
    """Return what ``component/weights.js`` takes; the share is in percent."""
    steps = sorted({*STEPS, value})
    return {
        "layer": layer, "label": words("weights.weight_of", name=name), "value": value,
        "steps": steps, "factors": [factor(step, words) for step in steps],
        "share": share, "off": words("weights.off"), "locale": words.locale,
    }  # fmt: skip


def factor(step: float, words: Words) -> str:
    """Write a weight as a factor."""
    decimals = len(f"{step:g}".partition(".")[2])
    return f"{words.number(step, decimals)}×"
