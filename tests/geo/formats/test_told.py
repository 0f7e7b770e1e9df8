"""What must be true of the words in a bundle: they name everything, in both languages."""

from __future__ import annotations

from dataclasses import replace

from geo.formats import told


def test_title_and_description_name_data_recipe_and_certainty(document):
    title, text = told.title(document), told.description(document)
    assert title.de == "Spielzeugdatensatz (erfunden): Gleich gewichtet"
    for language in ("de", "en"):
        assert document.provenance.recipe_hash in text[language]
        assert "rank_p05" in text[language]
        assert "{" not in text[language]


def test_without_bands_nothing_is_said_about_them(document):
    assert "rank_p05" not in told.description(replace(document, bands=None)).en


def test_sources_of_one_licence_stand_together(mapped_scores, document):
    free = mapped_scores.dataset.sources["invented"]
    more = free.model_copy(update={"licence": "not-stated"})
    open_ = free.model_copy(update={"licence_status": "to-confirm"})
    sources = {"invented": free, "other": free, "third": more, "fourth": open_}
    dataset = replace(mapped_scores.dataset, sources=sources)
    found = replace(document, scores=replace(mapped_scores, dataset=dataset))
    assert [(one.name, one.told.en) for one in told.licences(found)] == [
        ("CC0-1.0", "CC0-1.0, for: invented, other"),
        ("", "not stated, to be asked of the publisher, for: third"),
        ("CC0-1.0", "CC0-1.0 (still to be confirmed by the publisher), for: fourth"),
    ]
    assert "for: third" in told.rights(found).en
