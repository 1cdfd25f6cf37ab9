"""Tables that the documentation takes from the code, so that the two cannot drift apart."""
