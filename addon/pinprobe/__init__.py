"""pinprobe: find out, endpoint by endpoint, whether an app pins its certificates."""

__version__ = "0.1.0"
