"""A framework file that is wrong is refused, and the refusal names the file, each line, and what to do."""

import traceback
from dataclasses import dataclass
from pathlib import Path

import pytest

from handlers.frameworks import FrameworkUnreadable, load_frameworks
from handlers.frameworks.reading import CATALOGUE

GOOD = (CATALOGUE / "local_system.toml").read_text("utf-8")


FIRST_ROLE = '[[roles]]\nkey = "lead_peer"\ntitle = "Lead peer"\nkind = "lead_peer"'


def line_of_text(sought: str, text: str) -> int:
    return text[: text.index(sought)].count("\n") + 1


@dataclass(frozen=True)
class Folder:
    """A folder of framework files that starts with one good file, to be spoilt."""

    path: Path

    @property
    def file(self) -> Path:
        return self.path / "local_system.toml"

    def spoil(self, old: str, new: str) -> int:
        """Replaces the first `old` of the good file; returns the line on which it stood."""
        assert old in GOOD, f"the good file no longer has {old!r}"
        self.file.write_text(GOOD.replace(old, new, 1), "utf-8")
        return line_of_text(old, GOOD)

    def refusal(self) -> FrameworkUnreadable:
        with pytest.raises(FrameworkUnreadable) as refused:
            load_frameworks(self.path)
        return refused.value


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    made = Folder(tmp_path)
    made.file.write_text(GOOD, "utf-8")
    return made


def test_the_good_file_is_accepted_before_it_is_spoilt(folder: Folder) -> None:
    assert list(load_frameworks(folder.path)) == ["local_system"]


SPOILT = {
    "a missing quotation mark": ('short = "Vision"', 'short = "Vision', "this is not TOML"),
    "a key given twice": ('emoji = "🧭"', 'short = "Again"', "this is not TOML"),
    "an unknown field": ('short = "Vision"', 'colour = "red"\nshort = "Vision"', "colour: there is no such field"),
    "an unknown table": ("[[destruction]]", "[[demolition]]", "demolition: there is no such field"),
    "a number for text": ('body = "NHS', 'body = 12 #"NHS', "body: it must be text"),
    "an empty text": ('short = "Vision"', 'short = " "', "short: it must be text between quotation marks"),
    "text for a number": ("onsite_days = 4", 'onsite_days = "four"', "onsite_days: it must be a whole number"),
    "true for a number": ("onsite_days = 4", "onsite_days = true", "onsite_days: it must be a whole number"),
    "text for a yes": ("required = true", 'required = "yes"', "required: it must be true or false"),
    "text for a list": ('words = ["vision"', 'words = "vision" #', "words: it must be a list"),
    "text for a table": ("[words]", 'words = "ours"\n[speech]', "words: it must be a table"),
    "a kind nobody has": ('kind = "peer"', 'kind = "peers"', 'kind: it must be one of "challenge_manager"'),
    "a time with a dot": ('catch_up_time = "17:00"', 'catch_up_time = "17.00"', "it must be a time such as"),
    "a time past midnight": ('"16:15"]', '"24:15"]', "it must be a time such as"),
    "sessions out of order": ('"13:00", "16:15"]', '"16:15", "13:00"]', "13:00 is not after 16:15"),
    "one session a day": ('["10:45", "13:00", "16:15"]', '["13:00"]', "give 2 to 3 peer team sessions; here are 1"),
    "a session after the feedback": ('"09:00", "11:30"]', '"09:00", "14:30"]', "14:30 is not before the final"),
    "a session at the feedback": ('"09:00", "11:30"]', '"09:00", "14:00"]', "14:00 is not before the final"),
    "days upside down": ("onsite_days = 4", "onsite_days = 9", "days on site need 1 ≤ min ≤ usual ≤ max"),
    "a check-in in the past": ("_before = 3", "_before = -1", "it must be 0 or more days"),
    "a theme named too long": ('short = "Vision"', f'short = "{"V" * 25}"', "has 25 characters; at most 24 fit"),
    "an emoji in words": ('emoji = "🧭"', 'emoji = "compass"', '"compass" is not an emoji'),
    "an emoji used twice": ('emoji = "🤝"', 'emoji = "🧭"', '"🧭" is used twice'),
    "a theme key used twice": ('key = "governance"', 'key = "leadership"', '"leadership" is used twice'),
    "a key in capitals": ('key = "leadership"', 'key = "Leadership"', '"Leadership" is not a key'),
    "a word used by two themes": ('words = ["place"', 'words = ["vision"', '"vision" is used twice'),
    "a word with a space": ('words = ["place"', 'words = ["our place"', '"our place" cannot follow #'),
    "a theme without words": ('words = ["place"', "words = [] #", "words: give at least one"),
    "a theme without prompts": ('prompts = [\n', "prompts = []\nwords_too = [\n", "prompts: give at least one"),
    "two themes of one short name": ('short = "Ownership"', 'short = "Vision"', '"Vision" is used twice'),
    "no lead peer": (FIRST_ROLE, FIRST_ROLE.replace('"lead_peer"', '"peer"'), 'exactly one role must be of kind'),
    "a role too long to choose": ('title = "Lead peer"', f'title = "{"L" * 76}"', "has 76 characters; at most 75 fit"),
    "a programme's title too long": ('title = "Local', f'title = "{"L" * 76} Local', "at most 75 fit"),
    "an option too long": ('options = ["Not', f'options = ["{"N" * 76}", "Not', "has 76 characters; at most 75 fit"),
    "a note too long to tick": ('text = "Photographs', f'text = "{"P" * 76}', "characters; at most 75 fit"),
    "four sessions a day": ('= ["10:45"', '= ["09:00", "10:45"', "give 2 to 3 peer team sessions; here are 4"),
    "a choice of nothing": ('options = ["Not started"', 'options = ["One"] #', "a choice needs at least two options"),
    "options without a choice": ('hint = "A few', 'options = ["A", "B"] #', "only a choice has options"),
    "stages out of order": ('when = "after"', 'when = "before"', '"before" follows a stage that is "on_site"'),
    "an assumption about nothing": ("assumed = [", 'assumed = ["lunch",', '"lunch" names nothing in this framework'),
    "a file under another name": ('key = "local_system"', 'key = "ics"', "is not the name of its file"),
}  # fmt: skip


