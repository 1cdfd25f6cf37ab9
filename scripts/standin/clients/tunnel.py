"""A TCP connection to the job's host, through its proxy if it has one, for clients written in Python."""

from __future__ import annotations

import socket
import struct

from standin.clients.base import Job


class ProxySaysNo(OSError):
    """The proxy was there, but did not open the tunnel."""


def open_tunnel(job: Job) -> socket.socket:
    address, port = (job.host, str(job.port)) if job.via == "direct" else job.proxy.rsplit(":", 1)
    connection = socket.create_connection((address, int(port)), timeout=job.timeout_s)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        if job.via == "socks5":
            _socks5(connection, job)
        elif job.via == "http":
            _connect(connection, job)
    except BaseException:
        connection.close()
        raise
    return connection


def _connect(connection: socket.socket, job: Job) -> None:
    host = f"[{job.host}]" if ":" in job.host else job.host
    target = f"{host}:{job.port}"
    # Host names beyond ASCII go out as they are, as careless clients send them.
    connection.sendall(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
    answer = b""
    # Byte by byte: whatever follows the blank line belongs to the server.
    while not answer.endswith(b"\r\n\r\n"):
        byte = connection.recv(1)
        if not byte:
            raise ProxySaysNo("closed during CONNECT")
        answer += byte
    status = answer.split(b" ", 2)[1]
    if status != b"200":
        raise ProxySaysNo(f"HTTP {status.decode()} to CONNECT")


def _socks5(connection: socket.socket, job: Job) -> None:
    connection.sendall(b"\x05\x01\x00")
    if _exactly(connection, 2) != b"\x05\x00":
        raise ProxySaysNo("SOCKS greeting refused")
    host = job.host.encode("idna")
    connection.sendall(b"\x05\x01\x00\x03" + bytes([len(host)]) + host + struct.pack("!H", job.port))
    head = _exactly(connection, 4)
    if head[1]:
        raise ProxySaysNo(f"SOCKS error {head[1]}")
    length = {1: 4, 4: 16}.get(head[3]) or _exactly(connection, 1)[0]
    _exactly(connection, length + 2)


def _exactly(connection: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        more = connection.recv(count - len(data))
        if not more:
            raise ProxySaysNo("closed during the SOCKS handshake")
        data += more
    return data
