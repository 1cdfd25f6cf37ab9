"""OkHttp's CertificatePinner in Kotlin: an exact name, or `**.` for a name and all below it."""

from collections.abc import Iterator, Sequence

from pinprobe.advice.pinset import Domain, PinSet
from pinprobe.advice.wording import NO_BACKUP, code_comment, no_end_words, pin_words, seen_words

ALL_BELOW = (
    "A name with two asterisks needs OkHttp 4.3 or later: an older one never matches it, and needs each host's name."
)


def render(sets: Sequence[PinSet]) -> str:
    """A value, and the client that uses it."""
    wide = any(domain.include_subdomains for pins in sets for domain in pins.domains)
    lines = [
        "import okhttp3.CertificatePinner",
        "import okhttp3.OkHttpClient",
        "",
        *(code_comment(ALL_BELOW, "") if wide else []),
        "val certificatePinner: CertificatePinner = CertificatePinner.Builder()",
        *(line for pins in sets for domain in pins.domains for line in _added(pins, domain)),
        "    .build()",
        "",
        *code_comment("Give it to every client of the app: one without it checks no pins.", ""),
        "val client: OkHttpClient = OkHttpClient.Builder().certificatePinner(certificatePinner).build()",
    ]
    return "\n".join(lines) + "\n"


def _added(pins: PinSet, domain: Domain) -> Iterator[str]:
    if domain.include_subdomains:
        yield from code_comment(seen_words(domain), " " * 4)
    yield from code_comment(no_end_words(pins), " " * 4)
    yield "    .add("
    yield f'        "{"**." if domain.include_subdomains else ""}{domain.name}",'
    chosen = (*pins.issuers, *pins.backups)
    for pin in chosen:
        yield from code_comment(pin_words(pin), " " * 8)
        yield f'        "sha256/{pin.pin_sha256}"{"" if pin is chosen[-1] else ","}'
    if not pins.backups:
        yield from code_comment(NO_BACKUP, " " * 8)
    yield "    )"
