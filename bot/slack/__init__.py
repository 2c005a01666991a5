"""Baseroom in Slack: the only folder that knows slack-bolt and slack-sdk.

`inbound.py` turns Slack's payloads into the vocabulary, `render.py` and `forms.py` draw cards and forms, `porter.py`
carries posts out, `directory.py` asks Slack who people are, `wiring.py` puts it on Socket Mode or on HTTP.
"""
