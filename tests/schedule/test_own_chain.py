"""A host whose certificates rotate is not probed anew for each."""

from __future__ import annotations

from dataclasses import replace

from tests import builders as b

from pinprobe.schedule import Key, Plan, Schedule

KEY = Key(listener="regular@8080", client=1, host="api.example.com", port=443, stack=b.CONSCRYPT)


def test_the_first_chain_of_a_host_stands() -> None:
    schedule = Schedule(Plan(seed=1, mode="experiment"))
    for number, chain_id in enumerate(("first", "second"), start=1):
        schedule.choose(KEY, number, float(number))
        schedule.learn(replace(b.server_chain(), connection_id=number, chain_id=chain_id))
    assert schedule._keys[KEY].own_chain == "first"


def test_chains_of_connections_that_nobody_scheduled_are_nobodys() -> None:
    schedule = Schedule(Plan(seed=1, mode="experiment"))
    schedule.choose(KEY, 1, 0.0)
    schedule.learn(replace(b.server_chain(), connection_id=2, chain_id="another's"))
    assert schedule._keys[KEY].own_chain is None
