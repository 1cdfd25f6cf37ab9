"""The configuration and raw certificates are found wherever build tools put them, and where the table cannot tell."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from tests import certificates
from tests.android.builder import build_apk
from tests.declared.compiled import compiled, tree
from tests.declared.configs import DEBUG_USER, OTHER, PIN, anchors, domains, file, pins

from pinprobe import x509
from pinprobe.declared import manifest, read_app
from pinprobe.declared.axml import parse
from pinprobe.declared.limits import Limits
from pinprobe.declared.package import Package, open_package
from pinprobe.declared.resources import ConfigFile, Resources

NSC = file(f"<base-config>{anchors('system', '@raw/ca')}</base-config>" + domains("example.com", inside=pins(PIN)))


def resources_of(package: Package) -> Resources:
    return Resources(package, list(package.entries()))


def reference(package: Package) -> int:
    """The resource that the manifest names."""
    said = manifest.read(parse(next(package.entries()).read(1 << 20)), lambda _: [])
    assert said.config is not None
    return said.config


def raw_id(config: ConfigFile) -> int:
    (base,) = config.root.named("base-config")
    (listed,) = base.named("trust-anchors")
    source = listed.children[1].attribute("src")
    assert source is not None
    return source.data


@pytest.mark.parametrize("shorten", [False, True], ids=["plain", "shortened"])
@pytest.mark.parametrize("form", ["pem", "der", "two"])
def test_the_config_and_its_certificates(tmp_path: Path, shorten: bool, form: str) -> None:
    cas = [certificates.new_ca()[1] for _ in range(2 if form == "two" else 1)]
    content = x509.der(cas[0]) if form == "der" else certificates.pem(*cas)
    apk = build_apk(tmp_path, nsc=NSC, raw={"ca.crt": content}, shorten_resources=shorten)
    with open_package([apk]) as package:
        resources = resources_of(package)
        config = resources.named_config(reference(package))
        assert config is not None and config.root.tag == "network-security-config"
        assert (config.entry.path == "res/xml/network_security_config.xml") is not shorten
        assert resources.pins_of(raw_id(config)) == tuple(map(x509.pin_sha256, cas))
        assert [one.entry.path for one in resources.all_configs()] == [config.entry.path], "by its root as well"
        assert package.problems == []


def test_the_debug_file_goes_by_the_name_of_the_resource(tmp_path: Path) -> None:
    debug = file(DEBUG_USER)
    for shorten in (False, True):
        apk = build_apk(tmp_path, nsc=file(""), nsc_debug=debug, nsc_name="net", shorten_resources=shorten)
        with open_package([apk]) as package:
            resources = resources_of(package)
            config = resources.named_config(reference(package))
            assert config is not None
            beside = resources.debug_file(reference(package), config)
            assert beside is not None and [one.tag for one in beside.root.children] == ["debug-overrides"]
            assert resources.debug_file(None, config) is None
    with open_package([build_apk(tmp_path, nsc=file(""))]) as package:
        resources = resources_of(package)
        config = resources.named_config(reference(package))
        assert config is not None and resources.debug_file(reference(package), config) is None


def rewritten(apk: Path, **changed: bytes | None) -> Path:
    """The same archive with these entries changed, or left out."""
    made = apk.with_name("rewritten.apk")
    replaced = {name.replace("__", "/").replace("_dot_", "."): content for name, content in changed.items()}
    with zipfile.ZipFile(apk) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            content = replaced.pop(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
        for name, content in replaced.items():
            assert content is not None
            new.writestr(name, content)
    return made


def test_without_a_table_the_root_tells(tmp_path: Path) -> None:
    apk = build_apk(tmp_path, nsc=file(domains("example.com", inside=pins(PIN))))
    for table in (None, b"broken", b"\2\0\14\0\377\377\377\377"):
        with open_package([rewritten(apk, resources_dot_arsc=table)]) as package:
            resources = resources_of(package)
            assert resources.named_config(reference(package)) is None
            assert len(resources.all_configs()) == 1
            assert resources.pins_of(0x7F010000) == ()


def test_only_compiled_files_with_this_root_are_configs(tmp_path: Path) -> None:
    apk = build_apk(
        tmp_path,
        nsc=file(""),
        entries={
            "res/text.xml": b"<network-security-config/>",
            "res/other.xml": compiled(tree("<paths><network-security-config/></paths>")),
            "assets/a.xml": compiled(tree(file(""))),
            "res/aB": compiled(tree(file("")), utf8=True),
        },
    )
    with open_package([apk]) as package:
        found = {one.entry.path for one in resources_of(package).all_configs()}
        assert found == {"res/xml/network_security_config.xml", "res/aB"}


def test_damage_is_told_and_bounded(tmp_path: Path) -> None:
    apk = build_apk(tmp_path, nsc=file(""))
    with zipfile.ZipFile(apk) as archive:
        content = archive.read("res/xml/network_security_config.xml")
    broken = rewritten(apk, res__xml__network_security_config_dot_xml=content[:-9])
    with open_package([broken]) as package:
        assert resources_of(package).named_config(reference(package)) is None
        (said,) = package.problems
        assert said.startswith("res/xml/network_security_config.xml: cannot be decoded: a chunk")
    many = build_apk(tmp_path, nsc=file(""), entries={f"res/{number}.xml": content for number in range(9)})
    with open_package([many], limits=Limits(xml_files=5)) as package:
        assert len(resources_of(package).all_configs()) == 5
        assert "more than 5 XML files" in package.problems[0]
    asked: list[int] = []
    with open_package([many], deadline=lambda: len(asked) > 0) as package:
        resources = resources_of(package)
        asked.append(1)
        assert resources.all_configs() == [] and "time is over" in package.problems[0]
    with open_package([many], limits=Limits(configs=3)) as package:
        assert len(resources_of(package).all_configs()) == 3


@pytest.mark.parametrize("same", [True, False])
def test_different_files_for_different_devices_are_none_that_is_known(tmp_path: Path, same: bool) -> None:
    other = NSC if same else file(domains("example.com", inside=pins(OTHER)))
    apk = build_apk(
        tmp_path, nsc=NSC, raw={"ca.crt": b"x"}, resources={"xml-v30/network_security_config.xml": other.encode()}
    )
    with open_package([apk]) as package:
        assert (resources_of(package).named_config(reference(package)) is not None) is same
        assert [("for different devices" in problem) for problem in package.problems] == ([] if same else [True])
    declared = read_app([apk])
    assert declared.known is same
