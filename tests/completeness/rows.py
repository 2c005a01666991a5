"""The table: for everything that is registered, how it is reached, who may do it, and what is then stored and shown.

A row stands under the name in the registry. `may` are the people for whom it is done; for everybody else it must be
refused with a sentence. `stored` is said as `town.difference` says it; `shown` stands in what the person then sees.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

LEADS = ("mina", "ruth")
PEERS = ("ruth", "priya", "tom")
TEAM = ("mina", "ruth", "priya", "tom")
OWNER = ("mina", "priya")
MANAGERS = ("mina", "olga")
BOTH = (*TEAM, "olga")
ALL = (*BOTH, "jo", "zed")


class Way(StrEnum):
    """How somebody asks for something."""

    TYPES = "types"
    PRESSES = "presses"
    SENDS = "sends"
    POINTS = "points"
    REACTS = "reacts"


@dataclass(frozen=True, slots=True)
class Row:
    """How an offer is reached and what comes of it.

    `value` is what is typed after the command or what the button carries, with `{names}` of the town. A form is opened
    by `opener` with the offer `opened_by` (a button, or another form) and sent by each in turn with `values` in it.
    `first` are lines that make it possible: who types what. `place` is a channel, else it is a direct message. `lets`
    are canaries that may be shown after all. `silent`: it may be passed over without a word. `own` holds what is
    stored for somebody whose case differs. `hushed`: the author and the manager are shown what is sensitive.
    """

    stage: str
    value: str = ""
    may: tuple[str, ...] = TEAM
    stored: str = ""
    shown: str = ""
    opened_by: str = ""
    opener: str = "mina"
    values: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    people: tuple[str, ...] = ()
    first: tuple[tuple[str, str], ...] = ()
    own: Mapping[str, str] = field(default_factory=dict)
    place: str = ""
    lets: tuple[str, ...] = ()
    silent: bool = False
    hushed: bool = False


SKIPPED = (("mina", "session skip 16:15"), ("olga", "session skip 16:15"))
RETIRED = (("mina", "theme retire vision"), ("olga", "theme retire vision"))
CLOSED = (("mina", "checkin close"), ("olga", "checkin close"))
TAKEN_BACK = (("mina", "challenge not signed off"), ("olga", "challenge not signed off"))

HELD = (("mina", "challenge hold A complaint"), ("olga", "challenge hold A complaint"))

TWO_VISITS = (("olga", "challenge team add @priya as peer"),)

RESEALED = "findings.source_sealed findings.text_sealed"
MOVED = "findings.message_id findings.withdrawn_at"

COMMANDS: Mapping[str, Row] = {
    "finding": Row("visit", may=BOTH, shown="Log a finding"),
    "findings": Row("visit", "today", may=BOTH, shown="findings · 24 November"),
    "practice": Row("visit", may=BOTH, shown="Ready. Type anything"),
    "themes": Row("visit", may=BOTH, shown="Governance"),
    "theme add": Row("visit", "Transport", may=BOTH, stored="+themes", shown="Transport"),
    "theme rename": Row(
        "visit",
        "governance to Who decides",
        may=BOTH,
        stored="themes.short themes.title themes.words",
        shown="Who decides",
    ),
    "theme merge": Row("visit", "vision into governance", may=BOTH, stored="themes.merged_into", shown="Governance"),
    "theme retire": Row("visit", "vision", may=BOTH, stored="themes.retired_at", shown="Vision"),
    "theme restore": Row("visit", "vision", may=BOTH, first=RETIRED, stored="themes.retired_at", shown="Vision"),
    "sessions": Row("visit", may=BOTH, shown="16:15"),
    "session now": Row("visit", may=(*LEADS, "olga"), stored="+sessions", shown="Posted in the team channel."),
    "session move": Row(
        "visit", "16:15 to 16:45", may=(*LEADS, "olga"), stored="+runs runs.state sessions.time", shown="at 16:45 today"
    ),
    "session skip": Row("visit", "16:15", may=(*LEADS, "olga"), stored="runs.state sessions.state", shown="no 16:15"),
    "session unskip": Row(
        "visit", "16:15", may=(*LEADS, "olga"), first=SKIPPED, stored="+runs sessions.state", shown="after all"
    ),
    "sort findings": Row("visit", may=BOTH, shown="Sort"),
    "summary": Row("visit", "today", may=BOTH, shown="24 November"),
    "summary edit": Row("visit", "today", may=MANAGERS, shown="The client’s page"),
    "summary approve": Row("visit", "today", may=MANAGERS, stored="+summaries", shown="approved"),
    "checkin": Row("before", may=BOTH, shown="heck-in"),
    "checkin send": Row("before", may=MANAGERS, first=CLOSED, shown="Send a check-in"),
    "checkin answers": Row("before", "by peer", may=MANAGERS, shown="It looks"),
    "checkin remind": Row(
        "before",
        may=MANAGERS,
        stored="+check_in_replies check_in_replies.reminded_at",
        own={"olga": "+check_in_replies"},
        shown="Reminded",
    ),
    "checkin calls": Row("before", may=MANAGERS, shown="calls agreed"),
    "checkin change": Row("before", may=MANAGERS, shown="Change the check-in"),
    "checkin close": Row("before", may=MANAGERS, stored="check_ins.closed_at runs.state", shown="losed"),
    "remind me tomorrow": Row(
        "before",
        may=PEERS,
        shown="Check-in",
        stored="+check_in_replies +runs",
        own={"tom": "+runs check_in_replies.remind_at", "priya": ""},
    ),
    "challenge signed off": Row("after", may=MANAGERS, first=TAKEN_BACK, shown="signed off"),
    "challenge not signed off": Row(
        "after",
        may=MANAGERS,
        shown="Taken back",
        stored="+runs -note_destructions challenges.signed_off_at runs.state",
    ),
    "destruction": Row("after", may=BOTH, shown="destroyed"),
    "destruction remind": Row("after", may=MANAGERS, shown="eminded"),
    "destruction export": Row("after", may=MANAGERS, shown="xlsx"),
    "challenge close": Row("after", may=MANAGERS, shown="Close"),
    "challenge kept": Row("after", may=MANAGERS, shown="To be destroyed by"),
    "challenge keep": Row("after", may=MANAGERS, shown="Keep it longer"),
    "challenge hold": Row("after", "A complaint", may=(*LEADS, "olga"), stored="+holds", shown="On hold"),
    "challenge unhold": Row(
        "after", "Settled", may=MANAGERS, first=HELD, stored="holds.lifted_at holds.lifted_by", shown="What Baseroom"
    ),
    "challenge destroy": Row("after", may=MANAGERS, shown="This cannot be undone"),
    "challenge destroy confirm": Row("asked", may=("ruth",), shown="Confirm the destruction"),
    "challenge certificate": Row("gone", may=("mina", "ruth"), shown="Certificate of destruction"),
    "challenge": Row("visit", may=BOTH, shown="ICS"),
    "challenge new": Row("visit", may=("mina",), shown="Set up a challenge"),
    "challenge here": Row("visit", may=("mina",), place="C-team", shown="channel"),
    "challenge team": Row("visit", may=BOTH, shown="Ground rules"),
    "challenge team add": Row("visit", may=MANAGERS, shown="Add people"),
    "challenge team remove": Row("visit", may=MANAGERS, shown="Remove somebody"),
    "challenge dates": Row("visit", "24 to 26 Nov 2026", may=MANAGERS, shown="Days on site"),
    "challenge times": Row("visit", "10:30, 13:00, 16:00", may=MANAGERS, shown="Times of the day"),
    "challenge link": Row("visit", may=MANAGERS, shown="Link two accounts"),
    "challenge unlink": Row("visit", may=MANAGERS, shown="link"),
    "challenge health": Row("visit", may=MANAGERS, shown="has been dealt with"),
    "challenge list": Row("visit", may=BOTH, shown="ICS"),
    "challenge request": Row("visit", may=MANAGERS, shown="A person’s request"),
    "challenge export": Row("visit", may=MANAGERS, shown="xlsx"),
    "screen": Row("visit", may=BOTH, stored="+web_passes", shown="works once"),
    "screen off": Row("visit", may=BOTH, shown="closed now"),
    "workbook link": Row("visit", may=MANAGERS, stored="+web_passes", shown="works once"),
    "home": Row("visit", may=ALL, shown=""),
    "link": Row("visit", may=BOTH, stored="+link_codes", shown="type this to me"),
    "help": Row("visit", may=ALL, shown="hallenge"),
    "privacy": Row("visit", may=ALL, shown="Findings are stored encrypted"),
    "undo": Row("visit", may=BOTH, shown=""),
}

GOV, VISION = "{theme_governance}", "{theme_vision_priorities}"
BUTTONS: Mapping[str, Row] = {
    "findings.log_aside": Row(
        "visit", "{near_aside}", may=("priya",), stored="+findings +source_messages", shown="saved"
    ),
    "findings.pre_reading": Row(
        "before", "{pre_aside}", may=("priya",), stored="+findings +source_messages", shown="saved"
    ),
    "findings.leave_aside": Row("before", "{pre_aside}", may=("priya",), shown="Not logged."),
    "findings.theme": Row(
        "visit", f"{{plain}} {GOV} on", may=OWNER, stored=f"+finding_themes {RESEALED}", shown="Governance"
    ),
    "findings.withdraw": Row("visit", "{plain}", may=OWNER, stored="findings.withdrawn_at", shown="#1"),
    "findings.put_back": Row("visit", "{gone}", may=OWNER, stored="findings.withdrawn_at", shown="#4"),
    "findings.keep_as_one": Row(
        "visit",
        "{message}",
        may=OWNER,
        stored=f"{RESEALED} findings.withdrawn_at source_messages.kept_as_one",
        shown="#5",
    ),
    "findings.split": Row(
        "visit", "{joined}", may=OWNER, stored=f"+findings {RESEALED} source_messages.kept_as_one", shown="#8"
    ),
    "findings.move": Row(
        "visit", "{receipt}", may=("priya",), first=TWO_VISITS, lets=("Otherton",), shown="Move to another visit"
    ),
    "findings.for_real": Row("visit", "{practice}", may=("priya",), stored=f"+findings {MOVED}", shown="saved"),
    "findings.practice": Row("visit", "{challenge}", may=BOTH, shown="Ready. Type anything"),
    "findings.new": Row("visit", may=BOTH, shown="Log a finding"),
    "findings.more": Row("visit", "{plain}", may=OWNER, shown="Finding #1"),
    "findings.flag": Row("visit", "{plain}", may=OWNER, stored="findings.sensitive", shown="sensitive"),
    "findings.open": Row("visit", "{hushed}", may=("mina",), shown="#11 · sensitive", hushed=True),
    "findings.clear": Row("visit", "{hushed}", may=("mina",), shown="Why may the team see it?"),
    "findings.list": Row("visit", "8 {challenge}", shown="indings"),
    "themes.add": Row("visit", "{challenge}", shown="flip chart"),
    "themes.rename": Row("visit", "{challenge}", shown="Rename"),
    "themes.merge": Row("visit", "{challenge}", shown="Merge"),
    "themes.retire": Row("visit", "{challenge}", shown="Retire"),
    "themes.restore": Row("visit", "{challenge}", first=RETIRED, shown="estore"),
    "themes.prompts": Row("visit", "{challenge}", shown="Governance"),
    "triangulation.show": Row("visit", "{posted}", shown="#1"),
    "triangulation.sort": Row("visit", "{posted}", shown="Sort"),
    "triangulation.move": Row("visit", "{planned}", may=LEADS, shown="Move"),
    "triangulation.skip": Row("visit", "{planned}", may=LEADS, stored="runs.state sessions.state", shown="no 16:15"),
    "triangulation.unskip": Row(
        "visit", "{planned}", may=LEADS, first=SKIPPED, stored="+runs sessions.state", shown="after all"
    ),
    "triangulation.post_late": Row(
        "visit",
        "{missed}",
        may=LEADS,
        shown="Posted",
        stored="sessions.after_number sessions.posted_at sessions.state sessions.up_to_number",
    ),
    "summary.edit": Row("visit", "{challenge} {day}", may=("mina",), shown="The client’s page"),
    "summary.approve": Row("visit", "{summary}", may=("mina",), stored="+summaries", shown="approved"),
    "summary.approve_flagged": Row("visit", "{summary}", may=("mina",), stored="+summaries", shown="approved"),
    "checkins.send": Row("before", "{challenge}", may=("mina",), first=CLOSED, shown="Send a check-in"),
    "checkins.read": Row("before", "{check_in}:question", may=("mina",), shown="It looks"),
    "checkins.remind": Row(
        "before", "{check_in}", may=("mina",), stored="+check_in_replies check_in_replies.reminded_at", shown="Reminded"
    ),
    "checkins.change": Row("before", "{check_in}", may=("mina",), shown="Change the check-in"),
    "checkins.close": Row(
        "before", "{check_in}", may=("mina",), stored="check_ins.closed_at runs.state", shown="losed"
    ),
    "checkins.reopen": Row(
        "before", "{check_in}", may=("mina",), first=CLOSED, stored="+runs check_ins.closed_at", shown="of 5"
    ),
    "checkins.answer": Row("before", "{priya_share}", may=("priya",), shown="Check-in"),
    "checkins.tomorrow": Row(
        "before", "{tom_share}", may=("tom",), stored="+runs check_in_replies.remind_at", shown="tomorrow"
    ),
    "checkins.answer_with": Row(
        "before", "{pre_aside}", may=("priya",), stored="check_in_replies.answered_at", shown="Kept as your answer"
    ),
    "checkins.calls": Row("before", "{check_in}", may=("mina",), shown="agreed"),
    "checkins.agree": Row(
        "before",
        "{priya_share}|2026-11-19T16:00:00+00:00",
        may=("mina",),
        stored="+runs check_in_replies.call_agreed_at check_in_replies.call_at",
        shown="agreed",
    ),
    "checkins.set_call": Row("before", "{tom_share}", may=("mina",), shown="A time for the call"),
    "checkins.accept": Row(
        "before",
        "{tom_share}|2026-11-20T10:00:00+00:00",
        may=("tom",),
        stored="+runs check_in_replies.call_agreed_at",
        shown="agreed",
    ),
    "checkins.suggest": Row("before", "{tom_share}", may=("tom",), shown="Suggest another time"),
    "destruction.confirm": Row(
        "after",
        "{priya_id}:notebook:destroyed",
        may=("priya",),
        stored="note_destructions.confirmed_at",
        shown="1 of 4",
    ),
    "destruction.own": Row("after", "{priya_id}", may=("priya",), shown="0 of 4"),
    "destruction.remind": Row("after", "{challenge}", may=("mina",), shown="eminded"),
    "destruction.stop": Row("after", "{challenge}", may=("mina",), stored="runs.state", shown="of 6"),
    "destruction.start": Row("after", "{challenge}", may=("mina",), stored="+runs runs.state", shown="of 6"),
    "destruction.export": Row("after", "{challenge}", may=("mina",), shown="xlsx"),
    "destruction.close": Row("after", "{challenge}", may=("mina",), shown="Close"),
    "linking.yes": Row("visit", "a-code-that-is-over", may=ALL, shown="Nothing was linked"),  # a code lives ten minutes
    "disposal.show": Row("after", "{challenge}", may=("mina",), shown="To be destroyed by"),
    "disposal.keep": Row("after", "{challenge}", may=("mina",), shown="Keep it longer"),
    "disposal.hold": Row("after", "{challenge}", may=LEADS, shown="Put it on hold"),
    "disposal.unhold": Row("after", "{challenge}", may=("mina",), first=HELD, shown="Lift the hold"),
    "disposal.destroy": Row("after", "{challenge}", may=("mina",), shown="This cannot be undone"),
    "disposal.withdraw": Row("asked", "{challenge}", may=("mina",), stored="-disposals", shown="What Baseroom keeps"),
    "disposal.confirm": Row("asked", "{challenge}", may=("ruth",), shown="Confirm the destruction"),
    "team.status": Row("visit", "{challenge}", shown="Anyshire"),
    "team.new": Row("visit", may=("mina",), shown="Set up a challenge"),
    "team.dates": Row("visit", "{challenge}", may=("mina",), shown="Days on site"),
    "team.times": Row("visit", "{challenge}", may=("mina",), shown="Times of the day"),
    "team.show": Row("visit", "{challenge}", shown="Priya Nair"),
    "team.add": Row("visit", "{challenge}", may=("mina",), shown="Add people"),
    "team.remove": Row("visit", "{challenge}", may=("mina",), shown="Remove somebody"),
    "team.remove_member": Row("visit", "{tom_id}", may=("mina",), stored="members.removed_at", shown="is off the team"),
    "team.agree": Row("before", "{tom_id}", may=("tom",), stored="members.agreed_at", shown="agreed"),
    "requests.open": Row("visit", "{challenge}", may=("mina",), shown="A person’s request"),
    "reports.export": Row("visit", "{challenge}", may=("mina",), shown="xlsx"),
    "reports.export_all": Row("visit", "{challenge}", may=("mina",), shown="sensitive too", hushed=True),
    "arrivals.appeared": Row("visit", "{doubt}", may=("mina",), shown="it appeared"),
    "arrivals.post_again": Row("visit", "{doubt}", may=("mina",), shown="posted again"),
    "wall.off": Row("visit", "{challenge}", shown="closed now"),
    "home.findings": Row("visit", "{challenge}", hushed=True, shown="our findings"),
    "home.summary": Row("visit", "{challenge}", may=BOTH, shown="24 November"),
    "help.topic": Row("visit", "themes", may=ALL, shown="heme"),
    "help.run": Row("visit", "{near_aside}", may=("priya",), shown="24 November"),
    "form.open": Row("visit", "{form_aside}", may=("priya",), shown="flip chart"),
    "challenge.choose": Row("visit", "{challenge} {form_aside}", may=("priya",), shown="flip chart"),
}

FORMS: Mapping[str, Row] = {
    "findings.new": Row(
        "visit",
        opened_by="findings.new",
        values={"text": "A new thing heard"},
        stored="+findings +source_messages",
        shown="saved",
    ),
    "findings.edit": Row(
        "visit",
        "{plain}",
        opened_by="findings.more",
        values={"kind": "strength"},
        may=OWNER,
        stored="findings.kind",
        shown="strength",
    ),
    "findings.clear": Row(
        "visit",
        opened_by="findings.clear",
        value="{hushed}",
        values={"reason": "by_mistake"},
        may=("mina",),
        stored="findings.number findings.sensitive",
        shown="#12",
        hushed=True,
    ),
    "findings.which": Row("visit", "{parts}", opened_by="findings.more", may=OWNER, shown="Finding #5"),
    "findings.move": Row(
        "visit",
        opened_by="findings.move",
        opener="priya",
        first=TWO_VISITS,
        lets=("Otherton",),
        may=("priya",),
        stored=f"+findings {MOVED} source_messages.challenge_id source_messages.member_id",
        shown="saved",
    ),
    "themes.add": Row(
        "visit", opened_by="themes.add", values={"title": "Transport"}, stored="+themes", shown="Transport"
    ),
    "themes.rename": Row(
        "visit",
        opened_by="themes.rename",
        values={"theme": GOV, "title": "Who decides"},
        stored="themes.short themes.title themes.words",
        shown="Who decides",
    ),
    "themes.merge": Row(
        "visit",
        opened_by="themes.merge",
        values={"old": VISION, "into": GOV},
        stored="themes.merged_into",
        shown="Governance",
    ),
    "themes.retire": Row(
        "visit", opened_by="themes.retire", values={"theme": VISION}, stored="themes.retired_at", shown="Vision"
    ),
    "themes.restore": Row(
        "visit",
        opened_by="themes.restore",
        first=RETIRED,
        values={"theme": VISION},
        stored="themes.retired_at",
        shown="Vision",
    ),
    "triangulation.sort": Row(
        "visit",
        opened_by="triangulation.sort",
        values={"{unsorted}": GOV},
        stored=f"+finding_themes {RESEALED}",
        shown="Sorted 1",
    ),
    "triangulation.move": Row(
        "visit",
        opened_by="triangulation.move",
        values={"to": "16:45"},
        may=LEADS,
        stored="+runs runs.state sessions.time",
        shown="at 16:45 today",
    ),
    "summary.edit": Row(
        "visit",
        opened_by="summary.edit",
        values={"line0": "Early days"},
        may=("mina",),
        stored="+summaries",
        shown="Early days",
    ),
    "checkins.change": Row(
        "before",
        opened_by="checkins.change",
        values={"by": "Friday 4 pm"},
        may=("mina",),
        stored="+runs check_ins.by runs.state",
        shown="of 5",
    ),
    "checkins.send": Row("before", opened_by="checkins.send", first=CLOSED, may=("mina",), shown="Send a check-in"),
    "checkins.answer": Row(
        "before",
        opened_by="checkins.answer",
        opener="priya",
        values={"initial_perceptions": "Second thoughts"},
        may=("priya",),
        stored="check_in_replies.answered_at",
        shown="You answered",
    ),
    "checkins.set_call": Row(
        "before",
        opened_by="checkins.set_call",
        values={"at": "Friday 3 pm"},
        may=("mina",),
        stored="check_in_replies.call_at",
        shown="15:00",
    ),
    "checkins.suggest": Row(
        "before",
        opened_by="checkins.suggest",
        opener="tom",
        values={"at": "Friday 9 am"},
        may=("tom",),
        stored="check_in_replies.call_at",
        shown="You suggested another time",
    ),
    "destruction.sign_off": Row(
        "after",
        opened_by="types challenge signed off",
        first=TAKEN_BACK,
        may=("mina",),
        stored="+note_destructions +runs challenges.signed_off_at runs.state",
        shown="0 of 6",
    ),
    "destruction.close": Row(
        "after", opened_by="destruction.close", may=("mina",), stored="challenges.ended_at runs.state", shown="closed"
    ),
    "linking.link": Row(
        "visit",
        opened_by="types challenge link",
        values={"one": "{priya_id}", "second": "{tom_id}"},
        may=("mina",),
        shown="on the same platform",
    ),
    "linking.unlink": Row(
        "visit",
        opened_by="types challenge unlink",
        values={"account": "{tom_elsewhere}"},
        may=("mina",),
        shown="Cut: that account is not Tom Sutton (TS) any more.",
    ),
    "disposal.keep": Row(
        "after",
        opened_by="disposal.keep",
        values={"until": "31 March 2027", "reason": "The report is contested"},
        may=("mina",),
        stored="+extensions +runs runs.state",
        shown="extended, with a reason",
    ),
    "disposal.hold": Row(
        "after",
        opened_by="disposal.hold",
        values={"reason": "A complaint"},
        may=LEADS,
        stored="+holds",
        shown="On hold",
    ),
    "disposal.unhold": Row(
        "after",
        opened_by="disposal.unhold",
        values={"reason": "It was settled"},
        first=HELD,
        may=("mina",),
        stored="holds.lifted_at holds.lifted_by",
        shown="What Baseroom keeps",
    ),
    "disposal.destroy": Row(
        "after",
        opened_by="disposal.destroy",
        values={"host": "Anyshire ICS"},
        may=("mina",),
        stored="+disposals",
        shown="asked for",
    ),
    "disposal.confirm": Row(
        "asked",
        opened_by="disposal.confirm",
        opener="ruth",
        values={"host": "Anyshire ICS"},
        may=("ruth",),
        stored="challenges.destroyed_at disposals.confirmed_as disposals.confirmed_at disposals.confirmed_by "
        "disposals.next_at",
        shown="Destruction under way",
    ),
    "requests.ask": Row(
        "visit",
        opened_by="requests.open",
        values={"name": "Quillfeather", "right": "erasure"},
        may=("mina",),
        shown="Decide for each",
    ),
    "requests.erase": Row("visit", opened_by="sends requests.ask", may=("mina",), shown="mention the name"),
    "team.new": Row(
        "visit",
        opened_by="team.new",
        may=("mina",),
        shown="Set up a challenge",
        values={"host": "Thirdton ICS", "framework": "local_system", "days": "1 to 4 Dec 2026"},
    ),
    "team.new_check": Row(
        "visit",
        opened_by="sends team.new",
        may=("mina",),
        stored="+challenges +members +runs +sessions +themes",
        shown="Thirdton",
    ),
    "team.dates": Row(
        "visit", opened_by="team.dates", values={"days": "24 to 26 Nov 2026"}, may=("mina",), shown="Days on site"
    ),
    "team.dates_check": Row(
        "visit",
        opened_by="sends team.dates",
        may=("mina",),
        stored="+runs +sessions -sessions challenges.last_day runs.state",
        shown="26",
    ),
    "team.times": Row(
        "visit", opened_by="team.times", values={"catch_up": "17:30"}, may=("mina",), shown="Times of the day"
    ),
    "team.times_check": Row(
        "visit",
        opened_by="sends team.times",
        may=("mina",),
        stored="+runs challenges.catch_up_time runs.state",
        shown="17:30",
    ),
    "team.add": Row(
        "visit", opened_by="team.add", people=("zed",), may=("mina",), stored="+members", shown="Zed Stranger"
    ),
    "team.remove": Row(
        "visit",
        opened_by="team.remove",
        values={"member": "{tom_id}"},
        may=("mina",),
        stored="members.removed_at",
        shown="is off the team",
    ),
}

SHORTCUTS: Mapping[str, Row] = {
    "findings.log": Row("visit", may=BOTH, stored="+findings +source_messages", shown="saved"),
}

REACTIONS: Mapping[str, Row] = {
    "pushpin": Row("visit", may=BOTH, stored="+findings +source_messages", shown="saved", silent=True),
    "round_pushpin": Row("visit", may=BOTH, stored="+findings +source_messages", shown="saved", silent=True),
}

TABLE: Mapping[Way, Mapping[str, Row]] = {
    Way.TYPES: COMMANDS,
    Way.PRESSES: BUTTONS,
    Way.SENDS: FORMS,
    Way.POINTS: SHORTCUTS,
    Way.REACTS: REACTIONS,
}
