"""What a message must satisfy before Slack posts it, whether by the Web API or by a response URL."""

import copy
import json
import re
from typing import Any

from . import limits
from .blocks import characters_in, problems_in_message_blocks
from .refusals import Refused
from .views import fill_in_ids
from .workspace import Workspace

Json = dict[str, Any]


def checked_content(workspace: Workspace, text: object, blocks: object) -> tuple[str, list[Json] | None]:
    """The text and the blocks (ids filled in); Refused with Slack's code when Slack would not post them."""
    if text is not None and not isinstance(text, str):
        raise Refused("invalid_arguments")
    if not (text or "").strip() and not blocks:
        raise Refused("no_text")
    if text is not None and len(text) > limits.MESSAGE_TEXT:
        raise Refused("msg_too_long")
    return text or "", checked_blocks(workspace, blocks) if blocks is not None else None


def checked_blocks(workspace: Workspace, blocks: object) -> list[Json]:
    if not isinstance(blocks, list):
        raise Refused("invalid_blocks_format")
    problems = problems_in_message_blocks(blocks)
    if problems:
        raise Refused.because("invalid_blocks", problems)
    if characters_in(blocks) > limits.MESSAGE_BLOCK_CHARACTERS:
        raise Refused("msg_blocks_too_long")
    made: list[Json] = copy.deepcopy(blocks)
    fill_in_ids(made, workspace)
    return made


def over_budget(arguments: Json) -> list[str]:
    """What Slack took but might not have: its limits for one message are not all documented (PLATFORM_FACTS S1)."""
    text, blocks = len(str(arguments.get("text") or "")), characters_in(arguments.get("blocks"))
    found = []
    if text > limits.MESSAGE_TEXT_BUDGET:
        found.append(f"text of {text:,} characters: over the budget of {limits.MESSAGE_TEXT_BUDGET:,}")
    if blocks > limits.MESSAGE_BLOCK_BUDGET:
        found.append(f"blocks of {blocks:,} characters: over the budget of {limits.MESSAGE_BLOCK_BUDGET:,}")
    return found


def checked_metadata(metadata: object) -> Json | None:
    """`{event_type, event_payload}`; None when there is none."""
    if metadata in (None, {}, ""):
        return None
    if not isinstance(metadata, dict) or set(metadata) - {"event_type", "event_payload", "entities"}:
        raise Refused("invalid_metadata_format")
    kind, payload = metadata.get("event_type"), metadata.get("event_payload")
    if not isinstance(kind, str) or not re.fullmatch(r"[A-Za-z0-9_.:-]{1,255}", kind) or not isinstance(payload, dict):
        raise Refused("invalid_metadata_format")
    if len(json.dumps(metadata).encode()) > limits.METADATA_BYTES:
        raise Refused("metadata_too_large")
    return metadata


_SEQUENCE = re.compile(r"<([@#!][^<>]*)>")


def control_sequences(text: str, blocks: list[Json] | None) -> list[str]:
    """What Slack would act upon in a posted message: mentions, `!channel` and the like, in text and in mrkdwn.

    Text that people typed must never add to these.
    """
    found = _SEQUENCE.findall(text)
    for piece in _mrkdwn_in(blocks or []):
        found += _SEQUENCE.findall(piece)
    return found


def _mrkdwn_in(value: object) -> list[str]:
    if isinstance(value, dict):
        own = [str(value["text"])] if value.get("type") == "mrkdwn" else []
        return own + [piece for inner in value.values() for piece in _mrkdwn_in(inner)]
    if isinstance(value, list):
        return [piece for inner in value for piece in _mrkdwn_in(inner)]
    return []
