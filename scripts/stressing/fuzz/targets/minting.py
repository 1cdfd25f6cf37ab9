"""Probes that are made from a real server's chain: its copy, its replay, and chains stuffed with it, ready to be served."""

from __future__ import annotations

import warnings
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from mitmproxy import certs
from mitmproxy.net import tls as net_tls

from pinprobe import x509
from pinprobe.mitm.served.contexts import new_context
from pinprobe.mitm.served.leaf import Leaf
from pinprobe.probes import PROBES
from stressing.fuzz import chains
from stressing.fuzz.der import der_mutated
from stressing.fuzz.target import Check, Target

PLANS = tuple(plan for plan in PROBES if plan.intercepts and (plan.needs_genuine or plan.needs_replay))
NOW = datetime(2026, 1, 1, tzinfo=UTC)
ARGUMENTS: dict[str, Any] = {
    "method": net_tls.Method.TLS_SERVER_METHOD,
    "min_version": net_tls.Version.TLS1_2,
    "max_version": net_tls.Version.UNBOUNDED,
    "cipher_list": ("@SECLEVEL=0", "ALL"),
    "ecdh_curve": None,
    "chain_file": None,
    "request_client_cert": False,
    "alpn_select_callback": lambda connection, options: b"",
    "extra_chain_certs": (),
    "dhparams": None,
}


def _prepare() -> Check:
    ca_key = chains.key("p256")
    assert isinstance(ca_key, ec.EllipticCurvePrivateKey)
    keys = x509.Keys()
    keys.prepare()
    normal = certs.Cert(
        chains.certificate(chains.name("api.example.com"), chains.ROOT, "p256", *chains.LEAF_EXTENSIONS[:2])
    )

    def check(data: bytes) -> None:
        chain = chains.read(data)
        if not chain:
            return
        material = x509.Material(
            normal=normal._cert,
            normal_key=ca_key,
            ca=chains.root(),
            ca_key=ca_key,
            ca_chain=(chains.root(),),
            genuine=chain,
            replay=chain,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for plan in PLANS:
                try:
                    minted = x509.mint(plan, material, keys, NOW)
                    leaf = Leaf.of(minted)
                    new_context(ARGUMENTS, leaf, leaf.chain)
                except x509.Unservable:
                    continue

    return check


TARGET = Target(
    name="minting",
    about="probes made from a real server's chain, up to the TLS context that serves them",
    prepare=_prepare,
    seeds=chains.seeds,
    mutate=der_mutated,
    limit_s=5.0,
)
