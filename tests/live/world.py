"""The small world that all live tests share: two worlds of CAs, a dozen origins, two devices."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.live import replay_hosts

from standin import device
from standin.device import Device
from standin.forge import WORKS_HERE, Forge
from standin.origin import Origin, Origins
from standin.pki import Identity, Pki
from standin.proxy import Place, Proxy, make_ca

ROOT = Path(__file__).parents[2]
ADDON = ROOT / "addon" / "pinprobe_addon.py"

CROWD = tuple(f"host{number:03}.crowd.test" for number in range(130))
"""More hosts than the proxy's certificate store keeps at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    folder: Path
    pki: Pki
    own: Pki
    """A private CA that no device trusts: what an app with anchors of its own believes."""
    leaves: Mapping[str, Identity]
    phone: Identity
    """A client certificate for the origin that asks for one."""
    upstream_trust: Path
    trusting: Device
    distrusting: Device
    hosts: Mapping[str, Place]
    origin_log: Path
    replay_chains: Path
    """A folder of chains of other hosts, for the keyless replay."""
    forge: Forge | None = None
    """Starts mitmdumps that need no environment of their own."""

    def device(self, *, trusts: bool) -> Device:
        return self.trusting if trusts else self.distrusting

    def leaf_of(self, host: str) -> Identity:
        return self.leaves.get(host, self.leaves["subject.shop.test"])

    def proxy(
        self,
        *,
        reports: Path,
        app: str = "com.shop.test",
        ca_store: str = "system",
        scripts: tuple[Path, ...] = (),
        addon: Path | None = ADDON,
        options: Mapping[str, str] | None = None,
        mode: str = "regular",
        with_dns: bool = False,
        python: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> Proxy:
        """mitmdump with pinprobe, told what the tester of this device would tell it."""
        settings = {
            "pinprobe_app": app,
            "pinprobe_ca_store": ca_store,
            "pinprobe_reports": str(reports),
            **(options or {}),
        }
        return Proxy(
            confdir=self.folder / "confdir",
            trust=self.upstream_trust,
            hosts=self.hosts,
            scripts=[addon, *scripts] if addon else scripts,
            options=settings if addon else options,
            mode=mode,
            with_dns=with_dns,
            python=python,
            environment=environment,
            forge=self.forge if python is None and environment is None else None,
        )


class RunningWorld:
    """Makes the world and keeps its origins up."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._pki = Pki(folder / "pki")
        self._own = Pki(folder / "own")
        leaf = self._pki.leaf
        self._leaves = {
            "subject.shop.test": leaf(
                [
                    "subject.shop.test",
                    "canary.shop.test",
                    "slow.shop.test",
                    "down.shop.test",
                    "raw.shop.test",
                    "greeting.shop.test",
                    "other.shop.test",
                    "reports.collector.test",
                    "xn--mnchen-3ya.test",
                    "127.0.0.1",
                    "::1",
                    *CROWD,
                ]
            ),
            "private.shop.test": self._own.leaf(["private.shop.test"], key_type="rsa"),
            "expired.shop.test": leaf(["expired.shop.test"], expired=True),
            "mutual.shop.test": leaf(["mutual.shop.test"]),
            **replay_hosts.leaves(self._pki, self._own),
        }
        self._log = folder / "origins.jsonl"
        usual = (self._leaves["subject.shop.test"],)
        self._origins = Origins(
            [
                Origin(name="web", identities=(*usual, self._leaves["private.shop.test"])),
                Origin(
                    name="replay", identities=tuple(dict.fromkeys(map(self._leaves.__getitem__, replay_hosts.HOSTS)))
                ),
                Origin(name="sealed", identities=(self._leaves[replay_hosts.SEALED],)),
                Origin(name="expired", identities=(self._leaves["expired.shop.test"],)),
                Origin(
                    name="mutual",
                    identities=(self._leaves["mutual.shop.test"],),
                    client_ca=self._pki.root.chain_path,
                ),
                Origin(name="slow", identities=usual, delay_s=1.5),
                Origin(name="down", down=True),
                Origin(name="raw", identities=usual, talk="echo", alpn=()),
                Origin(name="greeting", identities=usual, talk="greeting", alpn=()),
                Origin(name="cleartext"),
                Origin(name="echo", talk="echo"),
                Origin(name="v6", identities=usual, bind="::1"),
            ],
            log=self._log,
        )

    def __enter__(self) -> World:
        self._origins.__enter__()
        self._forge = Forge().__enter__() if WORKS_HERE else None
        port = self._origins.port
        hosts: dict[str, Place] = {
            name: port("web")
            for name in (
                "subject.shop.test",
                "canary.shop.test",
                "private.shop.test",
                "subject.shop.test:8443",
                "other.shop.test",
                "reports.collector.test",
                "xn--mnchen-3ya.test",
                # As a client sends it that does not know the A-label.
                "münchen.test",
                "127.0.0.1:443",
                *CROWD,
            )
        }
        for name in ("expired", "mutual", "slow", "down", "raw", "greeting"):
            hosts[f"{name}.shop.test"] = port(name)
        hosts |= dict.fromkeys(replay_hosts.HOSTS, port("replay"))
        hosts[replay_hosts.SEALED] = port("sealed")
        hosts["subject.shop.test:80"] = port("cleartext")
        hosts["ocsp.shop.test:80"] = port("cleartext")
        hosts["subject.shop.test:7"] = port("echo")
        hosts["::1:443"] = ("::1", port("v6"))
        pki, folder = self._pki, self._folder
        ca = make_ca(folder / "confdir")
        return World(
            folder=folder,
            pki=pki,
            own=self._own,
            leaves=self._leaves,
            phone=pki.client("phone"),
            upstream_trust=pki.trust(folder / "upstream.pem", *pki.roots, self._own.root),
            trusting=device.trusting(pki, ca),
            distrusting=device.distrusting(pki),
            hosts=hosts,
            origin_log=self._log,
            replay_chains=replay_hosts.write_chains(pki, folder / "replay-chains"),
            forge=self._forge,
        )

    def __exit__(self, *error: object) -> None:
        self._origins.__exit__(None, None, None)
        if self._forge is not None:
            self._forge.__exit__()


def free_port() -> int:
    """One that nobody listens on, a moment ago."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        found: int = one.getsockname()[1]
        return found
