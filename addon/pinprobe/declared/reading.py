"""An app's package, read once: what it declares of the app, and the answer for each host that is contacted."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pinprobe import events as ev
from pinprobe.declared import nsc, oddities, resolve
from pinprobe.declared.base import base_of
from pinprobe.declared.code import CodeFacts, Progress, scan
from pinprobe.declared.limits import LIMITS
from pinprobe.declared.manifest import Manifest
from pinprobe.declared.nsc import SecurityConfig
from pinprobe.declared.package import Deadline, Package, open_package
from pinprobe.declared.resolve import Build, Resolved
from pinprobe.declared.resources import ConfigFile, Resources

_PIN_SETS = 200
"""Sets of pins that the event carries: one for each domain with pins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """Everything that was read. Holds no file open."""

    manifest: Manifest
    config: SecurityConfig | None
    """None where the app has none, or where it is not known."""
    config_entry: str
    known: bool
    """False where Android's answer for a host cannot be told: no base APK, or a configuration that is not to be read."""
    raw: dict[int, tuple[str, ...]]
    """Pins of the certificates in the resources that the configuration names."""
    apk_sha256: str
    code: CodeFacts
    problems: tuple[str, ...]

    def app(self, app_id: str | None, at_s: float) -> ev.AppDeclared:
        """The fact of the app; without an id the package's own name is taken. `at_s`: Unix time."""
        base = resolve.base_of(self.config, self._build(None), self._pins_of)
        return ev.AppDeclared(
            at_s=at_s,
            app_id=app_id or self.manifest.package,
            package=self.manifest.package,
            version_name=self.manifest.version_name,
            version_code=self.manifest.version_code,
            min_sdk=self.manifest.min_sdk,
            target_sdk=None if self.manifest.split else self.manifest.target_sdk,
            debuggable=self.manifest.debuggable,
            apk_sha256=self.apk_sha256,
            nsc=self.config_entry,
            # What is not known is not claimed.
            cleartext=self.known and base.cleartext,
            user_cas=self.known and "user" in base.anchors,
            debug_user_cas=resolve.debug_trusts_user_cas(self.config),
            pin_sets=tuple(_pin_sets(self.config))[:_PIN_SETS] if self.config is not None else (),
            code_pins=self.code.code_pins,
            certificates=self.code.certificates,
            libraries=self.code.libraries,
            problems=self.problems,
        )

    def host(self, host: str, app_id: str, at_s: float, android_api: int | None) -> ev.HostDeclared | None:
        """What Android holds for a host; None where the package does not tell. `at_s`: Unix time."""
        if not self.known:
            return None
        found: Resolved = resolve.resolve(self.config, host, self._build(android_api), self._pins_of)
        return ev.HostDeclared(
            at_s=at_s,
            app_id=app_id,
            host=host,
            config=found.config,
            anchors=found.anchors,
            overrides=found.overrides,
            pins=found.pins,
            expires_s=found.expires_s,
            report_only=found.report_only,
            meant_pins=found.meant_pins,
            meant_why=found.meant_why,
            ct=found.ct,
            cleartext=found.cleartext,
        )

    def _build(self, api: int | None) -> Build:
        said = self.manifest
        return Build(target_sdk=said.target_sdk, debuggable=said.debuggable, cleartext=said.cleartext, api=api)

    def _pins_of(self, resource: int) -> tuple[str, ...]:
        return self.raw.get(resource, ())


def read_app(paths: Sequence[Path], *, progress: Progress | None = None, deadline: Deadline | None = None) -> Declared:
    """Read an app's package. Raises PackageError where it holds no app that can be read; all else is a problem.

    `progress` is told bytes looked at and bytes in all; `deadline` says whether time is over.
    """
    with open_package(paths, deadline=deadline) as package:
        base, said = base_of(package)
        resources = Resources(package, list(package.entries(base)))
        file = None if said.split else _config_file(package, resources, said)
        known = not said.split and (file is not None or said.config is None)
        config = None if file is None else _read_config(package, resources, said, file)
        if config is not None and (_broken(config, said) or config.left_out):
            known = False
        raw = {} if config is None else _raw_pins(package, resources, config)
        code = scan(package, progress)
        return Declared(
            manifest=said,
            config=config,
            config_entry="" if file is None else file.entry.name,
            known=known,
            raw=raw,
            apk_sha256=package.sha256,
            code=code,
            problems=(*package.problems, *code.problems),
        )


def _config_file(package: Package, resources: Resources, said: Manifest) -> ConfigFile | None:
    if said.config is not None and (file := resources.named_config(said.config)) is not None:
        return file
    every = resources.all_configs()
    if said.config is None:
        for file in every:
            package.note(
                "a Network Security Config that the manifest does not name: it is not in force", file.entry.name
            )
        return None
    # A file with debug-overrides alone is the one beside the config.
    likely = [file for file in every if any(child.tag != nsc.DEBUG for child in file.root.children)]
    if len(likely) == 1:
        return likely[0]
    found = f"{len(likely)} files could be it" if likely else "none is found"
    package.note(f"the manifest names a Network Security Config, and {found}: the configuration is not known")
    return None


def _read_config(package: Package, resources: Resources, said: Manifest, file: ConfigFile) -> SecurityConfig:
    config = nsc.read(file.root)
    if config.debug is None and (beside := resources.debug_file(said.config, file)) is not None:
        config = nsc.with_debug_file(config, beside.root)
    for mistake in (*config.mistakes, *(config.debug_mistakes if said.debuggable else ())):
        package.note(f"{mistake}: Android refuses the file, and every use of the network fails", file.entry.name)
    for oddity in oddities.oddities(config):
        package.note(oddity, file.entry.name)
    if config.left_out:
        package.note("more domains or pins than are read", file.entry.name)
    return config


def _broken(config: SecurityConfig, said: Manifest) -> bool:
    return bool(config.mistakes) or (said.debuggable and bool(config.debug_mistakes))


def _raw_pins(package: Package, resources: Resources, config: SecurityConfig) -> dict[int, tuple[str, ...]]:
    """Every host's answer carries them, so all files together have the room of one."""
    raw: dict[int, tuple[str, ...]] = {}
    room = LIMITS.raw_certificates
    for resource in _raw_resources(config):
        pins = resources.pins_of(resource)
        if not pins:
            package.note("certificates that the configuration trusts are not found in the package", f"@{resource:x}")
        elif len(pins) > room:
            package.note(
                f"more than {LIMITS.raw_certificates} certificates that the configuration trusts: not all are read"
            )
            pins = ()
        raw[resource] = pins
        room -= len(pins)
    return raw


def _raw_resources(config: SecurityConfig) -> list[int]:
    configs = (*config.domains, *(one for one in (config.base, config.debug) if one is not None))
    anchors = (anchor for one in configs for anchor in one.anchors or ())
    return list(dict.fromkeys(anchor.resource for anchor in anchors if anchor.source == nsc.RAW))[: LIMITS.raw_files]


def _pin_sets(config: SecurityConfig) -> list[ev.DeclaredPins]:
    found: list[ev.DeclaredPins] = []
    for one in config.domains:
        pins = one.effective_pins
        if pins is None or not pins.pins:
            continue
        for domain in one.domains:
            sources = [("nsc", True)]
            if config.uses_trustkit:
                sources.append(("trustkit", one.enforced_by_trustkit))
            found += [
                ev.DeclaredPins(
                    domain=domain.name,
                    include_subdomains=domain.include_subdomains,
                    source=source,
                    pins=pins.pins,
                    expires_s=pins.expires_s,
                    enforced=enforced,
                )
                for source, enforced in sources
            ]
    return found
