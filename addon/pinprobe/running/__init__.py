"""`pinprobe run`: a device, an app and the proxy brought together for one session or several, and put back after."""
