"""What a package declares, in JSON, both ways: as the report writes it, and read back with care. Pure."""

from typing import Any

from pinprobe import events as ev
from pinprobe.evidence import CodeMatch, Declaration, Element, MatchedPin, Standing, unreached
from pinprobe.report.careful import list_in, text_in
from pinprobe.report.declared import Agreement
from pinprobe.report.json_chain import seconds_in
from pinprobe.report.times import iso

Json = dict[str, Any]


def app_json(app: ev.AppDeclared, hosts: list[str]) -> Json:
    """The app as a whole."""
    return {
        "package": app.package,
        "version_name": app.version_name,
        "version_code": app.version_code,
        "min_sdk": app.min_sdk,
        "target_sdk": app.target_sdk,
        "debuggable": app.debuggable,
        "apk_sha256": app.apk_sha256,
        "network_security_config": app.nsc,
        "cleartext": app.cleartext,
        "user_cas": app.user_cas,
        "debug_user_cas": app.debug_user_cas,
        "pin_sets": [
            {
                "domain": one.domain,
                "include_subdomains": one.include_subdomains,
                "source": one.source,
                "pins": list(one.pins),
                "expires_at": _moment(one.expires_s),
                "enforced": one.enforced,
            }
            for one in app.pin_sets
        ],
        "code_pins": [
            {"algorithm": one.algorithm, "pin": one.pin, "where": one.where, "host": one.host} for one in app.code_pins
        ],
        "certificates": [
            {
                "subject": one.subject,
                "pin_sha256": one.pin_sha256,
                "not_after": iso(one.not_after_s),
                "is_ca": one.is_ca,
                "where": one.where,
            }
            for one in app.certificates
        ],
        "libraries": list(app.libraries),
        "problems": list(app.problems),
        "unreached": [one.domain for one in unreached(app, hosts)],
    }


def host_json(declared: Declaration, agrees: Agreement) -> Json:
    """One host."""
    return {
        "agreement": agrees.value,
        "config": declared.config,
        "standing": declared.standing.value,
        "pins": [
            {
                "pin": one.pin,
                "element": None if one.element is None else one.element.value,
                "not_after": _moment(one.not_after_s),
            }
            for one in declared.pins
        ],
        "expires_at": _moment(declared.expires_s),
        "code": [{"pin": one.pin, "where": one.where, "element": one.element.value} for one in declared.code],
        "anchors": list(declared.anchors),
        "overrides": list(declared.overrides),
        "trusts_the_ca": declared.trusted,
        "certificate_transparency": declared.ct,
        "cleartext": declared.cleartext,
        "chain_seen": declared.chain_seen,
        "chain_whole": declared.chain_whole,
        "leaf_lasts_s": declared.leaf_lasts_s,
    }


def app_in(one: Any, app_id: str) -> ev.AppDeclared:
    """Read back. Raises KeyError, TypeError or ValueError for what is none."""
    return ev.AppDeclared(
        at_s=0.0,
        app_id=app_id,
        package=text_in(one["package"]),
        version_name=text_in(one["version_name"]),
        version_code=_whole(one["version_code"]),
        min_sdk=_whole(one["min_sdk"]),
        target_sdk=_whole(one["target_sdk"]),
        debuggable=one["debuggable"] is True,
        apk_sha256=text_in(one["apk_sha256"]),
        nsc=text_in(one["network_security_config"]),
        cleartext=one["cleartext"] is True,
        user_cas=one["user_cas"] is True,
        debug_user_cas=one["debug_user_cas"] is True,
        pin_sets=tuple(
            ev.DeclaredPins(
                domain=text_in(pins["domain"]),
                include_subdomains=pins["include_subdomains"] is True,
                source=text_in(pins["source"]),
                pins=_texts(pins["pins"]),
                expires_s=_seconds(pins["expires_at"]),
                enforced=pins["enforced"] is True,
            )
            for pins in list_in(one["pin_sets"])
        ),
        code_pins=tuple(
            ev.CodePin(
                algorithm=text_in(pin["algorithm"]),
                pin=text_in(pin["pin"]),
                where=text_in(pin["where"]),
                host=text_in(pin["host"]),
            )
            for pin in list_in(one["code_pins"])
        ),
        certificates=tuple(
            ev.EmbeddedCertificate(
                subject=text_in(found["subject"]),
                pin_sha256=text_in(found["pin_sha256"]),
                not_after_s=seconds_in(found["not_after"]),
                is_ca=found["is_ca"] is True,
                where=text_in(found["where"]),
            )
            for found in list_in(one["certificates"])
        ),
        libraries=_texts(one["libraries"]),
        problems=_texts(one["problems"]),
    )


def host_in(one: Any) -> Declaration:
    """Read back. Raises KeyError, TypeError or ValueError for what is none."""
    lasts_s = one["leaf_lasts_s"]
    return Declaration(
        config=text_in(one["config"]),
        anchors=_texts(one["anchors"]),
        overrides=_texts(one["overrides"]),
        ct=text_in(one["certificate_transparency"]),
        cleartext=one["cleartext"] is True,
        standing=Standing(one["standing"]),
        pins=tuple(
            MatchedPin(
                pin=text_in(pin["pin"]),
                element=None if pin["element"] is None else Element(pin["element"]),
                not_after_s=_seconds(pin["not_after"]),
            )
            for pin in list_in(one["pins"])
        ),
        expires_s=_seconds(one["expires_at"]),
        code=tuple(
            CodeMatch(pin=text_in(pin["pin"]), where=text_in(pin["where"]), element=Element(pin["element"]))
            for pin in list_in(one["code"])
        ),
        trusted=one["trusts_the_ca"] if isinstance(one["trusts_the_ca"], bool) else None,
        chain_seen=one["chain_seen"] is True,
        chain_whole=one["chain_whole"] is True,
        leaf_lasts_s=float(lasts_s) if isinstance(lasts_s, int | float) else None,
    )


def _moment(seconds: float | None) -> str | None:
    return None if seconds is None else iso(seconds)


def _seconds(value: Any) -> float | None:
    return None if value is None else seconds_in(value)


def _whole(value: Any) -> int | None:
    if value is not None and type(value) is not int:
        raise TypeError(f"{type(value).__name__} where a whole number belongs")
    return value


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(text_in(item) for item in list_in(value))
