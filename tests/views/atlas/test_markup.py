from html5lib import HTMLParser
from hypothesis import given
from hypothesis import strategies as st

from views.atlas.markup import Markup, join, markdown, phrase, table, tag

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Co", "Cn"]))


@given(TEXT, TEXT)
def test_any_text_stays_text(content, value):
    parser = HTMLParser(strict=False, namespaceHTMLElements=False)
    tree = parser.parseFragment(tag("p", content, title=value))
    assert [one.tag for one in tree.iter()][1:] == ["p"]
    assert (tree[0].text or "") == content
    assert tree[0].get("title") == value


def test_markup_is_not_escaped_twice():
    assert tag("p", tag("b", "a & b")) == "<p><b>a &amp; b</b></p>"
    assert join(["<", Markup("<br>")]) == "&lt;<br>"


def test_markdown_has_emphasis_but_no_raw_html():
    assert phrase("**fett** <script>") == "<strong>fett</strong> &lt;script&gt;"
    assert "<h2>Kopf</h2>" in markdown("## Kopf\n\n<div>")
    assert "<div>" not in markdown("## Kopf\n\n<div>")


def test_a_table_names_columns_and_rows():
    made = table("Titel", ("Kreis", "Wert"), [("A", "1")], class_="numbers")
    assert '<th scope="col">Kreis</th>' in made
    assert '<th scope="row">A</th><td>1</td>' in made
    assert "<caption>Titel</caption>" in made
