"""Where a client fails under genuine, sibling and foreign chains tells what its trust manager thinks of them.

The clients know the world's roots and not our CA. S: its signature alert; R: its usual refusal.
"""

from __future__ import annotations

import dataclasses

import pytest
from tests.certificates import HOST, NOW, Chain, bench, load
from tests.mitm.served.proxy import showing

from pinprobe import x509
from pinprobe.mitm.served.leaf import Leaf
from pinprobe.probes import REPLAY_FOREIGN, REPLAY_GENUINE, REPLAY_SIBLING, CertificatePlan, Relation
from standin import device
from standin.clients import CLIENTS, Job, run

PKI = bench().pki
OWN = PKI.leaf([HOST])
ROOTS = x509.Roots([PKI.root.certificate, PKI.other_root.certificate], public=False)
SHOWN: tuple[tuple[CertificatePlan, Chain], ...] = (
    (REPLAY_GENUINE, load(OWN)),
    (REPLAY_SIBLING, load(PKI.leaf(["sibling.example"]))),
    (REPLAY_FOREIGN, load(PKI.leaf(["foreign.example"], issuer=PKI.other_intermediate, key_type="rsa"))),
)
SIGNATURE_AND_REFUSAL = {"boringssl": (51, 46), "okhttp": (40, 46)}
TECHNIQUES = {
    # client, technique, pinned to, answers to genuine, sibling, foreign
    "conscrypt, no pin": ("boringssl", "none", "", "SSS"),
    "conscrypt, pin on the leaf": ("boringssl", "pin", OWN.pin, "SRR"),
    "conscrypt, pin on the intermediate": ("boringssl", "pin", PKI.intermediate_a.pin, "SSR"),
    "conscrypt, pin on the root": ("boringssl", "pin", PKI.root.pin, "SSR"),
    "conscrypt, own CA": ("boringssl", "anchors", "", "SSR"),
    "conscrypt, pin after the handshake": ("boringssl", "post", OWN.pin, "SSS"),
    "okhttp, no pin": ("okhttp", "none", "", "SSS"),
    "okhttp, trust manager pins the leaf": ("okhttp", "manager", OWN.pin, "SRR"),
    "okhttp, trust manager pins the intermediate": ("okhttp", "manager", PKI.intermediate_a.pin, "SSR"),
    "okhttp, own CA": ("okhttp", "anchors", "", "SSR"),
    "okhttp, CertificatePinner": ("okhttp", "pin", OWN.pin, "SSS"),
}


def test_the_chains_are_what_they_are_called() -> None:
    own = SHOWN[0][1]
    for plan, chain in SHOWN:
        assert x509.relation(own, chain, ROOTS) is plan.replays
        assert x509.why_not(chain, ROOTS, NOW) is None
    assert [plan.replays for plan, _ in SHOWN] == [Relation.GENUINE, Relation.SIBLING, Relation.FOREIGN]


@pytest.mark.live
@pytest.mark.parametrize("tls", ["1.2", "1.3"])
@pytest.mark.parametrize("name", TECHNIQUES)
def test_answers(name: str, tls: str) -> None:
    client, technique, pin, expected = TECHNIQUES[name]
    kind = CLIENTS[client]
    if missing := kind.missing():
        pytest.skip(f"{kind.title} is not here: install {missing}")
    signature, refusal = SIGNATURE_AND_REFUSAL[client]
    answers = ""
    for plan, chain in SHOWN:
        material = dataclasses.replace(bench().material, genuine=chain, replay=chain)
        with showing(Leaf.of(x509.mint(plan, material, bench().keys, NOW))) as proxy:
            job = Job(
                proxy=proxy.address,
                host=HOST,
                trust=device.distrusting(PKI).trust,
                technique=technique,
                pin=pin,
                anchors=PKI.root.chain_path,
                tls=tls,  # type: ignore[arg-type]
            )
            run(kind, job)
        (seen,) = proxy.seen
        assert not seen.established
        letters = {signature: "S", refusal: "R"}
        answers += "".join(letters.get(alert, f" {alert} ") for alert in seen.alerts) or " none "
    assert answers == expected
