"""What a package declares survives the way into report.json and back."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from tests import builders as make
from tests.report.samples import HOSTILE, every_declaration, hostile

from pinprobe.report.declared import Agreement
from pinprobe.report.json_declared import app_in, app_json, host_in, host_json
from pinprobe.report.json_format import render

WORLD = every_declaration()


def test_the_app_comes_back() -> None:
    assert WORLD.declared is not None
    told = json.loads(json.dumps(app_json(WORLD.declared, [])))
    assert app_in(told, WORLD.declared.app_id) == replace(WORLD.declared, at_s=0.0)


@pytest.mark.parametrize("endpoint", WORLD.endpoints, ids=lambda one: one.judgement.endpoint.host)
def test_every_host_comes_back(endpoint: object) -> None:
    declared = endpoint.declared  # type: ignore[attr-defined]
    assert host_in(json.loads(json.dumps(host_json(declared, Agreement.NEITHER)))) == declared


@pytest.mark.parametrize("text", [text for text in HOSTILE.values() if text])
def test_hostile_words_come_back_as_they_are(text: str) -> None:
    told = json.loads(render(hostile(text)))["declared"]
    assert app_in(told, "x").pin_sets[0].domain == text


def test_hosts_that_were_never_contacted_are_listed() -> None:
    assert WORLD.declared is not None
    assert app_json(WORLD.declared, ["api.example.com"])["unreached"] == [
        "old.example.com",
        "*.side.example.com",
        "pay.example.com",
    ]


@pytest.mark.parametrize("field", ["package", "version_code", "pin_sets", "code_pins", "libraries"])
def test_anything_else_is_refused(field: str) -> None:
    (app,) = make.package()
    told = app_json(app, [])  # type: ignore[arg-type]
    wrongs: tuple[object, ...] = ({}, 1.5)
    for wrong in wrongs:
        with pytest.raises((KeyError, TypeError, ValueError)):
            app_in({**told, field: wrong}, "x")
