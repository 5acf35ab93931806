"""Comparing a temporary patient with the patients of the HIS: what is certain, what is doubtful, and why."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from downtime.patient_match_blocks import link
from downtime.patient_match_people import Person, identity_key, is_right_identity, phone_key

if TYPE_CHECKING:
    from downtime.patient_match import Candidate

ZHANG = Person(
    number="P1",
    name="张静",
    sex="female",
    birth_date="1985-03-12",
    phone="13812340001",
    id_number="110101198503120025",
    card="900001",
    address="练习路 12 号 3 栋",
)
LISTS = [
    ZHANG,
    Person("P2", "王伟", "male", "1970-01-05", phone="13812340002", id_number="310104197001050030"),
    Person("P3", "王伟", "male", "1970-01-05", phone="13812340003"),
    Person("P4", "欧阳建国", "male", "1950-05-20", phone="13812340004"),
    Person("P5", "李红", "female", "1990-07-08", phone="13812340005"),
    Person("P6", "李大双", "female", "2019-06-01", phone="13812340006"),
    Person("P7", "陈丽之女", "female", "2026-03-01", phone="13812340007"),
    Person("P8", "陈丽", "female", "1996-02-02", phone="13812340007"),
    Person("P9", "ZHAO Qiang", "male", "1988-08-08", phone="13812340009"),
    *(Person(f"Q{n}", f"练习人{n}", "male", f"19{n:02d}-06-15") for n in range(20, 99)),
]


def told(name: str, **more: object) -> Person:
    """Return a temporary patient seen on 2026-03-02."""
    known = {"number": "T1", "name": name, "seen_on": "2026-03-02", "temporary": True, **more}
    return Person(**known)  # type: ignore[arg-type]  # passed on as they came


def candidates(one: Person, lists: list[Person] = LISTS) -> list[Candidate]:
    """Return who ``one`` may be."""
    return link([one], iter(lists), len(lists))[one.number]


def first(one: Person, lists: list[Person] = LISTS) -> Candidate:
    """Return who comes first."""
    return candidates(one, lists)[0]


def test_the_same_identity_number_and_name_is_certain() -> None:
    """Identity number and name agree and nothing contradicts: proposed as certain, with every reason."""
    found = first(told("张静", id_number="110101198503120025"))
    assert (found.person.number, found.verdict, found.score) == ("P1", "certain", 100)
    assert (found.level("identity"), found.level("name"), found.level("birth")) == ("same", "same", "same")


def test_an_old_identity_number_of_fifteen_digits_is_the_same() -> None:
    """The 15 digits on an old card are the 18 of today without century and check digit."""
    assert (
        identity_key("110101850312002")
        == identity_key("11010119850312002" + "X")[:17] + (identity_key("110101850312002")[-1])
    )
    lists = [replace(ZHANG, id_number=identity_key("110101850312002"))]
    assert first(told("张静", id_number="110101850312002"), lists).verdict == "certain"


def test_the_card_is_as_good_as_the_identity_number() -> None:
    """What was typed as another number is compared with the card too."""
    found = first(told("张婧", card="900001", sex="female"))
    assert (found.verdict, found.level("card"), found.level("name")) == ("certain", "same", "sound")


@pytest.mark.parametrize(
    ("more", "warning"),
    [
        ({"name": "刘芳"}, "other_name"),
        ({"name": "张静", "sex": "male"}, "contradiction"),
        ({"name": "张静", "birth_date": "1950-01-01"}, "contradiction"),
    ],
)
def test_a_borrowed_card_is_never_certain(more: dict[str, str], warning: str) -> None:
    """The same card with another name, sex or birth date is for a person to look at, and says why."""
    found = first(told(**{"card": "900001", "phone": "13812340001", **more}))
    assert found.verdict == "possible"
    assert warning in found.warnings


def test_two_records_with_one_identity_number_are_not_certain() -> None:
    """Where the HIS itself holds the person twice, somebody chooses which."""
    found = candidates(told("张静", id_number=ZHANG.id_number), [*LISTS, replace(ZHANG, number="P1B")])
    assert [(one.person.number, one.verdict) for one in found] == [("P1", "possible"), ("P1B", "possible")]
    assert all("alike" in one.warnings for one in found)


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("张静", "same"),
        ("张婧", "sound"),
        ("zhang jing", "sound"),
        ("JING ZHANG", "sound"),
        ("章静", "sound"),
        ("张今", "southern"),
    ],
)
def test_a_name_by_its_sound(name: str, level: str) -> None:
    """Homophones, pinyin in either order and a southern ear still lead to her; never as certain."""
    found = first(told(name, birth_date="1985-03-12", phone="13812340001", sex="female"))
    assert (found.person.number, found.level("name"), found.verdict) == ("P1", level, "likely")


def test_a_foreign_name_in_another_order() -> None:
    """A Latin name in the lists is found by its pinyin order and by its Chinese characters."""
    for name in ("Qiang Zhao", "赵强"):
        found = first(told(name, birth_date="1988-08-08"))
        assert found.person.number == "P9"
        assert found.verdict in {"likely", "possible"}


def test_same_name_and_birth_date_twice() -> None:
    """Two of one name and one birth date: both are shown, neither is likely, unless a phone tells them apart."""
    found = candidates(told("王伟", birth_date="1970-01-05", sex="male"))
    assert {one.person.number for one in found[:2]} == {"P2", "P3"}
    assert all(one.verdict == "possible" and "alike" in one.warnings for one in found[:2])
    with_phone = first(told("王伟", birth_date="1970-01-05", phone="13812340003"))
    assert (with_phone.person.number, with_phone.verdict) == ("P3", "likely")


def test_a_changed_surname_is_looked_at() -> None:
    """Given name, birth date and phone agree, the surname does not: proposed with the question."""
    found = first(told("司马建国", birth_date="1950-05-20", phone="13812340004"))
    assert (found.person.number, found.level("name"), found.verdict) == ("P4", "surname", "possible")
    assert "surname" in found.warnings


def test_a_twin_is_never_likely() -> None:
    """One character apart, born the same day, one phone: perhaps the other twin."""
    found = first(told("李小双", birth_date="2019-06-01", phone="13812340006", sex="female"))
    assert (found.person.number, found.verdict) == ("P6", "possible")
    assert "twins" in found.warnings


def test_a_newborn_is_not_its_mother() -> None:
    """A child called after its mother finds the child; the mother with the same phone is another generation."""
    found = candidates(told("陈丽之女", age_years=0, phone="13812340007", sex="female"))
    assert (found[0].person.number, found[0].level("name")) == ("P7", "same")
    assert all(one.verdict == "possible" for one in found if one.person.number == "P8")


def test_twins_called_after_their_mother_are_kept_apart() -> None:
    """陈丽之大双 and 陈丽之小双 have one mother and are two children."""
    lists = [Person("B1", "陈丽之大双", "female", "2026-03-01", phone="13812340007")]
    found = first(told("陈丽之小双", birth_date="2026-03-01", phone="13812340007", sex="female"), lists)
    assert (found.level("name"), found.verdict) == ("twin", "possible")
    assert "twins" in found.warnings


def test_the_guardian_is_not_the_child() -> None:
    """A child registered with its mother's phone does not become its mother."""
    one = told("陈小练", identity="child", guardian="陈丽", guardian_phone="13812340007", sex="female")
    assert all(found.verdict == "possible" for found in candidates(one))


