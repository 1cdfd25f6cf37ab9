"""The parts of `stress`: each file is one way of being hard on pinprobe."""
