"""Try one change at a time in `layers/`: ``python tests/mutation/run.py [PATTERN ...] [--again]``.

mutmut makes the changes and keeps all of them in the folder ``mutants``, a copy of the tree. Its
own runner starts pytest anew for each of some ten thousand changes; here pytest collects the tests
once, and each change is tried in a fork of that process, by the tests that reach the changed
function, until the first of them fails. What was tried already is not tried again.
"""

from __future__ import annotations

import argparse
import ast
import gc
import hashlib
import json
import multiprocessing
import os
import re
import resource
import signal
import sys
import time
import tomllib
from collections import Counter, defaultdict
from fnmatch import fnmatch
from itertools import accumulate, pairwise
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
from mutmut import __main__ as mutmut
from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.state import state

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SURVIVED, KILLED, UNTESTED, UNSEEN, TIMEOUT = 0, 1, 33, 34, 36
#: Words with a space between them, or what joins a list: text for people, no name in code.
SENTENCE = re.compile(r"\w \w|^(XX)?[,;] (XX)?$")
#: A change may take this much processor time beyond five times what its tests take: 2 GB at most.
SECONDS, BYTES = 8, 2 * 1024**3


class Mutation:
    """A plugin of pytest that tries changes in place of running the tests once."""

    def __init__(self, patterns: list[str], *, again: bool, seconds: float, jobs: int) -> None:
        self.patterns, self.again, self.budget, self.jobs = patterns, again, seconds, jobs
        self.hits: dict[str, list[str]] = {}
        self.seconds: dict[str, float] = {}
        #: Which tests were asked about other changes of the same function, and which noticed.
        self.asked: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.noticed: defaultdict[str, Counter[str]] = defaultdict(Counter)
        #: Tests that are known to pass in a fork without any change.
        self.sound: set[str] = set()

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self) -> None:
        """One failing example is enough; nobody reads the smallest one."""
        phases = [hypothesis.Phase.explicit, hypothesis.Phase.generate]
        hypothesis.settings.register_profile(
            "mutation", parent=hypothesis.settings(), phases=phases, report_multiple_bugs=False
        )
        hypothesis.settings.load_profile("mutation")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if session.testsfailed:
            raise session.Interrupted("the tests cannot be collected")
        # Read before a test is run: a fork must not find what another test left in a cache.
        self._learn(session)
        items = {item.nodeid: item for item in session.items}
        # What stands here already is no fork's business: looking it through would copy it.
        gc.collect()
        gc.freeze()
        files = list(_changed_files(self.patterns))
        _share(files, self.jobs, lambda data: self._try_file(data, items))
        return True

    def _learn(self, session: pytest.Session) -> None:
        """Note which tests reach which function, and how long each takes."""
        known = Path("hits.json")
        store = json.loads(known.read_text()) if known.exists() else {}
        for path, items in _by_file(session.items).items():
            key = _digest([Path(path), *sorted(Path("layers").rglob("*.py"))])
            if store.get(path, {}).get("key") != key:
                store[path] = {"key": key, **_hits(items)}
                known.write_text(json.dumps(store))
            self.seconds.update(store[path]["seconds"])
            for function, tests in store[path]["hits"].items():
                self.hits.setdefault(function, []).extend(tests)

    def _try_file(self, data: SourceFileMutationData, items: dict[str, pytest.Item]) -> None:
        again = {None, SURVIVED, UNTESTED, TIMEOUT} if self.again else {None}
        due = [
            name for name, code in data.exit_code_by_key.items()
            if code in again and any(fnmatch(name, one) for one in self.patterns)
        ]  # fmt: skip
        unseen = _unseen(Path(data.path))
        begun = time.monotonic()
        self._try_nothing(due, data, items)
        for name in due:
            short = name.rpartition(".")[2]
            verdict = UNSEEN if short in unseen else self._try(name, data, items)
            data.exit_code_by_key[name] = verdict
            _save(data)
        counts = dict(Counter(data.exit_code_by_key.values()))
        print(f"{data.path}: {counts}, {time.monotonic() - begun:.0f} s", file=sys.__stderr__)

    def _try_nothing(
        self, due: list[str], data: SourceFileMutationData, items: dict[str, pytest.Item]
    ) -> None:
        """Without any change the same tests must pass in a fork; each is asked once."""
        due_tests = dict.fromkeys(test for name in due for test in self._tests(name, data, items))
        tests = [one for one in due_tests if one not in self.sound]
        chosen = [items[one] for one in tests]
        if chosen and (found := _fork("", chosen, self._limit(tests))) != (SURVIVED, None):
            raise chosen[0].session.Failed(f"{data.path}: fails without any change: {found}")
        self.sound.update(tests)

    def _try(self, name: str, data: SourceFileMutationData, items: dict[str, pytest.Item]) -> int:
        tests = self._tests(name, data, items)
        if not tests:
            return UNTESTED
        begun = time.monotonic()
        code, killer = _fork(name, [items[one] for one in tests], self._limit(tests))
        data.durations_by_key[name] = time.monotonic() - begun
        self.asked[_function(name)].update(tests if killer is None else tests[: killer + 1])
        if killer is not None:
            self.noticed[_function(name)][tests[killer]] += 1
        return code

    def _limit(self, tests: list[str]) -> int:
        return SECONDS + 5 * round(sum(self.seconds[one] for one in tests))

    def _tests(
        self, name: str, data: SourceFileMutationData, items: dict[str, pytest.Item]
    ) -> list[str]:
        """Tests that reach the function, worth some seconds; what notices most a second first."""
        asked, noticed = self.asked[_function(name)], self.noticed[_function(name)]
        own = f"test_{Path(data.path).name}"

        def worth(test: str) -> float:
            seen = noticed[test] + (0.5 if own in test else 0.1)
            return seen / (asked[test] + 1) / (self.seconds[test] + 0.02)

        tests = [one for one in self.hits.get(_function(name), []) if one in items]
        tests.sort(key=lambda one: (own not in one, -noticed[one], self.seconds[one]))
        spent = accumulate((self.seconds[one] for one in tests[:-1]), initial=0.0)
        tests = [one for one, so_far in zip(tests, spent, strict=False) if so_far < self.budget]
        return sorted(tests, key=worth, reverse=True)


