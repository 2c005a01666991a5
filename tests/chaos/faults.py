"""Every fault of RELIABILITY's table 'How it is tested', at its full size and in its short form."""

from tests.chaos.acknowledged import acknowledged
from tests.chaos.broken import full, locked, read_only
from tests.chaos.clocks import clocks
from tests.chaos.ended import ended
from tests.chaos.forged import forged
from tests.chaos.hostile import hostile
from tests.chaos.killed import killed
from tests.chaos.racing import racing
from tests.chaos.redelivered import redelivered
from tests.chaos.refused import refused
from tests.chaos.replicas import replicas
from tests.chaos.rows import Fault
from tests.chaos.seen import seen
from tests.chaos.served import served

NO_DATABASE = ("sqlite",)  # the fault is the same on either
SHARED = ("postgresql",)
CLOCKS, SEEN = "tests/fieldwork/test_clock_changes.py", "tests/completeness/test_every_offer.py"
SHORT = "tests/chaos/test_short_forms.py"  # that of `replicas`: by the machine's own clock it takes too long
HOSTILE, ENDED = "tests/contracts/test_renderers.py", "tests/fieldwork/disposal/test_being_cut_off.py"

FAULTS = (
    Fault("acknowledged", "acknowledgement before commit", acknowledged, full=1_000, small=60),
    Fault("redelivered", "events redelivered and shuffled", redelivered, full=10_000, small=40),
    Fault("killed", "kill -9 at every commit", killed, full=200, small=1),
    Fault(
        "replicas", "one of two replicas killed every minute of a day", replicas, full=600, small=3, databases=SHARED
    ),
    Fault(
        "served",
        "one of two served replicas killed every minute",
        served,
        full=15,
        small=1,
        databases=SHARED,
        short_form=SHORT,
    ),
    Fault("refused", "429, 5xx, timeouts and resets on 5 % of posts", refused, full=10_000, small=200),
    Fault("racing", "processes racing for posts, some frozen", racing, full=10_000, small=60),
    Fault("clocks", "clock changes 2026 to 2036 and jumps", clocks, full=3, small=1, short_form=CLOCKS),
    Fault("locked", "a locked database", locked, full=10, small=1),
    Fault("full", "a full disk", full, full=60, small=6, databases=NO_DATABASE),
    Fault("read-only", "a read-only database", read_only, full=60, small=6),
    Fault("forged", "forged and replayed requests", forged, full=10_000, small=60, databases=NO_DATABASE),
    Fault(
        "seen",
        "commands and buttons by whoever may not",
        seen,
        full=10_000,
        small=6,
        databases=NO_DATABASE,
        short_form=SEEN,
    ),
    Fault(
        "hostile",
        "hostile texts in every renderer",
        hostile,
        full=1_000,
        small=40,
        databases=NO_DATABASE,
        short_form=HOSTILE,
    ),
    Fault("ended", "a destruction that is killed", ended, full=1, small=12, short_form=ENDED),
)
