"""A printing office: files in the publishers' own formats, out of the values at hand.

Of some publications the true file lies beside the repository and is handed on as it is; of the
others only a copy in another form. Their values are set here the way the publisher prints them:
encoding, separators, keys, header lines, marks. Numbers keep all their digits.
"""

from __future__ import annotations

import csv
import shutil
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

import pandas as pd

from layers.sources.inkar import bulk

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from layers.sources.plan import Plan

#: Files in whatever form they were found.
RAW = Path(__file__).parents[2].parent / "shared" / "data"
_FOUND = RAW / "indicators"
_GATHERED = _FOUND / "kreis_indicators.parquet"
#: True files of the publishers -> where their reader looks for them.
TRUE_FILES = {
    "indicators/vgrdl_einkommen2021/vgrdl_r2b3_bs2022.xlsx": "vgrdl/vgrdl_r2b3_bs2022.xlsx",
    "indicators/inkar_extract2020/inkar_VH_24_02_05.csv": "inkar/inkar_VH_24_02_05.csv",
    "indicators/arvig/arvig_events.csv": "indicators/arvig/arvig_events.csv",
}
#: Export of the web site of INKAR -> label of its columns, column in the copy.
_EXPORTS = {
    "inkar_Helfer.csv": (
        "Offene Stellen mit Anforderungsniveau Helfer",
        "Offene_Stellen_mit_Anforderungsniveau_Helfer",
    ),
    "inkar_Medianeinkommen.csv": ("Medianeinkommen", "Medianeinkommen"),
    "inkar_Schutzsuchende.csv": (
        "Schutzsuchende an Bevölkerung", "Schutzsuchende_an_Bevölkerung",
    ),
}  # fmt: skip
_LAENDER = (
    "SH", "HH", "NI", "HB", "NW", "HE", "RP", "BW", "BY", "SL", "BE", "BB", "MV", "SN", "ST", "TH",
)  # fmt: skip


def print_all(folder: Path, plan: Plan) -> None:
    """Print every file that `plan` reads into `folder`, as an office would lay them down."""
    for found, place in TRUE_FILES.items():
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).symlink_to(RAW / found)
    (folder / "geo").symlink_to(RAW / "geo")
    for edition in ("2021", "2024"):
        wanted = {s.code for s in plan.series if (s.reader, s.table) == ("inkar_bulk", edition)}
        inkar_edition(folder / "inkar" / f"inkar_{edition}.zip", edition, wanted)
    inkar_exports(folder / "inkar")
    deutschlandatlas(folder / "deutschlandatlas" / "Deutschlandatlas-Daten.xlsx")
    agency(folder / "arbeitsagentur")
    federal_elections(folder / "bundeswahlleiterin")
    for year in ("19", "24"):
        european_election(folder / "bundeswahlleiterin" / f"ew{year}_kerg.csv", year)
    census(folder / "zensus2022" / "Regionaltabelle_Gebaeude_Wohnungen.xlsx")


def inkar_edition(path: Path, edition: str, codes: Iterable[str]) -> None:
    """Print INKAR as a whole: one CSV in a zip, nine columns, BOM, decimal comma, gaps empty.

    The edition of 2021 has lost the leading zeros of its keys. After each indicator follows a line
    of another collection with the same Kuerzel.
    """
    known = _inkar_register(edition)
    sources = {"2021": ["inkar2021"], "2024": ["inkar2024", "gerda_inkar2024"]}[edition]
    found = pd.read_parquet(_GATHERED, filters=[("source", "in", sources)])
    lines = [";".join(bulk.HEADER)]
    for code in sorted(codes):
        area, _, short_name = code.rpartition("/")
        number, name = known.loc[(area, short_name)]
        wide = _wide(found[found["indicator"] == short_name], "ags", "value")
        key = wide.index.str.lstrip("0") if edition == "2021" else wide.index
        head = f'{area};{number};{short_name};"{name}";Kreise;'
        for year, values in wide.items():
            cells = [_decimal_comma(value) for value in values]
            lines += [f'{head}{k}000;"";{year};{v}' for k, v in zip(key, cells, strict=True)]
        lines.append(f'Andere Sammlung;9{number};{short_name};"{name}";Kreise;01001000;"";2019;0')
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr(f"inkar_{edition}.csv", "\ufeff" + "\n".join([*lines, ""]))


def _inkar_register(edition: str) -> pd.DataFrame:
    """Number and name by (Bereich, Kuerzel)."""
    path = _FOUND / f"inkar{edition}" / f"inkar{edition}_indikatoren_metadata.csv"
    table = pd.read_csv(path, dtype="str")
    if edition == "2021":
        table = table.rename(columns={"id": "m_id", "kuerzel_2024": "kuerzel"})
    table = table.dropna(subset=["kuerzel"]).drop_duplicates(["bereich", "kuerzel"])
    return table.set_index(["bereich", "kuerzel"])[["m_id", "name"]].sort_index()


