"""Our signature on a copy of the genuine leaf."""

from pinprobe.probes.plan import CertificatePlan, Family, Issuer, Key, Model

MIMIC_GENUINE = CertificatePlan(
    id="mimic_genuine",
    title="a copy of the genuine leaf",
    shows=(
        "The genuine leaf's subject, names, validity, policies and kind of key, issued by an intermediate that "
        "bears the genuine issuer's name; only the keys and the CA at the end are ours."
    ),
    passing_means=(
        "A client that passes this, but refuses trusted_ca, was put off by mitmproxy's leaf, or pins mere names."
    ),
    family=Family.CONTRAST,
    issuer=Issuer.GENUINE_NAME,
    model=Model.GENUINE,
    key=Key.LIKE_GENUINE,
)
