"""The data home of an administrator who cannot write there, or who wrote into it by hand."""

from __future__ import annotations

import pytest

from layers.errors import DatasetError
from layers.home import EMBEDDED, Home


def test_a_home_that_cannot_be_made_is_named_with_the_way_out(tmp_path):
    (tmp_path / "file").touch()
    home = Home(tmp_path / "file" / "home")
    with pytest.raises(DatasetError, match=r"cannot be written .* POTENZIALATLAS_HOME"):
        home.rollback()


@pytest.mark.parametrize(
    "content", ["version = [[[", '[[version]]\nname = "../../etc"\n', "version = []\n"]
)
def test_a_broken_pointer_says_what_deleting_it_does(tmp_path, content):
    (tmp_path / "current.toml").write_text(content)
    with pytest.raises(DatasetError, match=r"current\.toml: .*; mend the file, or delete it"):
        Home(tmp_path).active()


def test_without_a_version_before_this_one_the_embedded_dataset_is_pointed_at(tmp_path):
    (tmp_path / "current.toml").write_text('[[version]]\nname = "2099.1"\n')
    home = Home(tmp_path)
    with pytest.raises(DatasetError, match="the active version is gone"):
        home.active()
    with pytest.raises(DatasetError, match=r"without .*current\.toml the embedded dataset"):
        home.rollback()
    (tmp_path / "current.toml").unlink()
    assert home.active() == home.version(EMBEDDED)
