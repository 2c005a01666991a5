"""Who and what there is in the rehearsal room: a manager, seven peers, a team channel, and a conversation with Baseroom
for each of them. All of them are invented.
"""

from dataclasses import dataclass

from handlers.chat import ChannelFacts, Person, Place, PlaceKind, Platform
from storage.records import Role

WORKSPACE = "rehearsal"
BASEROOM = "baseroom"
TEAM_CHANNEL = "team"
ZONE = "Europe/London"


@dataclass(frozen=True, slots=True)
class Resident:
    """Somebody who can be chosen in the rehearsal room. `kind` is their role's key in the framework of the sample,
    `title` what they do at home."""

    id: str
    name: str
    role: Role
    kind: str
    title: str

    @property
    def first_name(self) -> str:
        return self.name.split()[0]

    @property
    def initials(self) -> str:
        return "".join(part[0] for part in self.name.split())

    @property
    def email(self) -> str:
        return f"{self.id}@peers.example"

    @property
    def dm(self) -> str:
        """Their conversation with Baseroom."""
        return dm_of(self.id)

    @property
    def person(self) -> Person:
        return Person(Platform.REHEARSAL, WORKSPACE, self.id, self.name, self.email, ZONE)


RESIDENTS = (
    Resident("mina", "Mina Okafor", Role.CHALLENGE_MANAGER, "challenge_manager", "Challenge manager"),
    Resident("ruth", "Ruth Calder", Role.LEAD_PEER, "lead_peer", "Lead peer"),
    Resident("priya", "Priya Nair", Role.PEER, "director_adult_social_services", "Director of adult social services"),
    Resident("tom", "Tom Sutton", Role.PEER, "trust_chief_executive", "Trust chief executive"),
    Resident("aled", "Aled Pryce", Role.PEER, "member_peer", "Elected member"),
    Resident("grace", "Grace Mbeki", Role.PEER, "ccg_leader", "Clinical chair"),
    Resident("jo", "Jo Sandford", Role.PEER, "council_chief_executive", "Council chief executive"),
    Resident("hana", "Hana Lindqvist", Role.PEER, "system_lead", "ICS lead"),
)
BY_ID = {resident.id: resident for resident in RESIDENTS}
MANAGER = RESIDENTS[0]
PEOPLE = tuple((resident.id, resident.name) for resident in RESIDENTS)
CHANNEL_FACTS = ChannelFacts(
    name="anyshire-peer-team",
    private=True,
    shared_outside=False,
    members=tuple(resident.person for resident in RESIDENTS),
)


def dm_of(resident_id: str) -> str:
    return f"dm-{resident_id}"


def may_see(resident: Resident, conversation: str, only_to: str = "") -> bool:
    return conversation in (resident.dm, TEAM_CHANNEL) and only_to in ("", resident.id)


def place_of(conversation: str, thread: str = "") -> Place:
    kind = PlaceKind.CHANNEL if conversation == TEAM_CHANNEL else PlaceKind.DM
    return Place(Platform.REHEARSAL, WORKSPACE, conversation, kind, thread)
