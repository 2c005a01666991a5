"""One visit, played on one platform, on another, and on a mixed team: what is stored must be the same.

`driving.py` says what a driver of a platform must do (say, press, fill in, edit, delete, look); `visit.py` plays the
visit through it and knows no platform; `stored.py` reads what came of it, without ids and platforms. A driver for a
platform's own fake joins the comparison by being added to `WORLDS` in the test.
"""
