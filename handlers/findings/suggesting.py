"""Which themes a finding may belong to: offered as buttons, never set.

The score is plain: each word that a finding shares with a theme counts, more for the theme's own short words than for
its title and prompts, less the more themes share it. What the peer and the team use most breaks ties. Pure.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache

from storage.records import Theme, ThemeId

OFFERED = 3
READ = 4_000  # characters of a finding that are looked at

_WORDS = re.compile(r"[^\W\d_]{3,30}")
_ENDINGS = ("ations", "ation", "ments", "ment", "ings", "ing", "ers", "ies", "ed", "es", "er", "al", "s", "y")
_COMMON = frozenset(
    re.findall(
        r"\w+",
        """and are but can does for from has have how ics into its not one our out own that the their them there they
        this was were what where which who why will with would you your well role versus more being each effective
        system""",
    )
)


def likeliest(text: str, themes: Sequence[Theme], prompts: Mapping[str, str], used: Counter[ThemeId]) -> list[ThemeId]:
    """Every open theme, the likeliest first. `prompts` by theme key; `used` counts what the team tags most."""
    said = stems(text[:READ])
    open_themes = [theme for theme in themes if theme.is_open]
    weights = {theme.id: _weights(theme, prompts.get(theme.key, "")) for theme in open_themes}
    shared_by = Counter(stem for weight in weights.values() for stem in weight)

    def score(theme: Theme) -> float:
        weight = weights[theme.id]
        return sum(weight[stem] / shared_by[stem] for stem in said & set(weight))

    return [theme.id for theme in sorted(open_themes, key=lambda theme: (-score(theme), -used[theme.id]))]


def offer(ranked: Sequence[ThemeId], chosen: Sequence[ThemeId], most: int = OFFERED) -> tuple[ThemeId, ...]:
    """The themes to show as buttons: the likeliest, with room made for those that the finding has already."""
    shown = list(ranked[:most])
    missing = [theme_id for theme_id in chosen if theme_id not in shown][:most]
    free = [theme_id for theme_id in shown if theme_id not in chosen]
    kept = [theme_id for theme_id in shown if theme_id in chosen or theme_id in free[: most - len(chosen)]]
    return tuple([*missing, *kept][:most])


def stems(text: str) -> frozenset[str]:
    """The words of a text without their endings: "leaders", "leading" and "leadership" are not yet one, but close."""
    words = (word.casefold() for word in _WORDS.findall(text))
    return frozenset(_stem(word) for word in words if word not in _COMMON)


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


@lru_cache(maxsize=512)
def _weights(theme: Theme, prompts: str) -> Mapping[str, float]:
    weights: dict[str, float] = dict.fromkeys(stems(prompts), 1.0)
    weights |= dict.fromkeys(stems(theme.title), 1.5)
    weights |= dict.fromkeys(stems(" ".join((*theme.words, theme.short)).replace("-", " ")), 3.0)
    return weights
