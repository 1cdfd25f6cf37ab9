"""Pictures of the committed sample in a real browser, for docs/report.md.

    shots   which ones, and how one is taken
    png     a picture made small

The launcher is scripts/screenshots.
"""
