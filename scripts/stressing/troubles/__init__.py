"""The parts of `stress troubles`: each file is one trouble, and how it is brought about."""
