"""Runs in which probes were shown: what the connections of one session are. Beside those of tests/experiments.py."""

from __future__ import annotations

from tests import builders as b
from tests.experiments import NO
from tests.experiments import REFUSING as R
from tests.rooms import HOST

LEAF = (
    *R,
    *[b.replayed()] * 2,
    *[b.replayed(kind="sibling", of="cdn.example.com", alert=46)] * 2,
    *[b.replayed(kind="foreign", of="one.example.org", alert=46)] * 2,
    *[b.replayed(kind="foreign", of="two.example.org", alert=46)] * 2,
    *[b.refused_alert("sdk.example.net")] * 2,
    b.relayed_ok("sdk.example.net"),
    *[b.replayed("sdk.example.net")] * 2,
    *(b.replayed("sdk.example.net", kind="foreign", of=of) for of in ("cdn.example.com", "one.example.org") * 2),
    *[b.replayed("sdk.example.net", kind="foreign", of="two.example.org")] * 2,
    *[b.chain_known(of, "Example Trust") for of in (HOST, "cdn.example.com")],
    *[b.chain_known(of, of) for of in ("sdk.example.net", "one.example.org", "two.example.org")],
)
"""Replayed chains show a pin on the leaf."""
OTHERS_PASS = (
    *R,
    *[b.replayed()] * 2,
    *[b.replayed(kind="foreign", of="one.example.org")] * 2,
    *[b.replayed(kind="foreign", of="two.example.org")] * 2,
    *[b.chain_known(of, of) for of in (HOST, "one.example.org", "two.example.org")],
)
"""It distrusts our CA only: genuine chains of others get as far as the signature."""
COPIED = (*R, b.accepted(probe_id="mimic_genuine"))
"""A copy of the genuine leaf under our CA is sent data."""
LOOSE = (NO, NO)
"""Refused, and never relayed."""
MUTE = (b.pinned_after_handshake(), b.pinned_after_handshake())
"""The same by closing without a word."""
AFTER = (*[b.pinned_after_handshake()] * 3, *[b.relayed_ok()] * 3, *[b.refused_unknown_ca(HOST)] * 2)
"""Pinned by a check after the handshake, probable."""
