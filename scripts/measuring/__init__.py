"""What `bench` and `stress` share: a table of measures, run one after the other, each ending in a table of figures."""
