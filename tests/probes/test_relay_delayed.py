"""relay_delayed: relayed after a pause, not intercepted."""

import pytest
from tests.certificates import bench

from pinprobe.probes import RELAY_DELAYED
from pinprobe.x509 import Unservable


def test_no_certificate_of_ours_is_shown() -> None:
    assert not RELAY_DELAYED.intercepts
    assert RELAY_DELAYED.delayed is True
    with pytest.raises(Unservable, match="a relay shows no certificate"):
        bench().mint(RELAY_DELAYED)
