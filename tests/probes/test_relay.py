"""relay: relayed, not intercepted."""

import pytest
from tests.certificates import bench

from pinprobe.probes import RELAY
from pinprobe.x509 import Unservable


def test_no_certificate_of_ours_is_shown() -> None:
    assert not RELAY.intercepts
    assert RELAY.delayed is False
    with pytest.raises(Unservable, match="a relay shows no certificate"):
        bench().mint(RELAY)
