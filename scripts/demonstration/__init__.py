"""The demo: one app of several real TLS clients, judged by a real mitmdump, its verdicts beside the truth.

    show          from arguments to exit code
    cast          who plays which part of the app, by what is installed here; and what a right verdict is
    deeds         what a client says it did, in words
    world         certificates, servers, a device, a mitmdump
    performance   lets the clients loose, shows what happens meanwhile
    comparison    the report's verdicts beside what the clients really do
    layout        a table that fits the terminal
    progress      lines with the seconds that went by
    interruption  Ctrl-C, heeded between two steps

The launcher is scripts/demo.
"""
