"""pinprobe device wireguard-on, wireguard-off."""

import argparse
import json
from pathlib import Path

from pinprobe.cli.device.common import UNDO, add_confdir, add_verb, checked, keeper_of, ready
from pinprobe.cli.exits import Exit, Failed
from pinprobe.device import names, wireguard
from pinprobe.device.qr import qr_code
from pinprobe.device.tunnel import REMOTE_CONTROL, tunnel_off, tunnel_on
from pinprobe.private import write_private

BY_HAND = """\
On the device: install WireGuard (com.wireguard.android), choose + and “Scan from QR code” or “Import from file”, name the
tunnel, switch it on, and restart the app. Android allows one VPN at a time.
undo: switch the tunnel off and delete it there."""


def add_on(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The verb's arguments."""
    parser = add_verb(verbs, "wireguard-on", "lead one app through a WireGuard tunnel to the proxy", on)
    parser.add_argument(
        "package", type=checked(names.package_name), metavar="PACKAGE", help="the app that alone uses the tunnel"
    )
    add_confdir(parser)
    parser.add_argument(
        "--host",
        type=checked(_host),
        required=True,
        metavar="HOST",
        help="this computer, as the device reaches it; an emulator's is 10.0.2.2",
    )
    parser.add_argument(
        "--port",
        type=checked(names.port),
        default=wireguard.PORT,
        metavar="PORT",
        help="UDP, of the proxy's listener; default: %(default)s",
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="the configuration; default: beside the keys")
    parser.add_argument("--no-qr", action="store_true", help="print no QR code: it holds the device's private key")
    parser.add_argument(
        "--install",
        action="store_true",
        help="put it into the WireGuard app of the device and bring it up, which needs root",
    )


def add_off(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The verb's arguments."""
    add_verb(verbs, "wireguard-off", "take down what wireguard-on --install brought up", off)


def on(options: argparse.Namespace) -> Exit:
    """Lead one app through a WireGuard tunnel to the proxy: all its TCP, QUIC and lookups, whether it heeds a proxy setting
    or not, and nobody else's. Writes the configuration, prints it as a QR code, and says how to start the proxy. With
    --install it is put into the device's WireGuard app (root). Run again, it uses the same keys."""
    from pinprobe.x509.tunnel_keys import new_private, public_half  # the other commands do without cryptography

    confdir = options.confdir.expanduser()
    keys_file = confdir / f"wireguard-{options.package}.json"
    if options.dry_run and not keys_file.exists():
        keys = wireguard.Keys(server=new_private(), client=new_private())
    else:
        keys = _keys(keys_file)
    config = wireguard.client_config(
        client_key=keys.client,
        server_public=public_half(keys.server),
        endpoint=f"{options.host}:{options.port}",
        package=options.package,
    )
    out = options.out or confdir / f"wireguard-{options.package}.conf"
    if options.dry_run:
        print(f"would write {out}")
    else:
        write_private(out, config)
        print(f"configuration: {out} (it holds a private key)")
    if not (options.no_qr or options.dry_run):
        print(qr_code(config) or "no QR code: segno is not installed (pip install segno)")
    print("proxy:")
    print(f'  mitmdump --mode wireguard:{keys_file}@{options.port} -s "$(pinprobe path)" \\')
    print(f"    --set pinprobe_app={options.package} --set pinprobe_listeners={options.port}={options.package}")
    if not options.install:
        print(BY_HAND)
        return Exit.DONE
    device, _ = ready(options)
    with keeper_of(device) as keeper:
        tunnel_on(keeper, out, wireguard.tunnel_name(options.package))
    print(
        f"the tunnel {wireguard.tunnel_name(options.package)} is on the device, and was asked to come up; restart the app"
    )
    print(REMOTE_CONTROL)
    print("undo: pinprobe device wireguard-off (scripts/wireguard-off), and the file too: pinprobe device restore")
    return Exit.DONE


def off(options: argparse.Namespace) -> Exit:
    """Take down the tunnel that wireguard-on --install brought up, and give Android's consent back."""
    device, _ = ready(options)
    with keeper_of(device) as keeper:
        was_up = tunnel_off(keeper)
    if was_up:
        print(f"the tunnel is down; its file: {UNDO.removeprefix('undo: ')}")
    else:
        print("no tunnel of pinprobe's is known on this device: switch it off in the WireGuard app")
    return Exit.DONE


def _host(text: str) -> str:
    return wireguard.checked_endpoint(f"{text}:1").rpartition(":")[0]


def _keys(file: Path) -> wireguard.Keys:
    """mitmproxy's file of keys, made where it is missing, in mitmproxy's own form."""
    try:
        return wireguard.read_keys(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        from pinprobe.x509.tunnel_keys import new_private

        keys = wireguard.Keys(server=new_private(), client=new_private())
        write_private(file, json.dumps({"server_key": keys.server, "client_key": keys.client}, indent=4))
        return keys
    except UnicodeDecodeError:
        raise Failed(Exit.DEVICE, f"{file} holds no keys of a WireGuard listener.") from None