def _wide(table: pd.DataFrame, key: str, column: str) -> pd.DataFrame:
    """One row per key, one column per year that has any value."""
    return table.pivot_table(column, index=key, columns="year", aggfunc="first")


def _decimal_comma(value: float) -> str:
    return "" if pd.isna(value) else repr(value).replace(".", ",")


def inkar_exports(folder: Path) -> None:
    """Print tables of the web site: two header rows, quotes, two decimals, points at thousands."""
    found = _read(_FOUND / "inkar_extract2020" / "inkar_KRE_wide.csv", key="kreis_id")
    names = _names()
    for file, (label, column) in _EXPORTS.items():
        table = _wide(found, "kreis_id", column)
        lines: list[list[str]] = [
            ["Kennziffer", "Raumeinheit", "Aggregat", *[label] * len(table.columns)],
            ["", "", "", *map(str, table.columns)],
        ]
        lines += [
            [str(key), *names[str(key)], *("" if pd.isna(v) else _german(v) for v in row)]
            for key, row in zip(table.index, table.to_numpy(), strict=True)
        ]
        with (folder / file).open("w", encoding="utf-8-sig", newline="") as stream:
            writer = csv.writer(stream, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\n")
            writer.writerows(lines)


def _german(value: float) -> str:
    return f"{value:,.2f}".translate(str.maketrans(",.", ".,"))


def _names() -> dict[str, tuple[str, str]]:
    """Name and kind by key, from a true export."""
    path = RAW / next(iter(place for place in TRUE_FILES if "inkar_VH" in place))
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return {row[0]: (row[1], row[2]) for row in list(csv.reader(stream, delimiter=";"))[2:]}


def deutschlandatlas(path: Path) -> None:
    """Print the workbook: keys are numbers that end in 000 and have lost their zero."""
    table = _read(_FOUND / "deutschlandatlas_krs1222" / "deutschlandatlas_krs1222_kreise.csv")
    names = _names()
    columns = ["bev_binw", "bev_u18", "wahl_beteil", "wohn_leer", "alq"]
    rows: list[list[Any]] = [["KRS1222", "Kreisname", *columns]]
    rows += [
        [int(key) * 1000, names[key][0], *values]
        for key, *values in table[["ags", *columns]].itertuples(index=False)
    ]
    _workbook(path, {"Vorblatt": [["Deutschlandatlas"]], "Deutschlandatlas_KRS1222": rows})


def agency(folder: Path) -> None:
    """Print two workbooks of the Federal Employment Agency, in the layout of its tables of Kreise.

    Titles, two header rows with merged cells, numbers of the columns, a total, regions with key and
    name in one cell, people without a place, a footer; ``*`` where numbers are withheld.
    """
    found = pd.read_parquet(_FOUND / "ba_badata" / "badata_kreissummen_2012_2025.parquet")
    found["cell"] = found["summe"].astype("object").mask(found["n_fehlend"] > 0, "*")
    measures = {
        "Arbeitslose": {
            "Insgesamt": "unemployed_total_total", "Ausländer": "unemployed_foreigners_total",
        },
        "Gemeldete_Arbeitsstellen": {"Insgesamt": "jobs_total"},
    }  # fmt: skip
    for file, parts in measures.items():
        tables = {
            part: _wide(found[found["variable"] == name], "region", "cell")
            for part, name in parts.items()
        }
        sheet = _agency_sheet(file.replace("_", " "), tables)
        _workbook(folder / f"{file}.xlsx", {"Impressum": [[]], "Jahresdurchschnitte": sheet})


def _agency_sheet(title: str, tables: dict[str, pd.DataFrame]) -> list[list[Any]]:
    names = _names()
    years = [str(year) for year in next(iter(tables.values())).columns]
    blanks = [None] * (len(years) - 1)
    width = len(years) * len(tables)
    rows: list[list[Any]] = [
        [], [], [f"{title} nach Kreisen"], ["Jahresdurchschnitte"], [],
        ["Region", title, *[None] * (width - 1)],
        [None, *(cell for part in tables for cell in (part, *blanks))],
        [None, *years * len(tables)],
        [None, *range(1, width + 1)],
        ["Insgesamt", *[0] * width],
    ]  # fmt: skip
    cells = pd.concat(tables, axis="columns")
    for key, row in zip(cells.index, cells.to_numpy(), strict=True):
        rows.append([f"{key} {names.get(str(key), ('Hanau',))[0]}", *row])
    rows += [["XXX Keine Zuordnung möglich", *[0] * width], ["© Statistik der Bundesagentur"]]
    return rows


def federal_elections(folder: Path) -> None:
    """Print turnout by Kreis: cp1252, doubled line ends, two header lines, Germany at the end.

    The counts are those of a copy that moved them to the borders of 2021.
    """
    found = _read(_FOUND / "gerda_federal" / "federal_cty_harm.csv", key="county_code")
    names = _names()
    folder.mkdir(parents=True, exist_ok=True)
    counts = ["eligible_voters", "number_voters", "invalid_votes", "valid_votes"]
    for year, rows in found.groupby("election_year"):
        lines = [
            "© Die Bundeswahlleiterin, Wiesbaden;;;;;;",
            ";;;;;;",
            f"Ergebnisse der Bundestagswahl {year} nach kreisfreien Städten und Landkreisen;;;;;;",
            ";;;;;;",
            "Land;Statistische Kennziffer;Kreis;Wahlberechtigte;Wähler;Ungültige;Gültige",
            ";;;;;Zweitstimmen;Zweitstimmen",
        ]
        lines += [
            ";".join(
                [_LAENDER[int(key[:2]) - 1], key, names[key][0], *(str(count) for count in row)]
            )
            for key, *row in rows[["county_code", *counts]].itertuples(index=False)
        ]
        lines.append(";".join(["", "", "Bundesgebiet", *(str(n) for n in rows[counts].sum())]))
        text = "\r\r\n".join([*lines, ""])
        (folder / f"btw{year}kreis.csv").write_bytes(text.encode("cp1252"))


def european_election(path: Path, year: str) -> None:
    """Print a European election: titles and the columns of the election before are put back."""
    found = _FOUND / "bundeswahlleiterin_europawahl" / f"ew{year}_kerg_mod.csv"
    with found.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream, delimiter=";"))
    width = sum(bool(name) for name in rows[0])
    lines = [
        "(c) Die Bundeswahlleiterin, Wiesbaden;",
        f"Europawahl 20{year};",
        "Endgültiges Ergebnis;",
        ";".join([*rows[0][:3], *(f"{name};" for name in rows[0][3:width])]),
        ";".join(["", "", "", *["Endgültig;Vorperiode"] * (width - 3)]),
    ]
    lines += [";".join([*row[:3], *(f"{cell};" for cell in row[3:width])]) for row in rows[1:]]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([*lines, ""]), encoding="utf-8-sig")