@pytest.mark.parametrize("name", SPOILT)
def test_a_fault_names_the_file_its_line_and_what_to_mend(folder: Folder, name: str) -> None:
    old, new, sentence = SPOILT[name]
    line = folder.spoil(old, new)
    refusal = folder.refusal()
    assert any(sentence in fault.sentence and fault.line == line for fault in refusal.faults), (line, str(refusal))
    assert f"{folder.file}, line {line}: " in str(refusal)


@pytest.mark.parametrize(
    ("old", "header", "sentence"),
    [
        ('emoji = "🤝"\n', "[[themes]]", "emoji: this field is missing"),
        ('strength = "strength"\n', "[words]", "strength: this field is missing"),
        ('kind = "lead_peer"\n', "[[roles]]", "kind: this field is missing"),
    ],
)
def test_a_missing_field_names_the_line_of_its_table(folder: Folder, old: str, header: str, sentence: str) -> None:
    folder.spoil(old, "")
    before = GOOD[: GOOD.index(old)]
    line = before[: before.rindex(header)].count("\n") + 1
    assert [(fault.line, fault.sentence) for fault in folder.refusal().faults] == [(line, sentence)]


def test_a_list_left_empty_is_refused_on_its_line(folder: Folder) -> None:
    without = GOOD[: GOOD.index("[[destruction]]")].replace("onsite_days = 4", "destruction = []\nonsite_days = 4")
    folder.file.write_text(without.replace('\n    "destruction.photographs",', ""), "utf-8")
    line = line_of_text("onsite_days = 4", GOOD) - 1
    assert [str(fault) for fault in folder.refusal().faults] == [
        f"{folder.file}, line {line}: destruction: give at least one [[destruction]]"
    ]


def test_a_programme_that_never_goes_on_site_is_refused_where_its_stages_begin(folder: Folder) -> None:
    folder.spoil('when = "on_site"', 'when = "before"')
    line = line_of_text("[[stages]]", GOOD)
    assert [(fault.line, fault.sentence) for fault in folder.refusal().faults] == [
        (line, 'stages: at least one stage must be "on_site"')
    ]


