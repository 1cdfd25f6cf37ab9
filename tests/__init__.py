"""Tests mirror addon/pinprobe file by file."""
