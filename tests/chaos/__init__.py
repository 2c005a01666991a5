"""`make chaos`: every fault of RELIABILITY's table, at full size, on both databases. Each fault is one row: how often
it was tried, and how often something was lost, doubled, let in or shown that should not have been.

The short form of each runs with the other tests (`test_short_forms.py`).
"""
