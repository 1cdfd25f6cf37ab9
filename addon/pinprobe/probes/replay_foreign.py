"""Another host's chain from another CA, without its key."""

from pinprobe.probes.plan import CertificatePlan, Family, Issuer, Key, Relation

REPLAY_FOREIGN = CertificatePlan(
    id="replay_foreign",
    title="a chain of another CA, without the key",
    shows="Another host's genuine chain from an unrelated public CA; the signature of the handshake is bogus.",
    passing_means=(
        "No client that checks signatures can pass. Failing as under replay_genuine, it accepts other public CAs too."
    ),
    family=Family.REPLAY,
    issuer=Issuer.SERVER,
    key=Key.NONE,
    replays=Relation.FOREIGN,
    nobody_should_accept=True,
)
