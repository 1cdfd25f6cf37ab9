"""PIN-107: a certificate that nobody should trust was accepted."""

from pinprobe.findings.card import Check, Level, about

NOBODYS_CA = frozenset({"accepts_untrusted", "accepts_in_no_store"})
"""The rows of RULES, and of the readings of several runs, that say so."""

NO_VALIDATION = Check(
    id="PIN-107",
    level=Level.ERROR,
    title="Accepts certificates of a CA that nobody trusts",
    why="Anybody between the app and the server can read and change the traffic.",
    remedy="Remove the trust manager or callback that accepts everything, and rely on the platform's validation.",
    references=("MASVS-NETWORK-1", "MASWE-0027", "MASTG-TEST-0282", "MASTG-TEST-0283", "CWE-295"),
    # On whosever host: it is the app's own traffic that lies open.
    find=lambda seen: about([j for j in seen.judged if j.judgement.rule_id in NOBODYS_CA]),
)
