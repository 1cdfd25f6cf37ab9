"""Where the app lives: certificates, servers, a device that trusts the proxy's CA, and a mitmdump with pinprobe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from demonstration.cast import EVENTS, PRIVATE_CA, Role
from standin import device
from standin.clients import Job
from standin.origin import Origin, Origins
from standin.pki import Identity, Pki
from standin.proxy import Place, Proxy, make_ca

ADDON = Path(__file__).parents[2] / "addon" / "pinprobe_addon.py"
APP = "com.example.shop"
PAUSE_S = 0.15
PATH = "/v1/items"
"""What every client asks for: an exchange that is known again where it goes elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """All files of the demo, in one folder; nothing runs yet."""

    folder: Path
    roles: tuple[Role, ...]
    pki: Pki
    own: Pki
    """The app's private CA, which no device trusts."""
    leaves: dict[str, Identity]
    device_trust: Path
    other_trust: Path
    upstream_trust: Path

    def origins(self) -> Origins:
        """The servers: one with all the certificates, one without any."""
        return Origins([Origin(name="tls", identities=tuple(self.leaves.values())), Origin(name="cleartext")])

    def proxy(self, origins: Origins, reports: Path) -> Proxy:
        """mitmdump, told what the tester of this app and device would tell it."""
        hosts: dict[str, Place] = dict.fromkeys(self.leaves, origins.port("tls"))
        hosts[f"{EVENTS.host}:80"] = origins.port("cleartext")
        return Proxy(
            confdir=self.folder / "confdir",
            trust=self.upstream_trust,
            hosts=hosts,
            scripts=[ADDON],
            options={
                "pinprobe_app": APP,
                "pinprobe_ca_store": "system",
                "pinprobe_first_party": "shop.test",
                "pinprobe_reports": str(reports),
            },
        )

    def job(self, role: Role, proxy: str) -> Job:
        """What a client is asked to do."""
        leaf = self.leaves[role.part.host]
        # A verifier looks through the whole chain, so it can hold the pin of the issuer; the others compare the leaf.
        in_chain = role.player.technique == "manager" or role.player.client == "boringssl"
        return Job(
            proxy=proxy,
            host=role.part.host,
            trust=self.device_trust if role.part.trusts_proxy else self.other_trust,
            technique=role.player.technique,
            tls=role.player.tls,
            pin=self.pki.intermediate_a.pin if in_chain else leaf.pin,
            anchors=self.own.root.chain_path,
            attempts=role.part.attempts,
            path=PATH,
            pause_s=PAUSE_S,
        )


def make(folder: Path, roles: Sequence[Role]) -> World:
    """Certificates (leaf < intermediate < root), trust stores, and the proxy's CA."""
    pki, own = Pki(folder / "pki"), Pki(folder / "own")
    leaves = {
        role.part.host: (own if role.player.technique == PRIVATE_CA else pki).leaf([role.part.host]) for role in roles
    }
    return World(
        folder=folder,
        roles=tuple(roles),
        pki=pki,
        own=own,
        leaves=leaves,
        device_trust=device.trusting(pki, make_ca(folder / "confdir")).trust,
        other_trust=device.distrusting(pki).trust,
        upstream_trust=pki.trust(folder / "upstream.pem", pki.root, pki.other_root, own.root),
    )
