"""PIN-209: several runs show that user-added CAs are exempt from a check that others must pass."""

from pinprobe.findings.card import Check, Level, about

EXEMPTS_USER_CAS = Check(
    id="PIN-209",
    level=Level.NOTE,
    title="Accepts a user-added CA where it refuses the same CA in the system store",
    why="Whoever gets a CA into the user store reads what the check was to protect: the documented default of "
    "Chromium and Cronet, which bypass pins for local trust anchors.",
    remedy="State that the exemption is meant, or, with Cronet, end it: "
    "set enablePublicKeyPinningBypassForLocalTrustAnchors(false).",
    references=("MASVS-NETWORK-2", "MASWE-0028"),
    find=lambda seen: about([j for j in seen.judged if j.judgement.rule_id == "exempts_user_cas"]),
)
