"""Another host's chain from the same CA, without its key."""

from pinprobe.probes.plan import CertificatePlan, Family, Issuer, Key, Relation

REPLAY_SIBLING = CertificatePlan(
    id="replay_sibling",
    title="a chain of the same CA, without the key",
    shows="Another host's genuine chain, whose leaf the same CA issued; the signature of the handshake is bogus.",
    passing_means=(
        "No client that checks signatures can pass. Failing as under replay_genuine, it accepts what this CA issues."
    ),
    family=Family.REPLAY,
    issuer=Issuer.SERVER,
    key=Key.NONE,
    replays=Relation.SIBLING,
    nobody_should_accept=True,
)
