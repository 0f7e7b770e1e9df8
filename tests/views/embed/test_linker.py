"""Modules laid into one script must do what they did before; what is not understood is refused."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from layers.errors import PotenzialatlasError
from views.embed.build import _COMPONENT, _ROOM
from views.embed.linker import WORKER, link

NODE = shutil.which("node")


def write(folder, **modules):
    for name, text in modules.items():
        (folder / f"{name}.js").write_text(text)
    return folder / "main.js"


@pytest.mark.skipif(NODE is None, reason="node is not installed")
def test_what_is_imported_renamed_passed_on_and_run_is_the_same(tmp_path):
    main = write(
        tmp_path,
        main=(
            'import { one, two as zwei } from "./a.js";\nimport {\n  Three,\n} from "./b.js";\n'
            'import "./c.js";\nconsole.log(one, zwei(), new Three().x, globalThis.ran);\n'
        ),
        a='export { one } from "./b.js";\nexport function two() { return 2; }\n',
        b="export const one = 1;\nexport class Three { x = 3; }\nconst two = 'inner';\n",
        c='import { one } from "./b.js";\nglobalThis.ran = one + 3;\n',
    )
    script = tmp_path / "linked.cjs"
    script.write_text(link(main))
    said = subprocess.run([NODE, str(script)], check=True, capture_output=True, text=True).stdout
    assert said.split() == ["1", "2", "3", "4"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('import * as all from "./a.js";', "import \\* as all"),
        ('import a from "./a.js";', "import a from"),
        ("export default 1;", "export default"),
        ("export let x = 1;", "export let"),
        ('const x = await import("./a.js");', "import\\("),
        ("const x = import.meta.env;", "import.meta"),
        ('import { x } from "./absent.js";', "absent.js: there is no such module"),
        ('import { x } from "./main.js";', "main.js -> main.js"),
        ('const x = "</script>";', "</script"),
        ('const x = "<!--";', "<!--"),
    ],
)
def test_what_is_not_understood_is_refused(tmp_path, text, words):
    main = write(tmp_path, main=text, a="export const a = 1;")
    with pytest.raises(PotenzialatlasError, match=words):
        link(main)


def test_the_apps_modules_go_in_as_they_are():
    """Only lines of import and export differ, so that the kernel is the app's kernel."""
    script = link(_ROOM / "embed.js", worker=_COMPONENT / WORKER)
    kernel = (_COMPONENT / "kernel.js").read_text()
    for part in re.split(r"^export (?:\{.*\} from .*;)?", kernel, flags=re.MULTILINE):
        assert part.strip() in script


@pytest.mark.skipif(NODE is None, reason="node is not installed")
def test_where_there_is_no_page_the_worker_runs(tmp_path):
    script = link(_ROOM / "embed.js", worker=_COMPONENT / WORKER)
    file = tmp_path / "worker.cjs"
    file.write_text(f"globalThis.self = {{}};\n{script}\nconsole.log(typeof self.onmessage);")
    said = subprocess.run([NODE, str(file)], check=True, capture_output=True, text=True).stdout
    assert said.strip() == "function"
