"""What the runs did, on one line."""

from __future__ import annotations

from tests.experiments import ACCEPTING, BROKEN, DEGRADED, NO, OK, REFUSING, RELAYED, UNTRUSTED, YES, seen_of, session

from pinprobe.runs.words import account, where


def test_every_run_is_named_in_the_order_of_roles() -> None:
    seen = [
        seen_of(session(store, *connections, number=number))
        for number, (store, connections) in enumerate(
            [("R3", ACCEPTING), ("?", (YES, NO)), ("R2", REFUSING), ("R3", RELAYED), ("R1", UNTRUSTED)]
        )
    ]
    assert account(seen, seen) == (
        "R0 no interception: works, 2 of 2; "
        "R1 CA in no store: sent data under a certificate that nobody should trust; "
        "R2 user store: refused 2 of 2; "
        "R3 system store: 6 requests decrypted; "
        "store unknown: accepted 1 and refused 1 of 2"
    )


def test_runs_that_are_alike_are_counted_together() -> None:
    seen = [seen_of(session("R2", *REFUSING, number=number)) for number in range(3)]
    assert account(seen, seen) == "R2 user store, 3 runs: refused 6 of 6"


def test_labels_are_named_where_they_differ() -> None:
    seen = [
        seen_of(session("R3", *ACCEPTING, number=0, label="1.0")),
        seen_of(session("R3", *REFUSING, number=1)),
    ]
    assert (
        account(seen, seen) == "R3 system store, no label: refused 2 of 2; R3 system store, 1.0: 6 requests decrypted"
    )
    assert where(seen[0], seen) == "R3 system store, 1.0"
    assert account(seen[:1], seen) == "R3 system store, 1.0: 6 requests decrypted"
    assert where(seen[0], seen[:1]) == "R3 system store"


def test_what_decides_nothing_is_said_only_alone() -> None:
    nothing = seen_of(session("R2", NO, OK))
    assert account([nothing], [nothing]) == "R2 user store: nothing decided"
    both = [nothing, seen_of(session("R3", *DEGRADED, number=1))]
    assert account(both, both) == "R3 system store: suspicious, accepted 3 and refused 3 of 6"
    broken = [seen_of(session("R3", *BROKEN))]
    assert account(broken, broken) == "R0 no interception: failed when relayed, 2 of 2"
