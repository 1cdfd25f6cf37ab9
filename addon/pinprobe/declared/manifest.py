"""What AndroidManifest.xml says: attributes are known by Android's ids, since their names may be anything."""

from collections.abc import Callable
from dataclasses import dataclass

from pinprobe.declared.arsc import Value
from pinprobe.declared.axml import INTEGERS, REFERENCE, STRING, Attribute, Element

VERSION_CODE, VERSION_CODE_MAJOR, VERSION_NAME = 0x0101021B, 0x01010576, 0x0101021C
MIN_SDK, TARGET_SDK = 0x0101020C, 0x01010270
DEBUGGABLE, CLEARTEXT, CONFIG = 0x0101000F, 0x010104EC, 0x01010527
NAME, VALUE = 0x01010003, 0x01010024
SPLIT_REQUIRED, REQUIRED_SPLIT_TYPES = 0x01010591, 0x0101064E
SPLITS_REQUIRED = "com.android.vending.splits.required"
"""The same to app stores, in a meta-data element."""
PREVIEW_SDK = 10_000
"""Android's number for a release that has only a name yet."""
_LONGEST = 200

Lookup = Callable[[int], list[Value]]
"""The values that a resource's id stands for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """One APK's."""

    package: str
    split: str
    """Empty for the base."""
    version_name: str
    version_code: int | None
    min_sdk: int | None
    target_sdk: int
    """As Android fills it in: the minimum where it is not said, and 1 where that is not said either."""
    debuggable: bool
    cleartext: bool | None
    """usesCleartextTraffic; None where it is not said."""
    config: int | None
    """The resource id of the Network Security Config."""
    needs_splits: bool
    """Whether the app is not whole without splits."""


def read(root: Element, lookup: Lookup) -> Manifest:
    """Read a manifest. What is missing or odd is as if not said."""
    sdk = next(root.named("uses-sdk"), None)
    application = next(root.named("application"), None)
    minimum = _sdk(sdk, MIN_SDK, lookup)
    target = _sdk(sdk, TARGET_SDK, lookup)
    code = _number(root, VERSION_CODE, lookup)
    major = _number(root, VERSION_CODE_MAJOR, lookup) or 0
    config = None if application is None else application.android(CONFIG)
    return Manifest(
        package=_plain(root, "package"),
        split=_plain(root, "split"),
        version_name=_text(root, VERSION_NAME, lookup),
        version_code=None if code is None else major << 32 | code,
        min_sdk=minimum,
        target_sdk=target or minimum or 1,
        debuggable=_switch(application, DEBUGGABLE, lookup) or False,
        cleartext=_switch(application, CLEARTEXT, lookup),
        config=config.data if config is not None and config.kind == REFERENCE and config.data else None,
        needs_splits=_needs_splits(root, application, lookup),
    )


def _needs_splits(root: Element, application: Element | None, lookup: Lookup) -> bool:
    if _text(root, REQUIRED_SPLIT_TYPES, lookup):
        return True
    told = [] if application is None else application.named("meta-data")
    said = [_switch(one, VALUE, lookup) for one in told if _text(one, NAME, lookup) == SPLITS_REQUIRED]
    return any(said) or any(_switch(one, SPLIT_REQUIRED, lookup) for one in (root, application))


def _plain(element: Element, name: str) -> str:
    found = element.attribute(name)
    return "" if found is None else found.text[:_LONGEST]


def _values(element: Element | None, resource: int, lookup: Lookup) -> list[Value]:
    """The attribute's value, or those of the resource that it refers to."""
    found: Attribute | None = None if element is None else element.android(resource)
    if found is None:
        return []
    return lookup(found.data) if found.kind == REFERENCE else [Value(found.kind, found.data, found.text)]


def _text(element: Element, resource: int, lookup: Lookup) -> str:
    values = _values(element, resource, lookup)
    return (values[0].text or str(values[0].data))[:_LONGEST] if values else ""


def _number(element: Element, resource: int, lookup: Lookup) -> int | None:
    values = _values(element, resource, lookup)
    return values[0].data if values and values[0].kind in INTEGERS else None


def _switch(element: Element | None, resource: int, lookup: Lookup) -> bool | None:
    values = _values(element, resource, lookup)
    return values[0].switch if values else None


def _sdk(element: Element | None, resource: int, lookup: Lookup) -> int | None:
    values = _values(element, resource, lookup)
    if not values:
        return None
    value = values[0]
    if value.kind in INTEGERS:
        return value.data
    # The code name of a release to come, unless it is a number in quotes.
    return (int(value.text[:9]) if value.text.isdecimal() else PREVIEW_SDK) if value.kind == STRING else None
