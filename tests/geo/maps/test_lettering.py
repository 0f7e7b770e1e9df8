import pytest

from geo.maps.lettering import lines, width

TEXT = "Ausländer unter den Arbeitslosen, je 100 zivile Erwerbspersonen dieses Alters"


@pytest.mark.parametrize("room", [75, 100, 200])
def test_lines_fit_and_keep_every_word(room):
    broken = lines(TEXT, 8, room)
    assert " ".join(broken) == TEXT
    assert all(width(line, 8) <= room for line in broken)


def test_a_word_that_is_too_wide_is_cut():
    broken = lines("https://sgx.geodatenzentrum.de/web_public/gdz/datenquellen.pdf", 8, 80)
    assert "".join(broken) == "https://sgx.geodatenzentrum.de/web_public/gdz/datenquellen.pdf"
    assert all(width(line, 8) <= 80 for line in broken)


def test_spaces_that_must_not_break_do_not():
    assert all("\N{NO-BREAK SPACE}%" in line for line in lines("12\N{NO-BREAK SPACE}%", 8, 500))


def test_nothing_takes_no_line():
    assert lines("", 8, 100) == []


def test_bold_is_wider():
    assert width(TEXT, 8, bold=True) > width(TEXT, 8)
