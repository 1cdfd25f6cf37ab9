"""Big journals, made up from what real sessions leave: the same seed writes the same file."""

from measuring.journals.writing import Written, write_journal

__all__ = ["Written", "write_journal"]
