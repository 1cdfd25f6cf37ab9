"""pinprobe device app-launch."""

import argparse

from pinprobe.cli.device.common import add_verb, checked, ready
from pinprobe.cli.exits import Exit
from pinprobe.device import apps, names
from pinprobe.device.packages import package_facts


def add_launch(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The verb's arguments."""
    parser = add_verb(verbs, "app-launch", "end an app and start it anew", launch)
    parser.add_argument("package", type=checked(names.package_name), metavar="PACKAGE", help="such as com.example.app")
    parser.add_argument("--clear", action="store_true", help="delete the app's data before; this cannot be undone")


def launch(options: argparse.Namespace) -> Exit:
    """End an app and start it anew, as a tap on its icon does, and see that it stays."""
    device, facts = ready(options)
    app = package_facts(device, options.package)
    apps.stop(device, app.package)
    if options.clear:
        apps.clear(device, app.package)
    apps.launch(device, app.package)
    if not device.dry:
        apps.require_started(device, app.package, facts.api)
    print(f"{app.package} {app.version_name} runs (uid {app.uid}, targets API {app.target_sdk})")
    print(f"undo: adb shell am force-stop {app.package}")
    return Exit.DONE
