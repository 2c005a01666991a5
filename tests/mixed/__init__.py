"""One visit, played on one platform, on another, and on a mixed team: what is stored must be the same.

`driving.py` says what a driver of a platform must do (say, press, fill in, edit, delete, look); `visit.py` plays the
visit through it and knows no platform; `stored.py` reads what came of it, without ids and platforms. Drivers:
`memory.py` (the vocabulary itself), `served.py` (the served app behind the fake Slack, the fake Teams, or both) and
`room_door.py` (the rehearsal room over HTTP). `seats.py` is what they have in common: who sits where.
"""
