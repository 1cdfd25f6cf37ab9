"""Signals end what is done, and wait while the device is put back."""

from __future__ import annotations

import signal

import pytest

from pinprobe.running.interrupts import SIGNALS, Interrupts, Stopped


@pytest.mark.parametrize("number", SIGNALS)
def test_heeded_and_then_as_before(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    interrupts = Interrupts()
    with pytest.raises(Stopped), interrupts.heeded():
        signal.raise_signal(number)
    assert signal.getsignal(number) is before


def test_shielded_it_waits_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    interrupts = Interrupts()
    done = False
    with interrupts.heeded():
        with interrupts.shielded():
            for _ in range(3):
                signal.raise_signal(signal.SIGINT)
            done = True
        with pytest.raises(Stopped):
            interrupts.check()
    assert done and capsys.readouterr().out.count("being put back") == 1


def test_without_a_signal_nothing_is_raised() -> None:
    interrupts = Interrupts()
    with interrupts.heeded(), interrupts.shielded():
        pass
    interrupts.check()


def test_a_second_signal_cuts_nothing_off(capsys: pytest.CaptureFixture[str]) -> None:
    interrupts = Interrupts()
    went_on = False
    with pytest.raises(Stopped), interrupts.heeded():
        try:
            signal.raise_signal(signal.SIGINT)
        finally:
            signal.raise_signal(signal.SIGINT)
            went_on = True
    assert went_on and "must not be cut off" in capsys.readouterr().out
