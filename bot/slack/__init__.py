"""Baseroom in Slack: the only folder that knows slack-bolt and slack-sdk.

`inbound.py` turns Slack's payloads into the vocabulary, `render.py` and `porter.py` carry posts out, `directory.py`
asks Slack who people are, `wiring.py` puts it on Socket Mode or on HTTP.
"""
