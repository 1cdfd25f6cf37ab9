"""The host's own chain without its key."""

from pinprobe.probes.plan import CertificatePlan, Family, Issuer, Key, Relation

REPLAY_GENUINE = CertificatePlan(
    id="replay_genuine",
    title="its own chain, without the key",
    shows="The host's genuine chain; the signature of the handshake is bogus, because nobody here has the key.",
    passing_means=(
        "No client that checks signatures can pass. How it fails is how this client says: chain accepted, "
        "signature bad."
    ),
    family=Family.REPLAY,
    issuer=Issuer.SERVER,
    key=Key.NONE,
    replays=Relation.GENUINE,
    nobody_should_accept=True,
)
