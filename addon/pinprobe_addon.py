"""mitmdump -s pinprobe_addon.py: find out, endpoint by endpoint, whether an app pins its certificates."""

from pinprobe.mitm import Pinprobe

addons = [Pinprobe()]