def census(path: Path) -> None:
    """Print the regional table of the census: all levels mixed, keys of 12 digits, dashes."""
    found = _read(_FOUND / "gerda_census2022" / "gerda_census2022_gemeinden.csv")
    register = _read(RAW / "geo" / "destatis_gemeindeverzeichnis" / "gemeinden_2023-12-31.csv")
    long_keys = dict(zip(register["ags"], register["ars"], strict=True))
    head = ["Berichtszeitpunkt", "_RS", "Name", "Regionalebene"]
    rows: list[list[Any]] = [
        [*head, "GEBAEUDEART_SYS_1", "QMMIETE", "LEQ", "ETQ"],
        ["20220515", "00", "Deutschland", "Bund", "–", "–", "–", "–"],
    ]
    columns = ["total_dwellings", "avg_rent_per_m2", "vacancy_rate", "share_owner_occupied"]
    numbers = found[[f"{column}_census22" for column in columns]].astype("object")
    cells = numbers.where(numbers.notna(), "–").to_numpy()
    for key, name, row in zip(found["ags"], found["municipality_name"], cells, strict=True):
        ars = long_keys.get(key, f"{key[:5]}0000{key[5:]}")
        rows.append(["20220515", ars, name, "Gemeinde", *row])
    _workbook(path, {"Impressum": [[]], "CSV-Wohnungen": rows})


def _read(path: Path, *, key: str = "ags") -> pd.DataFrame:
    return pd.read_csv(path, dtype={key: "str", "ars": "str"}, low_memory=False)


def _workbook(path: Path, sheets: dict[str, Sequence[Sequence[Any]]]) -> None:
    """Write an XLSX; numbers keep their 17 digits, as the spreadsheet programs do it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    numbered = list(enumerate(sheets, start=1))
    listed = "".join(
        f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>' for n, name in numbered
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{office}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n, _ in numbered
    )
    root = f'<Relationship Id="rId1" Type="{office}/officeDocument" Target="xl/workbook.xml"/>'
    files = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships">{root}</Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>{listed}</sheets>'
        "</workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">{links}'
        "</Relationships>",
    }
    for n, name in numbered:
        rows = "".join(
            f'<row r="{line}">{"".join(map(_cell, row))}</row>'
            for line, row in enumerate(sheets[name], start=1)
        )
        files[f"xl/worksheets/sheet{n}.xml"] = (
            f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>'
        )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for place, text in files.items():
            archive.writestr(place, f'<?xml version="1.0" encoding="UTF-8"?>{text}')


def _cell(content: object) -> str:
    if content is None:
        return "<c/>"
    if isinstance(content, str):
        return f'<c t="inlineStr"><is><t>{escape(content)}</t></is></c>'
    return f"<c><v>{content!r}</v></c>"


def copy_true_atlas(folder: Path) -> None:
    """Put the true workbook of the Deutschlandatlas where its reader looks; it lacks 2025."""
    path = folder / "deutschlandatlas" / "Deutschlandatlas-Daten.xlsx"
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(RAW / "formats" / "deutschlandatlas" / path.name, path)
