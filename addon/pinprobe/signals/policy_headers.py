"""Do decrypted answers carry pinning or transparency headers that no browser heeds any more?"""

from pinprobe.signals.card import Answer, Asked, Card, Kind, present_if, unknown


def _header(asked: Asked, *names: str) -> Answer:
    seen = asked.endpoint.policy_headers
    count = sum(seen.get(name, 0) for name in names)
    if not count and not asked.stack.requests:
        return unknown("no answer of this host was decrypted")
    return present_if(count > 0, count=count, note=", ".join(name for name in names if name in seen))


PUBLIC_KEY_PINS_HEADER = Card(
    id="public_key_pins_header",
    kind=Kind.WEAK,
    title="the server still sends Public-Key-Pins",
    asks="Did a decrypted answer carry an HPKP header (RFC 7469)?",
    matters="Browsers removed it, so it protects nobody; an app may still read its pins from it, over this connection.",
    trigger="One such header.",
    rules_out="Nothing has to be ruled out: it is the server's own word.",
    limits="Whether anything in the app heeds it is not seen.",
    evaluate=lambda asked: _header(asked, "public-key-pins", "public-key-pins-report-only"),
)
EXPECT_CT_HEADER = Card(
    id="expect_ct_header",
    kind=Kind.WEAK,
    title="the server still sends Expect-CT",
    asks="Did a decrypted answer carry an Expect-CT header (RFC 9163)?",
    matters="It is deprecated: Certificate Transparency is enforced by clients themselves, or not at all.",
    trigger="One such header.",
    rules_out="Nothing has to be ruled out: it is the server's own word.",
    limits="Whether anything in the app heeds it is not seen.",
    evaluate=lambda asked: _header(asked, "expect-ct"),
)
