"""What is done to everything that people type before it is stored: nothing that they would notice.

Control characters, broken halves of emoji and marks that turn text backwards cannot be seen, and make documents and
databases fail later (RELIABILITY, 'Content is hostile'). The words themselves are never changed or cut.
"""

import re

_LINE_ENDS = re.compile("\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
_CONTROLS = "\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f"
_TURNING = "\u202a-\u202e\u2066-\u2069"  # marks that turn the direction of text
_NO_CHARACTERS = "\ufeff\ufdd0-\ufdef\ufffe\uffff"
_UNSEEN = re.compile(f"[{_CONTROLS}{_TURNING}{_NO_CHARACTERS}]")
_LONE_SURROGATES = re.compile("[\ud800-\udfff]")


def clean(words: str) -> str:
    """The words with every line end as a newline, without unseen control characters, fit to be encoded as UTF-8.

    Two surrogates that make a character become it; a lone one becomes the replacement character.
    """
    if _LONE_SURROGATES.search(words):
        words = words.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _UNSEEN.sub("", _LINE_ENDS.sub("\n", words))


def shorten(words: str, most: int) -> str:
    """The first line or so, for a list: at most `most` characters, with an ellipsis where something is left out."""
    line = " ".join(words.split())
    if len(line) <= most:
        return line
    kept = line[: most - 1].rsplit(" ", 1)[0] if " " in line[: most - 1] else line[: most - 1]
    return f"{kept.rstrip(' ,;:')}…"
