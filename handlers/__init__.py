"""What Baseroom does: one folder per capability, the same file names in each.

`__init__.py` tells the capability's story and registers what it offers; `rules.py` is pure; `actions.py` holds what
happens inside one unit of work; `cards.py` says what people see. Nothing here knows Slack, Teams or HTML.
"""