def test_an_unnamed_person_matches_nobody_by_chance() -> None:
    """Sex and a guessed age alone propose nobody; an identity number found later leads to the person."""
    assert candidates(told("无名氏", sex="male", age_years=50, identity="unknown_person")) == []
    found = first(told("无名氏", identity="unknown_person", id_number=ZHANG.id_number))
    assert (found.person.number, found.verdict) == ("P1", "possible")
    assert "other_name" in found.warnings


def test_two_temporary_numbers_for_one_person() -> None:
    """The later one is shown the earlier one, marked as registered here."""
    one = told("周练习", phone="13812349999", birth_date="1977-07-07")
    again = replace(one, number="T2", name="周炼习")
    found = link([one, again], iter(LISTS), len(LISTS))
    assert found["T1"] == []
    assert [(c.person.number, c.verdict) for c in found["T2"]] == [("T1", "possible")]
    assert "temporary" in found["T2"][0].warnings


@pytest.mark.parametrize(
    ("birth_date", "level"), [("1985-12-03", "swapped"), ("1985-03-17", "slip"), ("1985-09-30", "year")]
)
def test_slips_in_a_birth_date(birth_date: str, level: str) -> None:
    """Day and month swapped, one digit, another day of the same year: less, but not nothing."""
    found = first(told("张静", birth_date=birth_date, phone="13812340001"))
    assert (found.person.number, found.level("birth")) == ("P1", level)


def test_the_chinese_way_of_counting_years() -> None:
    """Born in March 1985 and seen in March 2026, a told age of 40, 41 and 42 all fit or nearly do."""
    levels = [
        first(told("张静", age_years=age, phone="13812340001")).level("birth") for age in (40, 41, 42, 44)
    ]
    assert levels == ["age", "age", "age_near", "age_rough"]


def test_a_number_typed_to_get_past_a_field_is_none() -> None:
    """Rows of one digit and 123456 lead to nobody; +86 and spaces do not matter."""
    assert [phone_key(text) for text in ("13888888888"[:1] + "0" * 10, "12345678", "00000000", "8")] == [
        ""
    ] * 4
    assert phone_key("+86 138-1234-0001") == phone_key("13812340001") == "13812340001"


def test_right_identity_numbers() -> None:
    """The check digit and the birth date inside must be right."""
    assert is_right_identity(identity_key("110101850312002"))
    assert not is_right_identity("110101198503120020")
    assert not is_right_identity("110101198513120021")


def test_a_common_name_is_worth_less() -> None:
    """王伟, of whom the list has hundreds, says less than a name that only one person has."""
    many = [Person(f"W{n}", "王伟", "male", f"19{n % 80 + 10}-01-05") for n in range(300)]
    lists = [*LISTS, *many]
    common = candidates(told("王伟", birth_date="1970-01-05"), lists)[0]
    rare = first(told("欧阳建国", birth_date="1950-05-20"), lists)
    weight = {one.field: one.weight for one in common.reasons}["name"]
    assert weight < {one.field: one.weight for one in rare.reasons}["name"]


def test_hostile_names_are_compared_and_no_more() -> None:
    """Control signs, absurd length and formulas neither fail nor match each other."""
    for name in ("\x1b[31m张静\x07", "=cmd|' /C calc'!A0", "𠮷" * 10_000, "。", "'; DROP TABLE--", "\u202e"):
        assert all(found.verdict != "certain" for found in candidates(told(name, sex="male")))


def test_the_order_of_the_list_does_not_matter() -> None:
    """The same list backwards gives the same candidates with the same scores."""
    one = told("王伟", birth_date="1970-01-05")
    forward, backward = candidates(one), candidates(one, LISTS[::-1])
    assert [(c.person.number, c.score) for c in forward] == [(c.person.number, c.score) for c in backward]
