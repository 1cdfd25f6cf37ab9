"""What a probe is: which certificate an attempt is shown, field by field, and what passing it means."""

from dataclasses import dataclass
from enum import StrEnum


class Family(StrEnum):
    """What kind of question a probe asks."""

    INTERCEPTION = "interception"
    """Would this app's traffic be readable?"""
    CONTROL = "control"
    """Does it work when nobody intercepts?"""
    CONTRAST = "contrast"
    """Which of the possible reasons made it refuse?"""
    REPLAY = "replay"
    """What does it think of a genuine chain, whose key nobody here has?"""
    BAD_CERTIFICATE = "bad_certificate"
    """Does it notice a certificate that nobody should accept?"""
    STUFFED = "stuffed"
    """Does its pin look at certificates that prove nothing?"""


class Issuer(StrEnum):
    """Who signs the leaf."""

    PROXY_CA = "proxy_ca"
    """mitmproxy's own CA, the one that the user installed."""
    GENUINE_NAME = "genuine_name"
    """An intermediate of the proxy's CA that bears the name of the genuine leaf's issuer."""
    LEAF = "leaf"
    """A leaf certificate of the proxy's CA, which may not issue anything."""
    UNKNOWN_CA = "unknown_ca"
    """A CA made for this session, that nobody can trust."""
    ITSELF = "itself"
    """The leaf's own key."""
    SERVER = "server"
    """A genuine certificate, signed by its genuine issuer: nothing is minted."""


class Model(StrEnum):
    """Whose certificate the leaf is copied from, but for what the plan changes."""

    NORMAL = "normal"
    """The one that mitmproxy would serve."""
    GENUINE = "genuine"
    """The real server's."""


class Names(StrEnum):
    """Which host the leaf is for."""

    RIGHT = "right"
    WRONG = "wrong"


class Validity(StrEnum):
    """When the leaf is valid."""

    NOW = "now"
    LONG_AGO = "long_ago"
    """Ended five years ago or more, so that no grace period and no wrong clock explains an accept."""
    LATER = "later"
    """Begins in five years."""


class Key(StrEnum):
    """The leaf's key."""

    NORMAL = "normal"
    """The one that mitmproxy uses for every leaf."""
    OWN = "own"
    """One made for this purpose."""
    WEAK = "weak"
    """RSA with 1024 bits."""
    LIKE_GENUINE = "like_genuine"
    """One of the real server's kind."""
    NONE = "none"
    """The genuine public key, without its private half: no handshake can complete."""


class Purpose(StrEnum):
    """What the leaf may be used for (extendedKeyUsage)."""

    SERVER = "server"
    CLIENT = "client"


class Signature(StrEnum):
    """The digest that is signed."""

    SHA256 = "sha256"
    SHA1 = "sha1"


class Stuffing(StrEnum):
    """Genuine certificates that are sent along, although they prove nothing about the leaf."""

    NONE = "none"
    LAST = "last"
    """After our whole chain."""
    AFTER_LEAF = "after_leaf"
    """Between our leaf and its issuer."""


class Relation(StrEnum):
    """What a genuine chain is to the endpoint under test."""

    GENUINE = "genuine"
    """The host's own."""
    SIBLING = "sibling"
    """Another host's, whose leaf was issued with the same key."""
    COUSIN = "cousin"
    """Another host's, with some CA in common but not the issuing one: of no use as a replay."""
    FOREIGN = "foreign"
    """Another host's, with no CA in common."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificatePlan:
    """One probe, as data."""

    id: str
    title: str
    shows: str
    """What the client is shown, in a sentence."""
    passing_means: str
    """Of a client that sends data under it."""
    family: Family
    issuer: Issuer
    model: Model = Model.NORMAL
    names: Names = Names.RIGHT
    validity: Validity = Validity.NOW
    key: Key = Key.NORMAL
    purpose: Purpose = Purpose.SERVER
    signature: Signature = Signature.SHA256
    stuffing: Stuffing = Stuffing.NONE
    replays: Relation | None = None
    """Whose genuine chain is served without its key."""
    delayed: bool = False
    """Held back as long as interception would take."""
    nobody_should_accept: bool = False
    """Data under it is the worst finding there is."""

    @property
    def intercepts(self) -> bool:
        """Whether a TLS connection of our own is needed; else the bytes are relayed."""
        return self.issuer is not Issuer.SERVER or self.key is Key.NONE

    @property
    def mints(self) -> bool:
        """Whether the leaf differs from the one that mitmproxy would serve."""
        changed = (self.model, self.names, self.validity, self.key, self.purpose, self.signature)
        usual = (Model.NORMAL, Names.RIGHT, Validity.NOW, Key.NORMAL, Purpose.SERVER, Signature.SHA256)
        return self.issuer is not Issuer.PROXY_CA or changed != usual

    @property
    def plain(self) -> bool:
        """Whether it is what mitmproxy itself would do: its leaf, with nothing sent along."""
        return not self.mints and self.stuffing is Stuffing.NONE

    @property
    def needs_genuine(self) -> bool:
        """Whether the host's own chain has to be known."""
        return self.model is Model.GENUINE or self.stuffing is not Stuffing.NONE or self.replays is Relation.GENUINE

    @property
    def needs_replay(self) -> bool:
        """Whether another host's chain has to be chosen."""
        return self.replays is not None and self.replays is not Relation.GENUINE

    @property
    def needs_weak_crypto(self) -> bool:
        """Whether OpenSSL would decline to serve it at its usual security level."""
        return self.key is Key.WEAK or self.signature is Signature.SHA1
