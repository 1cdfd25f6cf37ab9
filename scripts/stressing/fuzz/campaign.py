"""Every target under both engines, a process for each, as many at once as there are processors."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from measuring.outcome import Outcome, Settings
from stressing.fuzz.attempt import FAILURES, Current, keep
from stressing.fuzz.child import CURRENT
from stressing.fuzz.targets import TARGETS

ROOT = Path(__file__).parents[3]
ENGINES = ("hypothesis", "coverage")
SHORT = 5_000
NIGHTLY = 500_000
"""Inputs of one engine on one target; together twice as many."""
SILENT_S = 300.0
"""A process that tells nothing for so long hangs, and its input is a failure. A busy machine takes long to start one."""
CHOSEN = "PINPROBE_FUZZ_TARGETS"
REPLAYED = "PINPROBE_FUZZ_REPLAY"


@dataclass(slots=True, kw_only=True)
class Job:
    """One engine on one target, and what came of it."""

    target: str
    engine: str
    said: dict[str, Any] = field(default_factory=dict)
    ended: str = ""
    """What ended it, if it did not end by itself."""


def run(settings: Settings) -> Outcome:
    """All targets, or those that the environment names; or one input again that failed before."""
    if replayed := os.environ.get(REPLAYED):
        return _replay(Path(replayed))
    names = os.environ.get(CHOSEN, "").split(",") if os.environ.get(CHOSEN) else TARGETS
    if strangers := set(names) - set(TARGETS):
        raise RuntimeError(f"{CHOSEN}: no target {min(strangers)!r}: use some of {', '.join(TARGETS)}")
    jobs = [Job(target=name, engine=engine) for name in names for engine in ENGINES]
    inputs = NIGHTLY if settings.long else SHORT
    stop = threading.Event()
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        try:
            waiting = [pool.submit(_run, job, inputs, settings, stop) for job in jobs]
            for done in as_completed(waiting):
                done.result()
        except BaseException:
            stop.set()
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    return _outcome(jobs, names, inputs)


def _run(job: Job, inputs: int, settings: Settings, stop: threading.Event) -> None:
    folder = settings.folder / f"{job.target}-{job.engine}"
    folder.mkdir()
    command = [sys.executable, "-W", "ignore", "-m", "stressing.fuzz.child", job.target, job.engine]
    command += [str(inputs), str(settings.seed), str(folder)]
    path = os.pathsep.join(str(ROOT / part) for part in ("scripts", "addon", "."))
    kept_by_hypothesis = {"HYPOTHESIS_STORAGE_DIRECTORY": str(folder / "hypothesis")}
    with (folder / "errors").open("wb") as errors:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            env={**os.environ, **kept_by_hypothesis, "PYTHONPATH": path},
        )
        try:
            for said in _said(process, stop):
                job.said = said
                settings.say(f"{job.target}, {job.engine}: {said['inputs']:,} inputs")
        except TimeoutError:
            job.ended = f"said nothing for {SILENT_S:.0f} s: it hangs"
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            code = process.wait()
            if process.stdout is not None:
                process.stdout.close()
    if not job.said.get("last") and not stop.is_set():
        words = (folder / "errors").read_text("utf-8", "replace").strip().splitlines()
        job.ended = job.ended or f"ended with code {code}: {' / '.join(words[-3:])[-300:]}"
        with contextlib.suppress(OSError):
            job.ended += f" ({keep(job.target, Current.read(folder / CURRENT))})"


def _said(process: subprocess.Popen[bytes], stop: threading.Event) -> Iterator[dict[str, Any]]:
    """What it tells, until its last word. Raises TimeoutError where it falls silent."""
    lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def read() -> None:
        assert process.stdout is not None
        with contextlib.suppress(ValueError):
            for line in process.stdout:
                lines.put(line)
        lines.put(b"")

    threading.Thread(target=read, daemon=True).start()
    heard_s = time.monotonic()
    while not stop.is_set():
        try:
            line = lines.get(timeout=0.5)
        except queue.Empty:
            if time.monotonic() - heard_s > SILENT_S:
                raise TimeoutError from None
            continue
        if not line:
            return
        heard_s = time.monotonic()
        if line.startswith(b"{"):
            said: dict[str, Any] = json.loads(line)
            yield said
            if said["last"]:
                return


def _outcome(jobs: Sequence[Job], names: Sequence[str], inputs: int) -> Outcome:
    rows, wrong = [], []
    for name in names:
        mine = [job for job in jobs if job.target == name]
        failures = {one["what"]: one["file"] for job in mine for one in job.said.get("failures", ())}
        wrong += [f"{name}: {what}; again: {REPLAYED}={file} scripts/stress fuzz" for what, file in failures.items()]
        wrong += [f"{name}, {job.engine}: {job.ended}" for job in mine if job.ended]
        rows.append(
            (
                name,
                *(f"{job.said.get('inputs', 0):,}" for job in mine),
                *(f"{job.said.get('inputs', 0) / max(job.said.get('seconds', 0), 0.001):,.0f}" for job in mine),
                f"{sum(job.said.get('seconds', 0) for job in mine):.0f}",
                f"{1000 * max(job.said.get('slowest_s', 0) for job in mine):.0f}",
                f"{max(job.said.get('peak_mb', 0) for job in mine):.0f}",
                str(len(failures)),
            )
        )
    return Outcome(
        headers=(
            "target", "drawn", "by coverage", "drawn/s", "by coverage/s", "seconds", "slowest ms", "peak MB", "failures",
        ),
        rows=tuple(rows),
        notes=(
            f"{inputs:,} inputs of each engine: drawn by Hypothesis and damaged, and chosen by coverage (atheris).",
            f"An input that fails is kept in `{FAILURES}/`.",
        ),
        wrong=tuple(wrong),
    )  # fmt: skip


def _replay(file: Path) -> Outcome:
    target = file.name.rpartition("-")[0]
    if target not in TARGETS or not file.is_file():
        raise RuntimeError(f"{REPLAYED}={file}: name a file in {FAILURES}/; its name begins with its target")
    path = os.pathsep.join(str(ROOT / part) for part in ("scripts", "addon", "."))
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "stressing.fuzz", target, str(file)],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    said = (done.stdout + done.stderr).strip()
    return Outcome(
        headers=("target", "input", "outcome"),
        rows=((target, str(file), "as it should be" if done.returncode == 0 else "failed"),),
        wrong=() if done.returncode == 0 else (said,),
    )
