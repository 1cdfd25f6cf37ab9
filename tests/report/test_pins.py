"""The pin set on the page, in a row, and beside the command's output."""

from __future__ import annotations

import html as markup
import re
from dataclasses import replace
from xml.etree import ElementTree

from tests import builders as make
from tests.advice.made import CHAIN, LEAF, OWN, advised, chain, issued_under, served
from tests.report.samples import every_verdict, report_of, several_runs
from tests.report.test_served import rotating, with_backup

from pinprobe import events as ev
from pinprobe.advice import SNIPPETS
from pinprobe.report import html
from pinprobe.report.pins import DOMAINS_SHOWN, pin_line, pins_of, warnings_of


def test_one_set_for_all_first_party_hosts() -> None:
    view = pins_of(every_verdict())
    assert view is not None and view.left_out == 0
    assert (
        view.sentence.startswith("For 4 first-party hosts: the key of the CA") and "until 2024-02-14" in view.sentence
    )
    assert [one.title for one in view.snippets] == [one.title for one in SNIPPETS]
    assert '        <domain includeSubdomains="true">example.com</domain>' in view.snippets[0].lines


def test_it_does_not_speak_of_a_backup_that_is_not_there() -> None:
    alone = [
        replace(event, chain=event.chain[:2]) if isinstance(event, ev.ServerChainSeen) else event
        for event in make.accepted()
    ]
    view = pins_of(report_of(alone, first_party=("example.com",)))
    assert view is not None and "with no backup yet" in view.sentence
    assert any("There is no backup" in line for line in view.warnings)
    assert "with a backup" in str(pins_of(every_verdict()))


def test_nobodys_hosts_get_none() -> None:
    assert pins_of(every_verdict(first_party=())) is None
    assert pins_of(report_of()) is None
    assert "id=pins" not in html.render(every_verdict(first_party=()))
    assert "#pins>" not in html.render(every_verdict(first_party=()))


def test_several_runs_have_one() -> None:
    view = pins_of(several_runs())
    assert view is not None and view.snippets


def test_what_stands_on_the_page_can_be_pasted() -> None:
    page = html.render(every_verdict())
    section = page[page.index("<section id=pins") : page.index("<section id=how")]
    blocks = [markup.unescape(one) for one in re.findall(r"<pre tabindex=0>\n(.*?)</pre>", section, re.S)]
    view = pins_of(every_verdict())
    assert view is not None
    assert [block.splitlines() for block in blocks] == [list(one.lines) for one in view.snippets]
    assert ElementTree.fromstring(blocks[0].encode()).tag == "network-security-config"  # noqa: S314


def test_a_backup_of_ones_own_stands_in_it() -> None:
    view = pins_of(with_backup())
    assert view is not None and any(OWN in line for line in view.snippets[0].lines)
    assert not any("only backup" in line for line in view.warnings)


def test_where_no_set_can_be_made_the_page_says_why() -> None:
    view = pins_of(report_of(make.relayed_ok("192.0.2.1"), first_party=("192.0.2.1",)))
    assert view is not None and view.snippets == ()
    assert view.sentence == "No pin set can be made of what the first-party hosts served."
    assert view.warnings == ("192.0.2.1: no pins: it is an address, and pins are given to names.",)


def test_the_page_shows_the_first_domains_and_counts_the_rest() -> None:
    hosts = [f"www.example{number}.com" for number in range(DOMAINS_SHOWN + 5)]
    view = pins_of(report_of(*(make.accepted(host) for host in hosts), first_party=("*",)))
    assert view is not None and view.left_out == 5
    assert sum("<domain " in line for line in view.snippets[0].lines) == DOMAINS_SHOWN
    assert len("".join(line for one in view.snippets for line in one.lines)) < 80_000


def test_a_row_says_what_is_worth_pinning() -> None:
    said = {one.judgement.endpoint.host: pin_line(one) for one in every_verdict().endpoints}
    assert said["api.example.com"].startswith("Worth pinning: the key of CN=Example Issuing CA 1,O=Example Trust, and")
    assert said["metrics.example.net"] == ""
    (one,) = report_of(make.quic("api.example.com"), first_party=("example.com",)).endpoints
    assert pin_line(one).startswith("Not to be pinned yet: its server was never reached")
    (rotated,) = rotating().endpoints
    assert "Worth pinning" in pin_line(rotated)


def test_warnings_name_hosts_and_end_with_what_nobody_sees() -> None:
    lines = warnings_of(advised(served("a.example.com"), served("b.example.com", issued_under("x"), CHAIN)))
    assert "Different intermediates were seen (b.example.com). All that were seen are pinned" in "\n".join(lines)
    assert any(line.startswith("The only backup is the CA's root (all of these hosts).") for line in lines)
    assert [line[:3] for line in lines[-2:]] == ["If ", "If "]
    refused = warnings_of(advised(*(served(f"{n}.example.com", chain(LEAF)) for n in range(1, 9))))
    assert len(refused) == 7 and refused[-1] == "2 more hosts have no pins."
