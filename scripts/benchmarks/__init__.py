"""What pinprobe costs: mitmdump with and without it, side by side on loopback, measured in one run."""
