"""An `adb` that imitates: a device is a JSON file in a folder, and this answers as the real program and device would.

It is made from the real adb's own messages (Debian's 29.0.6, seen without a device) and, for the device's side, from
the platform's documented behaviour and the commands of open-source tools; docs/device.md says so as well. What no
device was asked about stays an assumption here: that mounts below /system reach the zygotes and those below /apex do
not, what `settings put global http_proxy` changes besides, and the words of errors.

    phone.py      the device's state, its files, and its mounts by namespace
    models.py     devices as they come: by API level, with root or without
    shell.py      the device's shell: strict, what it does not know is exit code 127
    commands.py   the programs that the shell knows; files.py has those about files and mounts
    program.py    adb itself: arguments, daemon, root, push, reverse
    app.py        an app: a real TLS client that trusts what the device's stores hold

Environment: FAKE_ADB names the folder. In it `faults.json` may say that after so many calls the device is lost, or how
long each call takes.
"""
