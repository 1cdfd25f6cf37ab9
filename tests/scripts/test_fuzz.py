"""Every target of the fuzzer, for a moment; and that the fuzzer finds what is there to be found."""

from __future__ import annotations

import stat
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from measuring.outcome import Settings
from stressing.fuzz import by_hypothesis
from stressing.fuzz import campaign as fuzz
from stressing.fuzz.attempt import Attempts, Current, keep
from stressing.fuzz.target import Broken, Target
from stressing.fuzz.targets import TARGETS, load

SEED = 20_261_126
INPUTS = 1_000 if sys.version_info >= (3, 12) else 10_000
"""Both ends have the same readers; the libraries that differ are met by a tenth as many inputs."""


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    # cryptography warns of what is odd, which everything here is.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@pytest.mark.parametrize("name", TARGETS)
def test_whatever_comes_is_read_or_refused(name: str, tmp_path: Path) -> None:
    target = load(name)
    attempts = Attempts(target=target, check=target.prepare(), failures_folder=tmp_path / "failures")
    by_hypothesis.run(attempts, INPUTS, SEED, lambda: None)
    assert attempts.count >= INPUTS
    assert not attempts.failures, [failure.what for failure in attempts.failures.values()]


def planted(data: bytes) -> None:
    if b"!" in data:
        raise Broken("an exclamation mark")
    while data.startswith(b"?"):
        pass


PLANTED = Target(name="planted", about="", prepare=lambda: planted, seeds=lambda: (b"sound", b"?"), limit_s=0.05)


def test_what_fails_is_kept_and_fails_again(tmp_path: Path) -> None:
    attempts = Attempts(target=PLANTED, check=planted, failures_folder=tmp_path / "failures")
    assert not attempts.put(b"a!") and not attempts.put(b"b!") and attempts.put(b"c")
    (failure,) = attempts.failures.values()
    assert attempts.more == 1, "the same again is counted, not kept"
    assert failure.what.startswith("Broken: an exclamation mark (test_fuzz.py:")
    kept = Path(failure.file)
    assert kept.read_bytes() == b"a!" and stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700


def test_the_engine_finds_what_is_there(tmp_path: Path) -> None:
    target = Target(name="planted", about="", prepare=lambda: planted, seeds=lambda: (b"sound",), limit_s=0.05)
    found = [Attempts(target=target, check=_marks, failures_folder=tmp_path / "failures") for _ in range(2)]
    for attempts in found:
        by_hypothesis.run(attempts, 3000, SEED, lambda: None)
    assert [len(attempts.failures) for attempts in found] == [1, 1]
    assert found[0].more == found[1].more, "one seed draws the same inputs"


def _marks(data: bytes) -> None:
    if b"{" in data:
        raise Broken("a brace")


def test_what_takes_too_long_is_stopped(tmp_path: Path) -> None:
    attempts = Attempts(target=PLANTED, check=planted, failures_folder=tmp_path / "failures")
    assert not attempts.put(b"?")
    (failure,) = attempts.failures.values()
    assert failure.what.startswith("TooLong")


def test_the_input_of_the_moment_outlives_its_process(tmp_path: Path) -> None:
    current = Current(tmp_path / "current")
    current.put(b"longer than the next")
    current.put(b"the next")
    assert Current.read(tmp_path / "current") == b"the next"


def test_both_engines_in_processes_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(fuzz.CHOSEN, "dex")
    monkeypatch.setattr(fuzz, "SHORT", 300)
    monkeypatch.chdir(tmp_path)
    said: list[str] = []
    outcome = fuzz.run(Settings(folder=tmp_path, long=False, seed=SEED, say=said.append))
    ((target, drawn, by_coverage, *_),) = outcome.rows
    assert (target, drawn, by_coverage, outcome.wrong) == ("dex", "300", "300", ())
    assert any("coverage" in line for line in said)


def test_a_kept_input_can_be_put_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(fuzz.REPLAYED, str(keep("sockets", b"x", tmp_path / "failures")))
    assert fuzz.run(Settings(folder=tmp_path, long=False, seed=SEED, say=lambda text: None)).wrong == ()
    monkeypatch.setenv(fuzz.REPLAYED, str(tmp_path / "nobody-1"))
    with pytest.raises(RuntimeError, match="name a file"):
        fuzz.run(Settings(folder=tmp_path, long=False, seed=SEED, say=lambda text: None))


def test_the_documentation_names_every_target() -> None:
    page = (Path(__file__).parents[2] / "docs" / "reliability.md").read_text("utf-8")
    table = page.partition("| target | what must hold |\n")[2].partition("\n\n")[0]
    named = [line.split("|")[1].strip(" `") for line in table.splitlines()[1:]]
    assert sorted(named) == sorted(TARGETS)