def test_all_faults_of_all_files_are_listed_at_once_and_each_only_once(folder: Folder) -> None:
    spoilt = GOOD.replace('short = "Vision"', "short = 5").replace('emoji = "🌟"', 'emoji = "star"')
    folder.file.write_text(spoilt.replace('catch_up_time = "17:00"', 'catch_up_time = "tea time"'), "utf-8")
    (folder.path / "unfinished.toml").write_text('key = "unfinished"\ntitle = \n', "utf-8")
    faults = folder.refusal().faults
    assert [(fault.path.name, fault.sentence.partition(":")[0]) for fault in faults] == [
        ("local_system.toml", "catch_up_time"),
        ("local_system.toml", "short"),
        ("local_system.toml", "emoji"),
        ("unfinished.toml", "this is not TOML"),
    ]
    assert faults[-1].line == 2


def test_a_value_that_is_wrong_does_not_set_off_faults_elsewhere(folder: Folder) -> None:
    folder.spoil('kind = "challenge_manager"', 'kind = "boss"')
    assert len(folder.refusal().faults) == 1
    folder.spoil('final_feedback_time = "14:00"', 'final_feedback_time = "2 pm"')
    assert len(folder.refusal().faults) == 1


def test_lines_are_right_after_lists_and_texts_that_run_over_several_lines(folder: Folder) -> None:
    long_body = 'body = """\nThe national bodies,\n[[themes]]\nshort = "not a field"\n"""'
    line = folder.spoil('body = "NHS Providers and the Local Government Association"', long_body)
    text = folder.file.read_text("utf-8").replace('emoji = "📣"', "emoji = 7")
    folder.file.write_text(text, "utf-8")
    expected = line_of_text("emoji = 7", text)
    assert expected > line
    assert [fault.line for fault in folder.refusal().faults] == [expected]


def test_a_file_written_with_inline_and_dotted_tables_still_has_its_lines_named(folder: Folder) -> None:
    words = GOOD[GOOD.index("[words]") : GOOD.index("[[themes]]")]
    dotted = "".join(f"words.{line}\n" for line in words.splitlines()[1:] if line)
    text = GOOD.replace(words, "").replace("onsite_days = 4", f"{dotted}onsite_days = 4")
    folder.file.write_text(text.replace('words.host = "client"', "words.host = 1"), "utf-8")
    assert [fault.line for fault in folder.refusal().faults] == [line_of_text("words.host", text)]


def test_two_files_may_not_answer_to_the_same_name(folder: Folder) -> None:
    other = GOOD.replace('key = "local_system"', 'key = "other"').replace("Local system peer challenge (ICS)", "Other")
    (folder.path / "other.toml").write_text(other, "utf-8")
    faults = folder.refusal().faults
    line = line_of_text("aliases", other)
    assert {(fault.path.name, fault.line) for fault in faults} == {("other.toml", line)}
    assert 'aliases: "ics" already means local_system.toml' in str(faults[0])


def test_a_file_that_is_not_utf_8_is_refused_at_the_line_that_is_not(folder: Folder) -> None:
    raw = GOOD.encode("utf-8")
    position = raw.index(b"[words]")
    folder.file.write_bytes(raw[:position] + b"# caf\xe9\n" + raw[position:])
    fault = folder.refusal().faults[0]
    assert (fault.line, "not UTF-8" in fault.sentence) == (raw[:position].count(b"\n") + 1, True)


def test_a_text_that_never_ends_is_refused_at_the_end_of_the_file(folder: Folder) -> None:
    folder.file.write_text('key = "local_system"\nbody = """\nno end\n', "utf-8")
    assert folder.refusal().faults[0].line == 3


@pytest.mark.parametrize("text", ["a = " + "[" * 5000, "a = " + "9" * 5000])
def test_a_file_that_tomllib_gives_up_on_is_refused_like_any_other(folder: Folder, text: str) -> None:
    folder.file.write_text(text, "utf-8")
    assert "this is not TOML" in folder.refusal().faults[0].sentence


def test_a_folder_with_no_framework_or_a_file_that_cannot_be_opened_is_refused(tmp_path: Path) -> None:
    assert "no framework is here" in str(Folder(tmp_path / "absent").refusal())
    (tmp_path / "folder.toml").mkdir()
    assert "folder.toml: it cannot be opened" in str(Folder(tmp_path).refusal())


def test_what_a_person_reads_has_no_stack_of_other_errors(folder: Folder) -> None:
    folder.spoil('short = "Vision"', 'short = "Vision')
    refusal = folder.refusal()
    shown = "".join(traceback.format_exception(refusal))
    assert "TOMLDecodeError" not in shown
    assert str(refusal).startswith("A framework file cannot be used as it stands. Mend each line named here")
