"""Long analyses run only when asked for, can be stopped, and never answer for other settings."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def _draw():
    import streamlit as st

    from layers import RecipeError
    from views import studies
    from views.i18n import words

    def work(tell):
        tell(1, 3)
        if st.session_state["does"] == "hangs":
            st.stop()
        if st.session_state["does"] == "fails":
            raise RecipeError("too little data.")
        return "the answer"

    st.session_state.setdefault("does", "works")
    key = st.session_state.get("key", "first")
    st.write(studies.report_of("slow", key, "Los", work, words("de")) or "nothing yet")


def opened(does="works"):
    app = AppTest.from_function(_draw, default_timeout=20)
    app.session_state["does"] = does
    return app.run()


def said(app):
    return " ".join(str(one.value) for one in [*app.markdown, *app.warning])


def test_nothing_runs_before_the_button_is_pressed():
    app = opened()
    assert said(app) == "nothing yet"
    assert "the answer" in said(app.button(key="studies.start.slow").click().run())


def test_an_answer_stays_until_what_it_was_about_changes():
    app = opened()
    app.button(key="studies.start.slow").click().run()
    assert said(app.run()) == "the answer"
    app.session_state["key"] = "second"
    assert said(app.run()) == "nothing yet"


def test_work_in_progress_shows_how_to_stop_it_and_stops():
    app = opened("hangs").button(key="studies.start.slow").click().run()
    assert [one.label for one in app.button] == ["Abbrechen"]
    app.button[0].click().run()
    assert [one.label for one in app.button] == ["Los"]
    assert said(app) == "nothing yet"


def test_what_cannot_be_computed_is_told_in_words():
    app = opened("fails").button(key="studies.start.slow").click().run()
    assert not app.exception
    assert "too little data" in said(app)
    assert [one.label for one in app.run().button] == ["Los"]
