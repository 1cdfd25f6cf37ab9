"""Compiled XML: a manifest and a Network Security Config, and what Android would make of it for a host."""

from __future__ import annotations

from tests.declared.compiled import compiled, tree
from tests.declared.configs import DEBUG_USER, anchors, domains, file

from pinprobe.declared import axml, manifest, nsc, oddities, resolve
from pinprobe.declared.resolve import Build
from pinprobe.declared.strings import Damaged
from stressing.fuzz import packages
from stressing.fuzz.target import Check, Target

HOSTS = ("api.example.com", "example.com", "127.0.0.1", "")


def _prepare() -> Check:
    def check(data: bytes) -> None:
        try:
            root = axml.parse(data)
        except Damaged:
            return
        said = manifest.read(root, lambda resource: [])
        build = Build(target_sdk=said.target_sdk, debuggable=said.debuggable, cleartext=said.cleartext, api=34)
        if not nsc.is_config(root):
            return
        config = nsc.read(root)
        oddities.oddities(config)
        resolve.base_of(config, build, lambda resource: ())
        resolve.debug_trusts_user_cas(config)
        for host in HOSTS:
            resolve.resolve(config, host, build, lambda resource: ())

    return check


TARGET = Target(
    name="xml",
    about="compiled manifests and Network Security Configs",
    prepare=_prepare,
    seeds=lambda: (
        packages.manifest(),
        packages.config(),
        packages.config(utf8=True),
        compiled(tree(file(domains("example.com", inside=anchors("user")) + DEBUG_USER))),
    ),
)
