"""Whatever comes in is taken or refused in one line: true input with anything put into it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.hostile.seeds import BITS, SEEDS
from tests.hostile.targets import TARGETS, look

#: Opening a workbook starts a process: it is looked at by `test_tables.py` and `fuzz.py`.
QUICK = [name for name in TARGETS if name != "sheets"]


@st.composite
def mutated(draw, seeds):
    """Cut, repeat and mix true input with odd bits."""
    data = draw(st.sampled_from(seeds))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        to = draw(st.integers(at, min(len(data), at + 40)))
        odd = draw(
            st.sampled_from(BITS)
            | st.just(data[at:to] * draw(st.integers(2, 50)))
            | st.binary(max_size=8)
            | st.text(max_size=4).map(str.encode)
        )
        data = data[:at] + odd + data[to if draw(st.booleans()) else at :]
    return data


@pytest.mark.parametrize("name", QUICK)
def test_what_comes_from_outside_is_taken_or_refused_in_one_line(name):
    @given(mutated(SEEDS.get(name, (b"", SEEDS["json"][0], SEEDS["table"][0]))))
    @settings(parent=settings(), max_examples=max(12, settings().max_examples // 2))
    def taken_or_refused(data):
        look(name, data)

    taken_or_refused()
