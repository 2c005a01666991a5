"""Activities as Teams sends them: plain JSON, read with care, because anything may be missing.

The SDK's model is not used for reading: it loses the details of a mention and never finds the tenant.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
Payload = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class InvokeAnswer:
    """What an invoke is answered with, in the HTTP answer itself. `body` None sends none."""

    status: int = 200
    body: Json | None = None


def to_json(payload: object) -> str:
    """As we send it: a letter stands as itself, since each escape would count as six."""
    return json.dumps(payload, ensure_ascii=False)


def size_of(payload: object) -> int:
    """Bytes, as Teams counts a message: in UTF-16."""
    return len(to_json(payload).encode("utf-16-le", "surrogatepass"))


def part(payload: Payload, *names: str) -> Payload:
    """The object inside objects by its names; an empty one where there is none."""
    found: Any = payload
    for name in names:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def words(payload: Payload, name: str) -> str:
    """The text under a name; "" where there is none."""
    found = payload.get(name)
    return found if isinstance(found, str) else ""


def tenant_of(activity: Payload) -> str:
    """The Entra tenant from which it came; "" where Teams does not say."""
    return words(part(activity, "channelData", "tenant"), "id") or words(part(activity, "conversation"), "tenantId")
