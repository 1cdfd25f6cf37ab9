"""Bad networks between a client, the proxy and the origin: what they do, and that no verdict becomes wrong by them."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, suppress

import pytest
from tests.conftest import WrongVerdict
from tests.live.cases import CASES, Truth
from tests.live.conftest import need
from tests.live.play import job
from tests.live.world import World

from standin.clients import CLIENTS, run
from standin.faulty import Fate, FaultyNetwork, often, resets, stalls
from stressing.faults.measure import patient
from stressing.faults.stage import play
from stressing.faults.table import FAULTS
from stressing.faults.verdicts import change, is_wrong

pytestmark = pytest.mark.live

BY_ID = {case.id: case for case in CASES}
PLAYED = tuple(
    BY_ID[name]
    for name in (
        "python_ssl-none-tls1.2-trusting",
        "python_ssl-pin-tls1.3-trusting-beside-none",
        "boringssl-none-tls1.2-trusting",
    )
)
NETWORK = next(fault for fault in FAULTS if fault.name == "most reset at the Finished")


def test_no_verdict_becomes_wrong(world: World) -> None:
    need("boringssl")
    for one in play([patient(case) for case in PLAYED], NETWORK, 7, world):
        if is_wrong(one.case.truth, *one.said):
            raise WrongVerdict(f"{one.case.id}: {one.said} {one.told.get('reason')}")


def test_a_flaky_network_harms_some_and_leaves_no_thread(world: World) -> None:
    threads = threading.active_count()
    draw = often((0.4, resets), (0.1, stalls))
    with world.proxy(reports=world.folder, addon=None) as bare, FaultyNetwork(seed=7, draw=draw) as network:
        asked = job(world, network.before(bare.address), attempts=20, pause_s=0, timeout_s=1.0)
        said = run(CLIENTS["python_ssl"], asked)
    assert threading.active_count() == threads
    assert {one.result for one in said} == {"response", "failed"}
    assert network.did["reset"] > 3, network.did


@pytest.fixture
def echo() -> Iterator[str]:
    """Sends back what it gets, and ends when the other side does."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        thread = threading.Thread(target=_serve, args=(listener,), daemon=True)
        thread.start()
        yield f"127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(5)


def _serve(listener: socket.socket) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection:
            with suppress(OSError):
                while data := connection.recv(4096):
                    connection.sendall(data)


def through(echo: str, fate: Fate, *said: bytes) -> list[bytes | str]:
    """What comes back for each of these, until the connection is over: less, where it ends or nothing more comes."""
    with FaultyNetwork(seed=1, draw=lambda chance, at_s: fate) as network:
        host, port = network.before(echo).rsplit(":", 1)
        back: list[bytes | str] = []
        with socket.create_connection((host, int(port)), timeout=0.5) as connection:
            for one in said:
                got = b""
                try:
                    connection.sendall(one)
                    while len(got) < len(one) and (more := connection.recv(4096)):
                        got += more
                    back.append(got)
                except (TimeoutError, ConnectionError) as error:
                    back += [got, type(error).__name__] if got else [type(error).__name__]
                    break
        return back


HARMS: dict[str, tuple[Fate, list[bytes | str]]] = {
    "none": (Fate(), [b"one", b"two"]),
    "a reset at once": (Fate(harm="reset"), ["ConnectionResetError"]),
    "a reset before the second answer": (Fate(harm="reset", turn=3), [b"one", "ConnectionResetError"]),
    "a reset in the second answer": (
        Fate(harm="reset", turn=3, share=0.34, lull_s=0.2),
        [b"one", b"t", "ConnectionResetError"],
    ),
    "a stall": (Fate(harm="stall", turn=2), [b"one", "TimeoutError"]),
    "an end that the origin never sent": (Fate(harm="end_to_client", turn=2, share=1.0), [b"one", b""]),
    "an end that the client never sent": (Fate(harm="end_to_server", turn=2, share=1.0, lull_s=0.1), [b"one", b"two"]),
    "one byte at a time": (Fate(piece=1), [b"one", b"two"]),
}


@pytest.mark.parametrize(("fate", "back"), HARMS.values(), ids=HARMS.keys())
def test_each_harm_is_what_its_name_says(echo: str, fate: Fate, back: list[bytes | str]) -> None:
    assert through(echo, fate, b"one", b"two") == back


CHANGES = {
    ("unpinned", ("unpinned", "confirmed"), ("unpinned", "confirmed")): "unchanged",
    ("unpinned", ("unpinned", "confirmed"), ("unpinned", "probable")): "weaker",
    ("unpinned", ("unpinned", "confirmed"), ("inconclusive", "none")): "weaker",
    ("unpinned", ("unpinned", "confirmed"), ("pinned", "unproven")): "wrong",
    ("unpinned", ("unpinned", "confirmed"), ("suspicious", "probable")): "wrong",
    ("pinned", ("pinned", "probable"), ("pinned", "unproven")): "weaker",
    ("pinned", ("pinned", "probable"), ("pinned", "confirmed")): "otherwise",
    ("pinned", ("pinned", "probable"), ("not listed", "")): "weaker",
    ("pinned", ("pinned", "probable"), ("unpinned", "probable")): "wrong",
    ("distrusts", ("pinned", "unproven"), ("pinned", "probable")): "wrong",
    ("distrusts", ("inconclusive", "none"), ("pinned", "unproven")): "otherwise",
    ("degrades", ("suspicious", "confirmed"), ("unpinned", "probable")): "otherwise",
}


@pytest.mark.parametrize(("told", "expected"), CHANGES.items(), ids=lambda one: " ".join(map(str, one)))
def test_what_a_network_may_do_to_a_verdict(
    told: tuple[Truth, tuple[str, str], tuple[str, str]], expected: str
) -> None:
    assert change(*told) == expected
