"""The evidence behind one verdict, as the page shows it."""

from __future__ import annotations

from tests import builders as make
from tests.report.samples import every_reading, every_verdict, hostile, report_of, times

from pinprobe.report.drawer import CHAINS_SHOWN, PATTERNS_SHOWN, Drawer, drawer_of
from pinprobe.report.model import Report


def drawer(report: Report, host: str) -> Drawer:
    return next(
        drawer_of(endpoint, make.START_S) for endpoint in report.endpoints if endpoint.judgement.endpoint.host == host
    )


def test_why_names_the_rule_and_the_signals() -> None:
    shown = drawer(every_verdict(), "api.example.com")
    assert shown.rule_id == "refused_though_ca_trusted"
    assert "although the same TLS stack" in shown.says
    assert "the control works (3 of 3)" in shown.speaks_for
    assert any(line.startswith("Certificate Transparency is excluded") for line in shown.unknown)
    assert shown.to_do[0].startswith("Exclude Certificate Transparency")
    assert shown.changes == "a request sent under the proxy's certificate"


def test_what_speaks_against_is_not_hidden() -> None:
    m = make
    report = report_of(*times(2, m.refused_alert(mutual_tls=True)), m.relayed_ok())
    assert drawer(report, "api.example.com").speaks_against == ("the server asks for a client certificate",)


def test_handshakes_are_grouped_and_carry_a_timeline() -> None:
    shown = drawer(every_verdict(), "login.example.com")
    assert [(one.count, one.kind) for one in shown.handshakes] == [(6, "refused"), (3, "control"), (2, "refused")]
    assert shown.handshakes[0].words == "trusted CA: closed after the handshake, no data, TLSv1.3"
    assert (33, "certificate sent") in shown.handshakes[0].steps
    assert shown.attempts == 11


def test_patterns_beyond_the_limit_are_counted() -> None:
    m = make
    alerts = [m.refused_alert(alert=number) for number in (40, 42, 43, 44, 45, 46, 47, 48, 49, 50)]
    shown = drawer(report_of(*alerts), "api.example.com")
    assert len(shown.handshakes) == PATTERNS_SHOWN
    assert shown.handshakes_left_out == 2


def test_stacks_are_named_where_there_are_several() -> None:
    m = make
    report = report_of(m.refused_alert(), m.accepted(stack=m.FLUTTER))
    assert all("stack t13d" in one.words for one in drawer(report, "api.example.com").handshakes)


def test_the_real_chain_with_pins_and_dates() -> None:
    shown = drawer(every_verdict(), "api.example.com")
    assert shown.certificates[0].subject == "CN=api.example.com"
    assert shown.certificates[0].pin_sha256 == "YLh1dUR9y6Kja30RrAn7JKnbQG/uEtLMkBgFF2Fuihg="
    assert shown.certificates[0].until == "2023-10-15 to 2024-01-13"


def test_replayed_chains_side_by_side() -> None:
    (shown,) = drawer(every_reading(), "login.example.com").replays
    assert (shown.words, shown.stack) == ("pinned to a CA of the chain", "")
    assert shown.rests_on == (
        "normal refusal: certificate_unknown (46)",
        "calibration, by its own chain: decrypt_error (51)",
        "reference, which accepts the chains refused here: sdk.example.net",
    )
    accepted = "2× chain accepted, signature refused: alert decrypt_error (51)"
    refused = "2× chain refused: alert certificate_unknown (46)"
    assert shown.columns == (
        ("its own chain", (f"login.example.com, TLSv1.3: {accepted}",)),
        ("of the same CA", (f"cdn.example.com, TLSv1.3: {accepted}",)),
        ("of other CAs", (f"one.example.org, TLSv1.3: {refused}", f"two.example.org, TLSv1.3: {refused}")),
    )
    (blind,) = drawer(every_reading(), "video.example.net").replays
    assert [lines for _, lines in blind.columns[1:]] == [("not shown",), ("not shown",)]


def test_replayed_chains_beyond_the_limit_are_counted() -> None:
    m = make
    shown = [m.replayed(kind="foreign", of=f"{n}.example") for n in range(CHAINS_SHOWN + 2)]
    (replay,) = drawer(report_of(m.refused_alert(), *shown), "api.example.com").replays
    assert len(replay.columns[2][1]) == CHAINS_SHOWN + 1
    assert replay.columns[2][1][-1] == "2 more in report.json"
    assert replay.columns[2][1][0].startswith("chain chain of 0.example, ")


def test_which_keys_were_shown_instead() -> None:
    pin = "zUIraRNo+4JoAYA7ROeWjARtIoN4rIEbCpfCRQT6N6A="
    assert drawer(every_verdict(), "login.example.com").instead == ((pin, "trusted CA, unknown CA"),)
    assert drawer(report_of(make.relayed_ok()), "api.example.com").instead == ()


def test_raw_errors_and_the_command_that_prints_the_journal() -> None:
    shown = drawer(every_verdict(), "api.example.com")
    assert shown.errors == (
        "Client TLS handshake failed. The client does not trust the proxy's certificate for api.example.com",
    )
    assert shown.lines.startswith("sed -n '") and shown.lines.endswith("p' journal.jsonl")
    down = drawer(every_verdict(), "down.example.org")
    assert "connect: connection refused (2×)" in down.errors


def test_what_was_seen_beside_tls() -> None:
    report = every_verdict()
    assert drawer(report, "video.example.net").beside == ("1× over QUIC",)
    assert drawer(report, "old.example.com").beside == ()
    assert drawer(report, "img.example.net").beside == ("2× through another host's connection",)


def test_long_words_are_cut() -> None:
    report = hostile("x" * 65536)
    for endpoint in report.endpoints:
        shown = drawer_of(endpoint, make.START_S)
        for text in (*shown.errors, *(one.subject for one in shown.certificates)):
            assert len(text) < 700
