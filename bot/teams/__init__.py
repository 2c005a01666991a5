"""Baseroom in Teams: the only folder that knows botbuilder, botframework, msrest and msal.

Who a request is from is settled in `door.py` and `adapter.py`, with the SDK's own checks and our remedies for its
defects (`remedies.py`). `inbound.py` turns activities into the vocabulary, `render.py` and `porter.py` carry posts out
through `connector.py`, `wiring.py` puts it together. Activities are plain JSON in all of it: the SDK's model of them
loses what it does not know.
"""
