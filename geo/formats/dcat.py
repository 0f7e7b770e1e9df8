"""Description of a bundle for data portals: DCAT-AP.de 3.0 as JSON-LD.

Addresses of the files are relative to the description, so that they are right wherever the unpacked
bundle is put on a server. Left out is what only the one who publishes it knows: ``contributorID``
(GovData assigns it), contact point, date of publication.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from geo.formats import told
from geo.formats.areas import extent
from geo.formats.datapackage import MEDIA

if TYPE_CHECKING:
    from geo.document import Document
    from layers.catalogue import Text
    from layers.dataset import Source

__all__ = ["description"]

_CONTEXT = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatde": "http://dcat-ap.de/def/dcatde/",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "gsp": "http://www.opengis.net/ont/geosparql#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_EU = "http://publications.europa.eu/resource/authority"
_LICENCES = "http://dcat-ap.de/def/licenses"
#: SPDX identifier (in capitals) -> name in GovData's list of licences.
_GOVDATA = {
    "CC0-1.0": "cc-zero",
    "CC-BY-4.0": "cc-by/4.0",
    "CC-BY-SA-4.0": "cc-by-sa/4.0",
    "DL-DE-BY-2.0": "dl-by-de/2.0",
    "DL-DE-ZERO-2.0": "dl-zero-de/2.0",
    "ODBL-1.0": "odbl",
}
#: Where the licence of any source is unknown, unlisted or unconfirmed, nobody may think it open.
_OPEN, _CLOSED = "other-open", "other-closed"
#: Files of a bundle that are data -> file type in the list of the EU.
_DISTRIBUTIONS = {
    "scores.csv": "CSV",
    "values.csv": "CSV",
    "scores.geojson": "GEOJSON",
    "scores.gpkg": "GPKG",
}
_THEMES = ("REGI", "SOCI")
_LANGUAGES = {"de": "DEU", "en": "ENG"}
#: Level of regions that only Germany has.
_GERMAN = "kreis"


def description(document: Document, files: dict[str, bytes]) -> bytes:
    """Return ``dcat-ap.jsonld``: one dataset, with a distribution for each data file."""
    licence = _licence(list(document.provenance.sources.values()))
    distributions = [
        _distribution(name, files[name], licence, document)
        for name in _DISTRIBUTIONS
        if name in files
    ]
    content = {"@context": _CONTEXT, "@graph": [_dataset(document, distributions)]}
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, indent=2)
    return f"{text}\n".encode()


def _dataset(document: Document, distributions: list[dict[str, Any]]) -> dict[str, Any]:
    about = document.provenance
    return {
        "@id": "#dataset",
        "@type": "dcat:Dataset",
        "dct:title": _both(told.title(document)),
        "dct:description": _both(told.description(document)),
        "dct:identifier": f"{about.reference}:{about.recipe_hash}",
        "dcat:version": document.scores.dataset.version,
        "dct:publisher": {"@type": "foaf:Agent", "foaf:name": "Potenzialatlas"},
        "dcat:theme": [{"@id": f"{_EU}/data-theme/{one}"} for one in _THEMES],
        "dcat:keyword": _keywords(document),
        "dct:type": {"@id": f"{_EU}/dataset-type/STATISTICAL"},
        "dct:language": {"@id": f"{_EU}/language/{_LANGUAGES[document.language]}"},
        **_where(document),
        **_when(document),
        "dct:provenance": {
            "@type": "dct:ProvenanceStatement",
            "rdfs:label": [
                {"@language": language, "@value": about.citation(language)}
                for language in _LANGUAGES
            ],
        },
        "dct:source": [_source(one) for one in about.sources.values()],
        "dcat:distribution": distributions,
    }


def _distribution(name: str, content: bytes, licence: str, document: Document) -> dict[str, Any]:
    media = MEDIA[name.rpartition(".")[2]]
    return {
        "@id": f"#{name}",
        "@type": "dcat:Distribution",
        "dct:title": name,
        "dct:description": _both(told.file_note(name)),
        "dcat:accessURL": {"@id": name},
        "dcat:downloadURL": {"@id": name},
        "dcat:mediaType": {"@id": f"https://www.iana.org/assignments/media-types/{media}"},
        "dct:format": {"@id": f"{_EU}/file-type/{_DISTRIBUTIONS[name]}"},
        "dcat:byteSize": {"@type": "xsd:nonNegativeInteger", "@value": str(len(content))},
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": {
                "@type": "xsd:hexBinary",
                "@value": hashlib.sha256(content).hexdigest(),
            },
        },
        "dct:license": {"@id": licence},
        "dct:rights": {"@type": "dct:RightsStatement", "rdfs:label": _both(told.rights(document))},
        "dcatde:licenseAttributionByText": "; ".join(
            dict.fromkeys(one.attribution for one in document.provenance.sources.values())
        ),
    }


def _licence(sources: list[Source]) -> str:
    """Return GovData's address of the one licence that holds for all, else of a collective name."""
    names = {_GOVDATA.get(one.licence.upper()) for one in sources}
    sure = None not in names and all(one.licence_status == "confirmed" for one in sources)
    if not sure:
        return f"{_LICENCES}/{_CLOSED}"
    return f"{_LICENCES}/{names.pop() if len(names) == 1 else _OPEN}"


def _source(one: Source) -> dict[str, Any]:
    govdata = _GOVDATA.get(one.licence.upper())
    address = f"{_LICENCES}/{govdata}" if govdata else one.licence_url
    return {
        "@type": "dcat:Dataset",
        "dct:title": _both(one.title),
        "dct:description": one.attribution,
        "dct:publisher": {"@type": "foaf:Agent", "foaf:name": one.publisher},
        **({"dcat:landingPage": {"@id": one.url}} if one.url else {}),
        **({"dct:license": {"@id": address}} if address else {}),
    }


def _keywords(document: Document) -> list[dict[str, str]]:
    words = told.word("keywords")
    names = [one.name for one in document.scores.dataset.catalogue.sublayers()]
    return [
        {"@language": language, "@value": value}
        for language in _LANGUAGES
        for value in dict.fromkeys([*words[language].split(", "), *(n[language] for n in names)])
    ]


def _where(document: Document) -> dict[str, Any]:
    dataset = document.scores.dataset
    places: list[dict[str, Any]] = []
    level: dict[str, Any] = {}
    if dataset.region_level == _GERMAN:
        places.append({"@id": f"{_EU}/country/DEU", "@type": "dct:Location"})
        address = "http://dcat-ap.de/def/politicalGeocoding/Level/federal"
        level = {"dcatde:politicalGeocodingLevelURI": {"@id": address}}
    reach = extent(dataset.path)
    if reach is not None:
        west, south, east, north = (f"{one:.3f}" for one in reach)
        corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
        ring = ", ".join(" ".join(corner) for corner in corners)
        box = {"@type": "gsp:wktLiteral", "@value": f"POLYGON (({ring}))"}
        places.append({"@type": "dct:Location", "dcat:bbox": box})
    return ({"dct:spatial": places} if places else {}) | level


def _when(document: Document) -> dict[str, Any]:
    table = document.table
    if table["year_oldest"].isna().all():
        return {}
    first, last = f"{table['year_oldest'].min()}-01-01", f"{table['year_newest'].max()}-12-31"
    return {
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": {"@type": "xsd:date", "@value": first},
            "dcat:endDate": {"@type": "xsd:date", "@value": last},
        }
    }


def _both(text: Text) -> list[dict[str, str]]:
    return [{"@language": language, "@value": text[language]} for language in _LANGUAGES]
