"""The Network Security Config of an app, as Android's own reader takes it, mistakes included.

A mistake that Android refuses breaks the app at its first use of the network; here it is noted, what is left is read.
Rules: developer.android.com, "Network security configuration", and AOSP's `android.security.net.config`.
TrustKit for Android keeps its settings in the same file.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from pinprobe.declared.axml import REFERENCE, Element
from pinprobe.declared.limits import LIMITS

ROOT = "network-security-config"
BASE, DOMAIN, DEBUG = "base-config", "domain-config", "debug-overrides"
SYSTEM, USER, WFA, RAW = "system", "user", "wfa", "raw"

_SHA256_BASE64 = re.compile(r"([A-Za-z0-9+/]{43})=?")
_DATE = re.compile(r"\s*([0-9]{1,9})-\s*([0-9]{1,9})-\s*([0-9]{1,9})")
_LONGEST_WORD = 80
_LONGEST_DOMAIN = 300
"""Characters; no host has so many, so what is cut matches none."""
_LAST_YEAR = 9999


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    name: str
    """Lower case, as written: `*.example.com` too."""
    include_subdomains: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PinSet:
    pins: tuple[str, ...]
    """pin_sha256 form, one that is written twice twice."""
    expires_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """One `<certificates>`."""

    source: str
    """system, user, wfa or raw."""
    resource: int = 0
    """The id that raw refers to."""
    overrides_pins: bool

    @property
    def excludes_ct(self) -> bool:
        """Whether a configuration that lists it has Certificate Transparency off, unless it says otherwise."""
        return self.source in (USER, RAW)


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """One configuration; None where it says nothing, and its parent's word holds."""

    kind: str
    parent: "Config | None"
    domains: tuple[Domain, ...]
    anchors: tuple[Anchor, ...] | None
    pin_set: PinSet | None
    cleartext: bool | None
    ct: bool | None
    trustkit: bool
    """Whether it holds a `<trustkit-config>`."""
    enforce: bool | None
    """TrustKit's enforcePinning."""

    def lineage(self) -> Iterator["Config"]:
        """Itself and what encloses it, within domain-configs."""
        one: Config | None = self
        while one is not None:
            yield one
            one = one.parent

    @property
    def effective_pins(self) -> PinSet | None:
        """Its own set of pins, else that of the domain-config around it."""
        return next((one.pin_set for one in self.lineage() if one.pin_set is not None), None)

    @property
    def enforced_by_trustkit(self) -> bool:
        """False is TrustKit's default."""
        return next((one.enforce for one in self.lineage() if one.enforce is not None), False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityConfig:
    base: Config | None
    domains: tuple[Config, ...]
    """In the order of the file, each before those inside it."""
    debug: Config | None
    mistakes: tuple[str, ...]
    """Each of them makes Android refuse the file: every use of the network fails."""
    debug_mistakes: tuple[str, ...]
    """The same within debug-overrides, which only debuggable builds read."""
    left_out: bool
    """Whether it names more domains or pins than are read."""

    @property
    def uses_trustkit(self) -> bool:
        return any(config.trustkit for config in self.domains)


def is_config(root: Element) -> bool:
    """Whether this XML file is one."""
    return root.tag == ROOT


def read(root: Element) -> SecurityConfig:
    """The whole file. Never raises: mistakes are noted."""
    reader, debug_reader = _Reader(), _Reader()
    base: Config | None = None
    debug: Config | None = None
    domains: list[Config] = []
    for child in root.named(BASE, DOMAIN, DEBUG):
        if child.tag == DOMAIN:
            domains += reader.configs(child, None)
        elif child.tag == BASE and base is None:
            base = reader.configs(child, None)[0]
        elif child.tag == DEBUG and debug is None:
            debug = debug_reader.configs(child, None)[0]
        else:
            reader.mistakes.append(f"more than one {child.tag}")
    return SecurityConfig(
        base=base,
        domains=tuple(domains),
        debug=debug,
        mistakes=tuple(dict.fromkeys(reader.mistakes)),
        debug_mistakes=tuple(dict.fromkeys(debug_reader.mistakes)),
        left_out=reader.left_out,
    )


def with_debug_file(config: SecurityConfig, root: Element) -> SecurityConfig:
    """With the debug-overrides of the `_debug` file beside it, which counts only where the config has none."""
    if config.debug is not None:
        return config
    beside = read(root)
    return replace(config, debug=beside.debug, debug_mistakes=beside.debug_mistakes)


class _Reader:
    """Collects mistakes on its way."""

    def __init__(self) -> None:
        self.mistakes: list[str] = []
        self.left_out = False
        self._domains: set[str] = set()

    def configs(self, element: Element, parent: Config | None) -> list[Config]:
        """The element's own configuration, then those nested in it."""
        kind = element.tag
        self._check(element)
        anchors = next(element.named("trust-anchors"), None)
        pin_set = next(element.named("pin-set"), None) if kind == DOMAIN else None
        trustkit = next(element.named("trustkit-config"), None)
        enforce = trustkit.attribute("enforcePinning") if trustkit is not None else None
        ct = list(element.named("certificateTransparency")) if kind != DEBUG else []
        config = Config(
            kind=kind,
            parent=parent,
            domains=tuple(self._domain_names(element)) if kind == DOMAIN else (),
            anchors=None if anchors is None else tuple(self._anchors(anchors, kind == DEBUG)),
            pin_set=None if pin_set is None else self._pin_set(pin_set),
            # Android's default for a value that is no boolean is to permit.
            cleartext=element.switch("cleartextTrafficPermitted", True)
            if element.attribute("cleartextTrafficPermitted")
            else None,
            ct=ct[-1].switch("enabled", False) if ct else None,
            trustkit=trustkit is not None,
            enforce=None if enforce is None else enforce.text.lower() == "true",
        )
        nested = (
            [one for child in element.named(DOMAIN) for one in self.configs(child, config)] if kind == DOMAIN else []
        )
        return [config, *nested]

    def _check(self, element: Element) -> None:
        kind = element.tag
        tags = [child.tag for child in element.children]
        only_in_domain = ("domain", "pin-set", DOMAIN) if kind != DOMAIN else ()
        for tag in (*only_in_domain, *(("certificateTransparency",) if kind == DEBUG else ())):
            if tag in tags:
                self.mistakes.append(f"{tag} in {kind}, where Android allows none")
        for tag in ("trust-anchors", "pin-set"):
            if tags.count(tag) > 1:
                self.mistakes.append(f"more than one {tag} in a {kind}")
        if kind == DOMAIN and "domain" not in tags:
            self.mistakes.append("a domain-config without a domain")

    def _domain_names(self, element: Element) -> Iterator[Domain]:
        for child in element.named("domain"):
            name = child.text.strip().lower()[:_LONGEST_DOMAIN]
            if not child.text or child.children:
                self.mistakes.append("a domain without a name, or with elements in it")
            elif name in self._domains:
                self.mistakes.append(f"the domain {_short(name)} twice")
            elif len(self._domains) >= LIMITS.domains:
                self.left_out = True
            else:
                self._domains.add(name)
                yield Domain(name=name, include_subdomains=child.switch("includeSubdomains", False))

    def _anchors(self, element: Element, overrides_by_default: bool) -> Iterator[Anchor]:
        for child in element.named("certificates"):
            source = child.attribute("src")
            overrides = child.switch("overridePins", overrides_by_default)
            if source is not None and source.kind == REFERENCE:
                yield Anchor(source=RAW, resource=source.data, overrides_pins=overrides)
            elif source is not None and source.text in (SYSTEM, USER, WFA):
                yield Anchor(source=source.text, overrides_pins=overrides)
            else:
                what = "nothing" if source is None else _short(source.text)
                self.mistakes.append(f"certificates from {what}: only system, user or a resource can be named")

    def _pin_set(self, element: Element) -> PinSet:
        expiration = element.attribute("expiration")
        pins = tuple(self._pins(element))
        self.left_out |= len(pins) > LIMITS.pins
        return PinSet(
            pins=pins[: LIMITS.pins],
            expires_s=None if expiration is None else self._date(expiration.text),
        )

    def _pins(self, element: Element) -> Iterator[str]:
        for child in element.named("pin"):
            digest = child.attribute("digest")
            pin = decoded_pin(child.text)
            if digest is None or digest.text.upper() != "SHA-256":
                self.mistakes.append(
                    f"a pin whose digest is {_short(digest.text) if digest else 'not named'}, not SHA-256"
                )
            elif pin is None or child.children:
                self.mistakes.append(f"the pin {_short(child.text.strip()) or '(empty)'} is no Base64 of 32 bytes")
            else:
                yield pin

    def _date(self, text: str) -> float | None:
        """00:00 UTC of a date such as 2027-01-31; text after it does not matter to Android."""
        found = _DATE.match(text)
        try:
            if found is None:
                raise ValueError
            year, month, day = map(int, found.groups())
            if year > _LAST_YEAR and 1 <= month <= 12:
                return None
            return datetime(year, month, day, tzinfo=UTC).timestamp()
        except (ValueError, OverflowError):
            self.mistakes.append(f"the expiration {_short(text) or '(empty)'} is no date such as 2027-01-31")
            return None


def decoded_pin(text: str) -> str | None:
    """A pin in its usual form; None where Android finds no 32 bytes in it. It skips what is not Base64, and padding."""
    found = _SHA256_BASE64.fullmatch(re.sub(r"[^A-Za-z0-9+/=]", "", text))
    return b64encode(b64decode(f"{found[1]}=")).decode() if found else None


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_WORD else f"{text[:_LONGEST_WORD]}…"
