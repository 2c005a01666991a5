"""What Baseroom remembers: records, the stores that keep them, and the one unit of work they change in.

Nothing here knows of Slack, Teams or a browser, nor of what a capability means by a record. What a peer typed is
sealed under the key of its challenge before it reaches a table (see keys.py), so that destroying the key destroys
the words wherever a copy of the file may lie.
"""
