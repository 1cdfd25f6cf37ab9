"""Which row speaks of a host: the longest, the exact one before any other, and every row of some host."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinprobe.catalog import Known, known_hosts
from pinprobe.catalog.table import Row, Shadowed, Table

LABELS = ("a", "b", "x-a", "y-x-a", "com")
hosts = st.lists(st.sampled_from(LABELS), min_size=1, max_size=4).map(".".join)
patterns = st.one_of(
    hosts,
    hosts.map(lambda host: f"={host}"),
    st.tuples(st.sampled_from(["*-a", "*-x-a"]), hosts).map(".".join),
)
tables = st.lists(patterns, unique=True, max_size=8)


def table(*patterns: str) -> Table:
    return Table(Row(pattern=p, known=Known(category="cdn", vendor=p), where=f"t:{n}") for n, p in enumerate(patterns))


def said(found: Known | None) -> str | None:
    """Each row of these tables names itself as the vendor."""
    return found.vendor if found is not None else None


def matches(pattern: str, host: str) -> bool:
    """The meaning of a pattern, written down once more and slowly."""
    if pattern.startswith("="):
        return host == pattern[1:]
    labels, wanted = host.split("."), pattern.split(".")
    tail = labels[-len(wanted) :]
    if len(tail) < len(wanted) or tail[1:] != wanted[1:]:
        return False
    if wanted[0].startswith("*"):
        return tail[0].endswith(wanted[0][1:]) and tail[0] != wanted[0][1:]
    return tail[0] == wanted[0]


def rank(pattern: str) -> tuple[bool, int, bool, int]:
    """An exact name first, then by the number of labels, then plain names, then longer endings."""
    return pattern.startswith("="), pattern.count("."), not pattern.startswith("*"), len(pattern)


@given(tables, hosts)
def test_the_longest_pattern_that_matches_speaks_and_an_exact_one_before_it(rows: list[str], host: str) -> None:
    best = max((pattern for pattern in rows if matches(pattern, host)), key=rank, default=None)
    assert said(table(*rows).look_up(host)) == best


@given(tables, st.randoms(use_true_random=False), hosts)
def test_the_order_of_rows_does_not_matter(rows: list[str], random: object, host: str) -> None:
    assert table(*rows).look_up(host) == table(*reversed(rows)).look_up(host)


@given(tables)
def test_every_row_speaks_of_some_host_unless_an_exact_one_says_so_itself(rows: list[str]) -> None:
    """No row in another's shadow: below a name, and for a label of its own, each is the longest."""
    known = table(*rows)
    for pattern in rows:
        host = pattern.removeprefix("=")
        examples = {f"q{host[1:]}" if host.startswith("*") else host}
        examples |= {f"below.{example}" for example in examples} if not pattern.startswith("=") else set()
        assert pattern in {said(known.look_up(example)) for example in examples}


@given(st.text(max_size=60))
def test_any_host_has_an_answer(host: str) -> None:
    known_hosts().look_up(host)


@pytest.mark.parametrize("pattern", ["example.com", "=example.com", "*-pa.example.com"])
def test_a_pattern_cannot_stand_twice(pattern: str) -> None:
    with pytest.raises(Shadowed, match=r"t:2: .* stands already in t:0"):
        table(pattern, "other.example", pattern)


CASES = [
    ("applovin.com", "ads"),
    ("rt.applovin.com", "ads"),
    ("notapplovin.com", None),
    ("applovin.com.evil.example", None),
    ("com", None),
    ("", None),
    ("203.0.113.7", None),
    ("2001:db8::1", None),
    ("connectivitycheck.gstatic.com", "os"),
    ("play.googleapis.com", "google-play-services"),
    # Google's own background services, by the rule; the Firebase transports inside apps have rows of their own.
    ("anything-pa.googleapis.com", "google-play-services"),
    ("anything-pa.googleapis.com.evil.example", None),
    ("firebaselogging-pa.googleapis.com", "analytics"),
    ("crashlyticsreports-pa.googleapis.com", "crash-reporting"),
    ("-pa.googleapis.com", None),
    ("api.firestore.googleapis.com", "backend"),
]


@pytest.mark.parametrize(("host", "category"), CASES)
def test_what_is_known(host: str, category: str | None) -> None:
    known = known_hosts().look_up(host)
    assert (known.category if known else None) == category


def test_every_row_of_ours_is_found_by_its_own_name() -> None:
    known = known_hosts()
    for row in known:
        name = row.pattern.removeprefix("=").replace("*", "example", 1)
        found = known.row_of(name if row.pattern.startswith("=") else f"below.{name}")
        assert found == row
