"""An addon that does nothing: a script for `mitmdump -s`, so that both sides load one."""
