"""Description of a bundle for programs: Frictionless Data Package 2.0 (datapackage.org)."""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any

import pandas as pd

from geo.formats import told

if TYPE_CHECKING:
    from geo.document import Document

__all__ = ["MEDIA", "descriptor"]

_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
#: Suffix -> media type of the data files of a bundle.
MEDIA = {
    "csv": "text/csv",
    "geojson": "application/geo+json",
    "gpkg": "application/geopackage+sqlite3",
    "toml": "application/toml",
}
#: Table -> columns that tell its rows apart.
_KEYS = {"scores": ["region"], "values": ["region", "indicator"]}


def descriptor(document: Document, tables: dict[str, Document], files: dict[str, bytes]) -> bytes:
    """Return ``datapackage.json``.

    Parameters
    ----------
    document : Document
        What the bundle is about.
    tables : dict of Document
        Name without suffix -> what its CSV was rendered from; they get a schema.
    files : dict of bytes
        All files to list.
    """
    about, language = document.provenance, document.language
    content = {
        "$schema": _PROFILE,
        "name": _slug(f"{about.reference}-{about.recipe_hash}"),
        "title": told.title(document)[language],
        "description": told.description(document)[language],
        "version": document.scores.dataset.version,
        "citation": about.citation(language),
        "licenses": [_licence(one, language) for one in told.licences(document)],
        "sources": [_source(one) for one in about.to_dict(language)["sources"]],
        "contributors": [{"title": "Potenzialatlas", "roles": ["wrangler"]}],
        "resources": [
            _resource(name, content, tables.get(name.removesuffix(".csv")), language)
            for name, content in files.items()
        ],
    }
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, indent=2)
    return f"{text}\n".encode()


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9._-]+", "-", text.lower())


def _licence(one: told.Licence, language: str) -> dict[str, str]:
    content = {"name": one.name or "not-stated", "title": one.told[language]}
    return content | ({"path": one.url} if one.url else {})


def _source(one: dict[str, str]) -> dict[str, str]:
    """Title and address in the standard's words, all else in ours."""
    content = {"title": one["title"], "path": one["url"], "version": one["edition"]} | {
        key: one[key]
        for key in ("key", "publisher", "attribution", "licence", "licence_url", "licence_status",
                    "licence_note", "changes", "cite", "retrieved")
    }  # fmt: skip
    return {key: value for key, value in content.items() if value}


def _resource(
    path: str, content: bytes, document: Document | None, language: str
) -> dict[str, Any]:
    name, _, suffix = path.rpartition(".")
    resource = {
        "name": _slug(name if suffix == "csv" else path),
        "path": path,
        "description": told.file_note(path)[language],
        "format": suffix,
        "mediatype": MEDIA[suffix],
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
    }
    if suffix == "gpkg":
        del resource["encoding"]
    if document is None:
        return resource
    return resource | {
        "type": "table",
        "schema": _schema(name, document),
    }


def _schema(name: str, document: Document) -> dict[str, Any]:
    table, language = document.table, document.language
    fields = [
        {
            "name": one.name,
            "type": _type(table[one.name]),
            "description": one.text[language],
            **({"unit": one.unit[language]} if one.unit[language] else {}),
        }
        for one in document.code_book(table)
    ]
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""], "primaryKey": _KEYS[name]}
    if name != "scores":
        reference = {"resource": "scores", "fields": ["region"]}
        schema["foreignKeys"] = [{"fields": ["region"], "reference": reference}]
    return schema


def _type(column: pd.Series) -> str:
    kinds = {
        "boolean": pd.api.types.is_bool_dtype,
        "integer": pd.api.types.is_integer_dtype,
        "number": pd.api.types.is_float_dtype,
    }
    return next((name for name, is_kind in kinds.items() if is_kind(column)), "string")
