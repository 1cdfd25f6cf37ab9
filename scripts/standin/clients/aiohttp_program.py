"""The process behind the `aiohttp` kind."""

from __future__ import annotations

import asyncio
import ssl
import sys

import aiohttp

from standin.clients.base import Job, say


async def attempt(job: Job, session: aiohttp.ClientSession) -> None:
    url = f"https://{job.host}:{job.port}{job.path}"
    try:
        async with session.get(url, proxy=f"http://{job.proxy}") as response:
            await response.read()
            say("response", "response", f"HTTP {response.status}", status=response.status)
    except (aiohttp.ClientConnectorCertificateError, ssl.SSLCertVerificationError) as error:
        say("refused", "handshake", error)
    except aiohttp.ServerFingerprintMismatch as error:
        say("refused", "check", error)
    except aiohttp.ClientHttpProxyError as error:
        say("failed", "proxy", f"HTTP {error.status} to CONNECT")
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        say("failed", "handshake", f"{type(error).__name__}: {error}")


async def main() -> None:
    job = Job.parse(sys.argv[1:])
    context = ssl.create_default_context(cafile=str(job.trust))
    if job.tls == "1.2":
        context.maximum_version = ssl.TLSVersion.TLSv1_2
    if job.tls == "1.3":
        context.minimum_version = ssl.TLSVersion.TLSv1_3
    for number in range(job.attempts):
        if number:
            await asyncio.sleep(job.pause_s)
        # A session of its own for each attempt: each shall make its own connection.
        match job.technique:
            case "pin":
                # aiohttp takes a context or a fingerprint, not both: with a fingerprint it checks
                # nothing else of the certificate, on any device.
                check: ssl.SSLContext | aiohttp.Fingerprint | bool = aiohttp.Fingerprint(bytes.fromhex(job.fingerprint))
            case "trust-all":
                check = False
            case _:
                check = context
        connector = aiohttp.TCPConnector(ssl=check)
        timeout = aiohttp.ClientTimeout(total=job.timeout_s)
        async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:
            await attempt(job, session)


if __name__ == "__main__":
    asyncio.run(main())
