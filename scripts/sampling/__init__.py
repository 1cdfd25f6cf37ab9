"""The committed sample, reports/sample: the demo's live run, with all that differs from run to run made the same.

    normal    a journal without the times, keys and names of one run
    gist      what two runs of the demo must agree on
    record    the demo is run, its journal normalised, the report built from that

The launcher is scripts/sample. Why it is made so stands in docs/decisions.md.
"""