def _share(files: list[SourceFileMutationData], jobs: int, work: Callable) -> None:
    """Have some forks of this process work, each on the next file that nobody has begun."""
    fork = multiprocessing.get_context("fork")
    turns = fork.SimpleQueue()
    for turn in (*range(len(files)), *[None] * jobs):
        turns.put(turn)

    def work_on() -> None:
        for turn in iter(turns.get, None):
            work(files[turn])

    helpers = [fork.Process(target=work_on) for _ in range(jobs)]
    for helper in helpers:
        helper.start()
    for helper in helpers:
        helper.join()
    if any(helper.exitcode for helper in helpers):
        raise pytest.exit.Exception("the run ended early: see above", returncode=1)


def _function(name: str) -> str:
    return name.partition("__mutmut_")[0]


def _fork(name: str, items: list[pytest.Item], limit: int) -> tuple[int, int | None]:
    """Run tests in a fork with one change in force; return its exit code and the failing test."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        # Whatever happens, this process must not go on as the runner.
        try:
            os._exit(_child(name, items, limit, write))
        except BaseException:  # noqa: BLE001
            os._exit(KILLED)
    os.close(write)
    told = os.read(read, 16)
    os.close(read)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        ends = {signal.SIGXCPU, signal.SIGALRM, signal.SIGKILL}
        return (TIMEOUT if os.WTERMSIG(status) in ends else KILLED), None
    return os.WEXITSTATUS(status), int(told) if told else None


def _child(name: str, items: list[pytest.Item], limit: int, write: int) -> int:
    _fall_silent()
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 5))
    resource.setrlimit(resource.RLIMIT_DATA, (BYTES, BYTES))
    signal.alarm(20 * limit)
    set_mutant_under_test(name)
    for number, _ in enumerate(_run(items)):
        if items[0].session.testsfailed:
            os.write(write, str(number).encode())
            return KILLED
    return SURVIVED


def _fall_silent() -> None:
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)


def _run(items: list[pytest.Item]) -> Iterator[pytest.Item]:
    for item, following in pairwise([*items, None]):
        item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
        yield item


def _hits(items: list[pytest.Item]) -> dict[str, dict]:
    """Run tests of one file in a fork; return tests by function, and seconds by test."""
    target = Path(f"hits.{os.getpid()}.json")
    child = os.fork()
    if child == 0:
        _fall_silent()
        try:
            target.write_text(json.dumps(_trace(items)))
        finally:
            os._exit(items[0].session.testsfailed)
    os.waitpid(child, 0)
    found = json.loads(target.read_text())
    target.unlink()
    if found.pop("failed"):
        raise items[0].session.Failed(f"{items[0].path} fails without any change")
    return found


def _trace(items: list[pytest.Item]) -> dict[str, object]:
    set_mutant_under_test("stats")
    hits, seconds = defaultdict(list), {}
    begun = time.process_time()
    for item in _run(items):
        seconds[item.nodeid] = time.process_time() - begun
        for function in state()._stats:
            hits[function].append(item.nodeid)
        state()._stats.clear()
        begun = time.process_time()
    return {"hits": hits, "seconds": seconds, "failed": items[0].session.testsfailed}


def _by_file(items: list[pytest.Item]) -> dict[str, list[pytest.Item]]:
    found = defaultdict(list)
    for item in items:
        found[item.nodeid.partition("::")[0]].append(item)
    return found


def _digest(paths: list[Path]) -> str:
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()


def _changed_files(patterns: list[str]) -> Iterator[SourceFileMutationData]:
    """Give the files that have changes of these names, in the order of the patterns."""
    found = []
    for path in sorted(Path().glob("layers/**/*.meta")):
        data = SourceFileMutationData(path=path.with_suffix(""))
        data.meta_path = path
        data.load()
        turns = [
            turn for turn, one in enumerate(patterns)
            if any(fnmatch(name, one) for name in data.exit_code_by_key)
        ]  # fmt: skip
        if turns:
            found.append((turns[0], str(path), data))
    yield from (data for _, _, data in sorted(found, key=itemgetter(0, 1)))


def _save(data: SourceFileMutationData) -> None:
    part = data.meta_path.with_suffix(".part")
    meta, data.meta_path = data.meta_path, part
    data.save()
    data.meta_path = meta
    part.replace(meta)


def _unseen(path: Path) -> set[str]:
    """Return the changes of a file that alter no result: wording, and what only types see."""
    functions = {
        one.name: one
        for one in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(one, ast.FunctionDef) and "__mutmut_" in one.name
    }
    bare = {name: _without_the_unseen(one) for name, one in functions.items()}
    return {
        name for name, text in bare.items()
        if text == bare[re.sub(r"\d+$", "orig", name)] and not name.endswith("orig")
    }  # fmt: skip


def _without_the_unseen(function: ast.FunctionDef) -> str:
    for node in ast.walk(function):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = "" if SENTENCE.search(node.value) else node.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id == "zip":
                # Guards against a mistake in the code beside it, which no input brings about.
                node.keywords = [one for one in node.keywords if one.arg != "strict"]
            elif node.func.id == "cast" and len(node.args) == 2:
                del node.args[0]
    return "\n".join(map(ast.unparse, (function.args, *function.body)))


def _prepare() -> list[str]:
    """Write the changes into the folder ``mutants``, go there and return what pytest is to run."""
    settings = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["tool"]["mutmut"]
    Path("mutants").mkdir(exist_ok=True)
    set_mutant_under_test("mutant_generation")
    mutmut.copy_src_dir()
    mutmut.copy_also_copy_files()
    mutmut.create_mutants(1)
    mutmut.setup_source_paths()
    set_mutant_under_test("")
    # mutmut's settings are read here, before the working directory changes.
    os.chdir("mutants")
    return [
        *settings["pytest_add_cli_args"], *settings["pytest_add_cli_args_test_selection"],
        "--rootdir=.", "--assert=plain", "--tb=native", "-s",
    ]  # fmt: skip


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("patterns", nargs="*", default=["*"], metavar="PATTERN")
    words.add_argument("--again", action="store_true", help="also what survived so far")
    words.add_argument("--seconds", type=float, default=30, help="worth of tests a change")
    words.add_argument("--jobs", type=int, default=os.cpu_count(), help="files tried at once")
    asked = words.parse_args()
    # Several changes run after each other, each within one core.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    plugin = Mutation(asked.patterns, again=asked.again, seconds=asked.seconds, jobs=asked.jobs)
    return int(pytest.main(_prepare(), plugins=[plugin]))


if __name__ == "__main__":
    sys.exit(main())
