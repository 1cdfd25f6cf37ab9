"""Where an app turned to, and which endpoints belong together by that."""

from __future__ import annotations

from dataclasses import replace

from tests import builders as make
from tests.report.samples import every_degradation, report_of, times

from pinprobe.attempts import Endpoint
from pinprobe.report.fallbacks import FallbackReport, groups_of
from pinprobe.report.model import EndpointReport, Report
from pinprobe.report.view import page_of
from pinprobe.report.words import fallback_words

M = make
A, B, C, D, E = (Endpoint(app_id="app", host=name, port=443, transport="tcp") for name in "abcde")
STEP = FallbackReport(target=B, how="tls", count=3, refused=4, worked=7, delay_ms=30, same=0)


def to(target: Endpoint) -> FallbackReport:
    return replace(STEP, target=target)


def endpoint(report: Report, host: str, port: int = 443) -> EndpointReport:
    return next(e for e in report.endpoints if (e.judgement.endpoint.host, e.judgement.endpoint.port) == (host, port))


def test_what_followed_with_its_counts() -> None:
    (step,) = endpoint(every_degradation(), "api.example.com").fallbacks
    assert (step.target.host, step.target.port, step.how) == ("api.example.com", 80, "http")
    assert (step.count, step.refused, step.worked, step.same) == (4, 4, 9, 4)


def test_what_is_no_fallback_is_not_there() -> None:
    report = every_degradation()
    shown = {e.judgement.endpoint.host for e in report.endpoints if e.fallbacks}
    assert shown == {"api.example.com", "login.example.com"}


def test_two_stacks_that_fall_back_alike_are_told_once() -> None:
    refusals = [M.refused_alert(), M.cleartext()] * 3
    other = [M.refused_alert(stack=M.FLUTTER), M.cleartext(client=1)] * 3
    controls = [*times(9, M.relayed_ok()), *times(9, M.relayed_ok(stack=M.FLUTTER))]
    alone = endpoint(report_of(*refusals, *controls), "api.example.com").fallbacks
    assert len(alone) == 1
    assert len(endpoint(report_of(*refusals, *other, *controls, every_s=30.0), "api.example.com").fallbacks) <= 1


def test_groups_are_what_steps_connect() -> None:
    groups = groups_of({A: [to(B)], C: [to(B)], D: [to(E)]})
    assert [group.endpoints for group in groups] == [(A, B, C), (D, E)]
    assert [source for source, _ in groups[0].steps] == [A, C]


def test_two_groups_become_one_where_a_step_joins_them() -> None:
    (group,) = groups_of({A: [to(B)], C: [to(D)], D: [to(A)]})
    assert group.endpoints == (A, B, C, D)
    assert len(group.steps) == 3


def test_no_steps_no_groups() -> None:
    assert groups_of({A: [], B: []}) == ()


def test_a_step_in_words() -> None:
    assert fallback_words(STEP) == "after 3 of 4 refusals and none of 7 attempts that worked, 30 ms later"
    said = fallback_words(replace(STEP, how="http", same=2))
    assert said.startswith("without TLS, after 3 of 4") and said.endswith("; 2 times the same exchange")


def test_the_page_names_both_ends_with_their_rows() -> None:
    report = every_degradation()
    numbers = {e.judgement.endpoint: n for n, e in enumerate(report.endpoints, 1)}
    groups = page_of(report).fallbacks
    assert [(step[1], step[3]) for group in groups for step in group.steps] == [
        ("api.example.com:443", "api.example.com:80"),
        ("login.example.com:443", "backup.example.net:443"),
    ]
    for group, made in zip(groups, report.fallback_groups, strict=True):
        assert [(step[0], step[2]) for step in group.steps] == [
            (numbers[source], numbers[step.target]) for source, step in made.steps
        ]
