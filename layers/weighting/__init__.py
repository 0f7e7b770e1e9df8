"""Weights that come from the data or from people's judgement; they stand beside given ones."""
