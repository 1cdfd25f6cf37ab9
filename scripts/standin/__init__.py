"""A stand-in for a phone and the servers its apps talk to: all of it on loopback, all of it real TLS.

    pki = Pki(folder / "pki")                                   # root, intermediates, leaves
    leaf = pki.leaf(["api.shop.test", "cdn.shop.test"])
    confdir = folder / "confdir"
    phone = device.trusting(pki, make_ca(confdir))              # or device.distrusting(pki)
    with Origins([Origin(name="web", identities=(leaf,))]) as origins:
        hosts = {"api.shop.test": origins.port("web"), "cdn.shop.test": origins.port("web")}
        with Proxy(confdir=confdir, trust=pki.root.chain_path, hosts=hosts, scripts=[addon]) as proxy:
            job = Job(proxy=proxy.address, host="api.shop.test", trust=phone.trust, attempts=5)
            app = start(CLIENTS["okhttp"], job.but(technique="pin", pin=leaf.pin))
            other = start(CLIENTS["curl"], job.but(host="cdn.shop.test"))
            truth = app.wait() + other.wait()                   # what the clients say of themselves
    print(proxy.output)

The demo, the benchmark and the live tests use it. Nothing of pinprobe imports it.
"""
