"""What pyOpenSSL has no public word for, is there at both supported ends: else no connection would be watched."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pinprobe.mitm import openssl

ROOM = Path(openssl.__file__).parent
USED = sorted({name for file in ROOM.rglob("*.py") for name in re.findall(r"LIBRARY\.(\w+)", file.read_text("utf-8"))})


def test_some_are_used() -> None:
    assert {"SSL_read", "SSL_write", "SSL_set_cert_cb"} <= set(USED)


@pytest.mark.parametrize("name", USED)
def test_each_function_that_is_used_is_there(name: str) -> None:
    assert hasattr(openssl.LIBRARY, name)


def test_memory_of_c_can_be_made_and_read() -> None:
    memory = openssl.CFFI.new("char[]", 4)
    openssl.CFFI.buffer(memory)[:] = b"four"
    assert openssl.CFFI.buffer(memory, 2)[:] == b"fo"
