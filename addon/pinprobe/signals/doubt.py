"""Could something other than trust explain a refusal: names, TLS parameters, a client certificate?"""

from pinprobe.signals.card import Answer, Asked, Card, Kind, present_if, unknown

NO_REFUSAL = "nothing was refused"


def _mutual_tls(asked: Asked) -> Answer:
    if not asked.endpoint.chains:
        return unknown("the real server's handshake was not seen")
    return present_if(asked.stack.mutual_tls)


def _reason(asked: Asked, prefix: str) -> Answer:
    if not asked.stack.refusals:
        return unknown(NO_REFUSAL)
    found = {reason: count for reason, count in asked.stack.doubts.items() if reason.startswith(prefix) and count}
    note = ", ".join(sorted(reason.removeprefix("TLS mismatch: ") for reason in found))
    return present_if(bool(found), count=max(found.values(), default=0), of=asked.stack.refusals, note=note)


def _explained_otherwise(asked: Asked) -> Answer:
    stack = asked.stack
    if not stack.refusals:
        return unknown(NO_REFUSAL)
    # A certificate alert inside the handshake stands in spite of every doubt.
    explained = stack.doubtful > 0 and not stack.refusals_in_handshake
    reasons = ", ".join(sorted(reason for reason, count in stack.doubts.items() if count))
    return present_if(explained, count=stack.doubtful, of=stack.refusals, note=reasons)


MUTUAL_TLS = Card(
    id="mutual_tls",
    kind=Kind.EVIDENCE,
    title="the server asks for a client certificate",
    asks="Did the real server request a client certificate (RFC 8446, section 4.3.2)?",
    matters="The proxy cannot present the app's certificate, so the app may fail for that reason.",
    limits="Many servers ask and do not insist.",
    evaluate=_mutual_tls,
)
TLS_MISMATCH = Card(
    id="tls_mismatch",
    kind=Kind.EVIDENCE,
    title="the proxy negotiated otherwise than the server",
    asks="Did TLS version or ALPN differ between the client's side and the server's?",
    matters="A client may close after the handshake because of that.",
    limits="Says only that another explanation is open.",
    evaluate=lambda asked: _reason(asked, "TLS mismatch"),
)
NAME_DOUBT = Card(
    id="name_doubt",
    kind=Kind.EVIDENCE,
    title="the certificate's names are in doubt",
    asks="Was there no SNI, or did our leaf lack a name of the server's own, or was another host addressed?",
    matters="A host name mismatch ends exactly like a pin checked after the handshake.",
    limits="Says only that another explanation is open.",
    evaluate=lambda asked: _reason(asked, "name doubt"),
)
EXPLAINED_OTHERWISE = Card(
    id="explained_otherwise",
    kind=Kind.EVIDENCE,
    title="the refusals have another possible explanation",
    asks="Do all refusals come after the handshake or without alert, and does one of these doubts apply?",
    matters="Then nothing may be said about pinning.",
    limits="A real pin may be hidden behind it; another set-up of the proxy can show it.",
    evaluate=_explained_otherwise,
)
