"""True beginnings for fuzzing: what each target takes, as short as it can be."""

from __future__ import annotations

from tests.hostile.bombs import cell, xlsx

RECIPE = b"""name = { de = "A", en = "B" }
year = 2022
[filter]
land = ["01", 2, 0.5, true]
population = { min = 1, max = 2 }
[impute]
method = "knn"
indicators = { income = { method = "none" } }
[normalise]
method = "zscore"
range = [0, 100]
goalposts = { a = [0, 1] }
[aggregate]
method = "power"
p = 0.5
[weights]
"layer:housing" = 2.0
[directions]
"layer:housing" = "-"
[[members]]
name = "x"
"""
LINK = (
    b"n=A&ne=B&y=2022&f.land=01~02&fr.population=1~2&im=knn&ik=3&nm=zscore&nr=0~100&ng.a=0~1"
    b"&ag=power&ap=0.5&ao=1~2&w.housing=2&wi.x=0&dl.housing=down&ii.x=m!knn~k!3&al.y=m!owa~o!1!2"
)
TABLE = '# x\nSchlüssel;Wert\n01001;1.234,5\n1002;–\n"Halle (Saale)";2,5\n'.encode()
CHECK = """format = 1
kind = "selfcheck"
region = "03354"
place = "Dannenberg (Elbe)"
[[rater]]
id = "3f9a1c02"
date = 2026-11-21
ratings = { "governance.strategy" = 2 }
notes = { "governance.strategy" = "ä" }
[chosen]
next_steps = [{ text = "x" }]
""".encode()
FLAT = (
    b"statistics_code;statistics_label;time_code;time_label;time;1_variable_code;"
    b"1_variable_label;1_variable_attribute_code;1_variable_attribute_label;value;value_unit;"
    b"value_variable_code;value_variable_label\n"
    b"12411;B;STAG;Stichtag;2023-12-31;KREISE;K;01001;Flensburg;92550;Anzahl;BEVSTD;Bev\n"
)
VIEW = """GENESIS-Tabelle: 13211-01-03-4
Arbeitslose - Jahresdurchschnitt;;;;
;;;Arbeitslose;Arbeitslose
;;;;Ausländer
;;;Anzahl;Anzahl
2022;DG;Deutschland;60;12
2022;02;  Hamburg;30;-
2022;01001;      Flensburg, kreisfreie Stadt;20;.
__________
Stand: 02.01.2024 / 21:15:26
""".encode("cp1252")
#: Without the bytes by which a workbook is known.
BOOK = xlsx(b'<row r="1">' + cell(b"A1") + b'<c r="B1" s="1"/></row>')[4:]
JSON = b'{"Status": {"Code": 0, "Content": "x", "Type": "y"}, "features": [{"a": [1.5e3, null]}]}'
SEEDS: dict[str, tuple[bytes, ...]] = {
    "recipe": (RECIPE,), "link": (LINK,), "table": (TABLE,), "check": (CHECK,), "flat": (FLAT,),
    "view": (VIEW,), "sheets": (BOOK,),
    "numbers": ("1.234,5\n–\n+1e5\n1 000\n%".encode(),), "json": (JSON,), "answer": (JSON,),
    "names": ("Kiel, Landeshauptstadt (x)\u0301 <b>[a](http://b.c)".encode(),),
    "regional": (b'{"features": [{"properties": {"ags": "01001", "jahr": 2020, "ai0101": 1}}]}',),
    "eurostat": (
        (b'{"class": "dataset", "id": ["geo", "time"], "size": [1, 1], "value": {"0": 1},'
        b' "dimension": {"geo": {"category": {"index": {"DEF01": 0}}},'
        b' "time": {"category": {"index": {"2020": 0}}}}}'),
    ),
}  # fmt: skip
#: What is put into the middle of anything.
BITS = (
    b"\0", b"\xff", b"\xed\xa0\x80", "\u202e".encode(), "\u0301\u0316".encode() * 40, b"=1+1",
    b"<script>", b"../../etc/passwd", b"1e400", b"-0", b"nan", b"inf", b"5e-324", b"9" * 5_000,
    b"0x" + b"F" * 5_000, b"[" * 2_000, b"{a=" * 2_000, b'{"a":' * 2_000, b".a" * 50, b"\r" * 500,
    b'"', b"'''", b'"""', b";" * 500, b"\n" * 500, b"~", b"!", b"0000-00-00", b"[[a]]\n",
)  # fmt: skip
