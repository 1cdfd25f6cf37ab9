"""The parts of `scripts/audit`."""
