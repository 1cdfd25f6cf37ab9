"""Inputs that nobody sends by accident, by the million, to everything that reads what strangers send."""

from __future__ import annotations

from measuring.outcome import Measure
from stressing.fuzz.campaign import run

FUZZ = Measure(name="fuzz", about="Hostile inputs by the million, to every reader of other people's bytes.", run=run)
