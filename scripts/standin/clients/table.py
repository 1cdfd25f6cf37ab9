"""CLIENTS: every kind of client, by name. A new one is a file beside this and a line here."""

from standin.clients import aiohttp_client, boringssl, curl, okhttp, python_ssl
from standin.clients.base import ClientKind

CLIENTS: dict[str, ClientKind] = {
    kind.name: kind
    for kind in (
        python_ssl.KIND,
        aiohttp_client.KIND,
        curl.KIND,
        okhttp.KIND,
        boringssl.KIND,
    )
}
