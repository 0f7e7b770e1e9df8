"""The folder of a dataset with indicators of one's own, written so that it opens anywhere."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from layers import lenses, whole
from layers.catalogue import Catalogue, Indicator, Layer
from layers.errors import DatasetError
from layers.toml import read_toml

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from layers.dataset import Dataset, Source

__all__ = ["MARK", "is_extended", "write"]

#: What the version of an extended dataset has between that of the official one and a hash.
MARK = "+eigene."
_CATEGORIES = ("indicator", "flag", "source")


def is_extended(version: str) -> bool:
    """Whether a version, or ``id@version``, holds data of somebody's own."""
    return MARK in version


def write(dataset: Dataset, folder: Path) -> None:
    """Write an extended dataset as a folder that opens anywhere, whole or not at all.

    What the folder on which it rests holds besides (boundaries, attributes) is copied.

    Parameters
    ----------
    folder : Path
        New, empty, or an earlier version of the same dataset, which is replaced.

    Raises
    ------
    DatasetError
        If the folder holds something else, or cannot be written.
    """
    from layers.build import publish, write_values

    dataset = dataset.plain
    _check_target(dataset, folder)
    base = dataset.path
    copied: dict[str, Callable[[Path], None]] = {
        path.name: _copying(path)
        for path in sorted(base.iterdir())
        if path.is_file() and path.stem in ("regions", "boundaries")
    }
    copied["values.parquet"] = lambda place: write_values(_plain_values(dataset.values), place)
    try:
        with whole.workplace(Path(tempfile.gettempdir())) as definitions:
            texts_ = _write_texts(dataset, definitions)
            publish(definitions, folder, copied, texts_)
    except OSError as cause:
        raise DatasetError(f"{folder}: cannot be written ({whole.reason(cause)}).") from cause


def _copying(path: Path) -> Callable[[Path], None]:
    def copy(place: Path) -> None:
        shutil.copyfile(path, place)

    return copy


def _check_target(dataset: Dataset, folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise DatasetError(f"{folder}: is a file; name a folder.")
    if not folder.is_dir() or not any(folder.iterdir()):
        return
    head = folder / "dataset.toml"
    there = read_toml(head, DatasetError) if head.is_file() else {}
    if there.get("id") != dataset.id or not is_extended(str(there.get("version", ""))):
        msg = f"{folder}: holds something else already; name a new folder."
        raise DatasetError(msg)


def _write_texts(dataset: Dataset, folder: Path) -> dict[str, Path]:
    """Write head, catalogue, sources and lenses; returns what is to be copied from where."""
    import tomli_w

    base = dataset.path
    catalogue = folder / "catalogue"
    shutil.copytree(base / "catalogue", catalogue)
    before = Catalogue.load(catalogue)
    files = {_layer_id(path): path for path in catalogue.glob("*.toml")}
    for layer in dataset.catalogue.layers:
        added = [one for one in layer.indicators if one.id not in before.indicator_by_id]
        if layer.id not in before.layer_by_id:
            _append(catalogue / f"zz_{layer.id}.toml", tomli_w.dumps(_dumped(layer)))
        elif added:
            _append(files[layer.id], tomli_w.dumps({"indicator": [_dumped(one) for one in added]}))
    sources = folder / "sources.toml"
    shutil.copyfile(base / "sources.toml", sources)
    there = read_toml(sources, DatasetError)
    fresh = {key: _dumped(one) for key, one in dataset.sources.items() if key not in there}
    _append(sources, tomli_w.dumps(fresh))
    head = read_toml(base / "dataset.toml", DatasetError)
    head |= {"version": dataset.version, "title": dataset.title.model_dump()}
    head.pop("files", None)
    _append(folder / "dataset.toml", tomli_w.dumps(head))
    if (base / lenses.FOLDER).is_dir():
        shutil.copytree(base / lenses.FOLDER, folder / lenses.FOLDER)
    copied = {"catalogue": catalogue, "sources.toml": sources}
    if (base / "attributes.toml").is_file():
        copied["attributes.toml"] = base / "attributes.toml"
    return copied


def _layer_id(path: Path) -> str:
    return str(read_toml(path, DatasetError)["id"])


def _dumped(model: Layer | Indicator | Source) -> dict[str, Any]:
    return model.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def _append(path: Path, text: str) -> None:
    before = path.read_text(encoding="utf-8").rstrip() + "\n\n" if path.is_file() else ""
    path.write_text(before + text, encoding="utf-8", newline="\n")


def _plain_values(values: pd.DataFrame) -> pd.DataFrame:
    """Order as a build does, and turn categories back into text."""
    text = values.astype(dict.fromkeys(_CATEGORIES, "str"))
    return text.sort_values(["indicator", "region", "year"], ignore_index=True)
