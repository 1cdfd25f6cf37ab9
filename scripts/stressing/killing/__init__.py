"""The parts of `stress kills`."""
