"""Every page can be reached from every page."""

from __future__ import annotations

from views.i18n import words
from views.pages.navigation import MENUS, PAGES


def test_every_page_stands_in_one_menu_and_the_home_page_comes_first():
    listed = [page for pages in MENUS.values() for page in pages]
    assert sorted(listed) == sorted(PAGES)
    assert listed[0] == next(iter(PAGES)) == "map"


def test_menus_and_pages_have_names_of_their_own_in_both_languages():
    for one in (words("de"), words("en")):
        named = [one(f"menus.{menu}") for menu in MENUS if menu]
        named += [one(f"pages.{page}") for page in PAGES]
        assert len(set(named)) == len(named)
