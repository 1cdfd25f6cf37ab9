"""An origin with many hosts, a device that trusts the proxy and one that does not, and mitmdumps with pinprobe."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from standin.device import distrusting, trusting
from standin.origin import Origin, Origins
from standin.pki import Pki
from standin.proxy import Place, Proxy, make_ca
from stressing.clients import Crew

ADDON = Path(__file__).parents[2] / "addon" / "pinprobe_addon.py"
APP = "com.example.stressed"


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What is the same for every proxy."""

    folder: Path
    trust: Path
    """What the proxies believe of origins."""
    crews: tuple[Crew, ...]
    """One whose hosts will be unpinned, and one that refuses the proxy's certificates."""
    hosts: Mapping[str, Place]

    def proxy(
        self,
        reports: Path,
        *,
        mode: str = "experiment",
        options: Mapping[str, str] | None = None,
        environment: Mapping[str, str] | None = None,
        through: Sequence[str] = (),
    ) -> Proxy:
        """A mitmdump with pinprobe, not yet started."""
        return Proxy(
            confdir=self.folder / "confdir",
            trust=self.trust,
            hosts=self.hosts,
            scripts=[ADDON],
            options={
                "pinprobe_app": APP,
                "pinprobe_mode": mode,
                "pinprobe_reports": str(reports),
                **(options or {}),
            },
            environment=environment,
            through=through,
        )


@contextmanager
def running(folder: Path, *, hosts: int) -> Iterator[World]:
    """Start the origin; `hosts`: names for each crew."""
    names = [f"host-{number:03}.test" for number in range(2 * hosts)]
    pki = Pki(folder / "pki")
    ca = make_ca(folder / "confdir")
    with Origins([Origin(name="origin", identities=(pki.leaf(names),), alpn=("http/1.1",))]) as origins:
        yield World(
            folder=folder,
            trust=pki.root.chain_path,
            crews=(
                Crew(trust=trusting(pki, ca).trust, hosts=tuple(names[:hosts])),
                Crew(trust=distrusting(pki).trust, hosts=tuple(names[hosts:])),
            ),
            hosts=dict.fromkeys(names, origins.port("origin")),
        )
