"""Three keys find it: by name, inner part, initials, mnemonic, 五笔, alias, code or barcode."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest

from downtime.practice_set import practice_rows
from downtime.reference_tables import (
    BatchRow,
    DepartmentRow,
    DrugRow,
    ItemRow,
    PackageLineRow,
    PackageRow,
    PatientRow,
    StaffRow,
    VisitRow,
)
from downtime.store.reference import Reference, build_reference
from downtime.store.search import Search
from downtime.store.search_hits import CatalogueHit
from forms.typed import as_search

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from downtime.reference_tables import ReferenceRow

KEY = bytes(range(32))
TAKEN_AT = "2026-11-22T04:00:00.000+08:00"

ITEMS = [
    ItemRow(code="A01", name="胸部CT平扫", price_minor=19_000, department="D1", alias="CHEST CT", uses=5),
    ItemRow(code="A02", name="血常规(五分类)", price_minor=2_000, department="D2", wubi="tkpg", uses=9),
    ItemRow(code="A03", name="血常规", price_minor=1_800, department="D1", barcode="6901234567892", uses=1),
    ItemRow(code="250101015", name="换药", price_minor=1, mnemonic="ZDYM", uses=0),
    ItemRow(code="!!!", name="()", price_minor=1),
]
DRUGS = [
    DrugRow(code="X1", name="0.9%氯化钠注射液", spec="100ml", price_minor=320, generic_name="生理盐水"),
    DrugRow(code="X2", name="白术", price_minor=20),
]
PATIENTS = [
    PatientRow(number="P000", name="王飞"),
    PatientRow(
        number="P001", name="曾小明", phone="10012345678", card="9000001", id_number="99999919800101001X"
    ),
    PatientRow(number="P002", name="单于飞", phone="10087654321"),
    PatientRow(number="P003", name="ZHANG San", phone="10011112222"),
    PatientRow(number="rec-1-org", name="练习 王五"),
    PatientRow(number="Q005", name="练习卡", card="7700345678"),
]


@pytest.fixture(scope="module")
def search(tmp_path_factory: pytest.TempPathFactory) -> Search:
    """A tiny hospital with the awkward cases."""
    rows: dict[str, Sequence[ReferenceRow]] = {
        "departments": [DepartmentRow(code="D1", name="放射科"), DepartmentRow(code="D2", name="检验科")],
        "staff": [
            StaffRow(number="7", name="曾医生", roles="doctor", department="D1"),
            StaffRow(number="8", name="区护士", roles="nurse", department="D2"),
            StaffRow(number="9", name="曾离职", roles="doctor", leaver=True),
        ],
        "items": ITEMS,
        "packages": [PackageRow(code="T1", name="入院检查"), PackageRow(code="T2", name="缺价套餐")],
        "package_lines": [
            PackageLineRow(package="T1", position=1, code="A01", quantity="2"),
            PackageLineRow(package="T1", position=2, code="X1", price_minor=300),
            PackageLineRow(package="T2", position=1, code="nowhere"),
        ],
        "drugs": DRUGS,
        "batches": [
            BatchRow(drug="X1", batch="b1", quantity="1.5"),
            BatchRow(drug="X1", batch="b2", quantity="2"),
        ],
        "visits": [VisitRow(number="V1", patient="P002", started_at="2026-11-22T08:00:00+08:00")],
        "patients": PATIENTS,
    }
    folder = tmp_path_factory.mktemp("search")
    file = build_reference(folder, 1, rows, KEY, taken_at=TAKEN_AT, origin="test")
    return Search(Reference(file.path, KEY))


def _codes(search: Search, text: str, **told: object) -> list[str]:
    return [hit.code for hit in search.search_catalogue(text, **told)]  # type: ignore[arg-type]  # keywords pass through


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("xbct", "A01"),
        ("ＸＢＣＴ", "A01"),
        ("部ct", "A01"),
        ("ct平扫", "A01"),
        ("chest", "A01"),
        ("血常规五", "A02"),
        ("血常规（五", "A02"),
        ("tkp", "A02"),
        ("6901234567892", "A03"),
        ("zdym", "250101015"),
        ("2501", "250101015"),
        ("250101015", "250101015"),
        ("0.9%", "X1"),
        ("lhnz", "X1"),
        ("盐水", "X1"),
        ("bz", "X2"),
        ("rycx", ""),
        ("ryjc", "T1"),
        ("规", "A02"),
        ("6901", ""),
    ],
)
def test_it_is_found_however_it_is_typed(search: Search, typed: str, code: str) -> None:
    """Code, name, inner part, initials, mnemonic, 五笔, alias, generic name, whole barcode."""
    assert (code in _codes(search, typed)) is bool(code)
    if not code:
        assert _codes(search, typed) == []


def test_the_exact_code_then_recent_then_own_department_then_the_popular(search: Search) -> None:
    """The row wanted most is under key 1."""
    assert _codes(search, "xcg") == ["A03", "A02"]
    assert _codes(search, "xc") == ["A02", "A03"]
    assert _codes(search, "xc", department="D1") == ["A03", "A02"]
    assert _codes(search, "xcg", recent=["A02"]) == ["A02", "A03"]
    assert _codes(search, "a03", recent=["A01"])[0] == "A03"
    assert _codes(search, "", recent=["X2"], department="D1")[:3] == ["X2", "A01", "A03"]


def test_a_hit_says_what_the_window_needs(search: Search) -> None:
    """Price, stock over all batches, and the sum of a package, or none where a line has no price."""
    (salt,) = search.search_catalogue("x1")
    assert isinstance(salt, CatalogueHit)
    assert (salt.kind, salt.price_minor, salt.stock) == ("drug", 320, "3.5")
    (package,) = search.search_catalogue("t1")
    assert (package.kind, package.price_minor) == ("package", 2 * 19_000 + 300)
    (without,) = search.search_catalogue("t2")
    assert without.price_minor is None


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("zxm", "P001"), ("cxm", "P001"), ("曾", "P001"), ("小明", "P001"), ("p001", "P001"), ("5678", "P001"),
        ("345678", "P001"), ("10012345678", "P001"), ("9000001", "P001"), ("001X", "P001"), ("syf", "P002"),
        ("dyf", "P002"), ("zhangs", "P003"), ("san", "P003"), ("rec-1", "rec-1-org"), ("王五", "rec-1-org"),
    ],
)  # fmt: skip
def test_a_patient_is_found_by_whatever_is_at_hand(search: Search, typed: str, number: str) -> None:
    """Name, both readings of the surname, number, or the end of phone, card or id."""
    assert number in [hit.number for hit in search.search_patients(typed)]


def test_the_end_of_a_card_comes_before_that_of_a_phone(search: Search) -> None:
    """What people hold in their hand is what is typed: one key less where a phone ends alike."""
    assert [hit.number for hit in search.search_patients("345678")] == ["Q005", "P001"]


def test_what_was_used_lately_leads_only_where_it_begins_with_the_text(search: Search) -> None:
    """A row charged a minute ago that merely holds the letters stays behind those that begin with them."""
    assert _codes(search, "c")[0] == "A01", "CHEST CT"
    assert _codes(search, "c", recent=["A03"])[:2] == ["A01", "A03"]
    assert _codes(search, "x", recent=["A03"])[0] == "A03"


def test_who_came_today_stands_first(search: Search) -> None:
    """P002 has a visit today and so comes before P000, who stands earlier in the list."""
    assert [hit.number for hit in search.search_patients("飞")] == ["P002", "P000"]
    assert [hit.number for hit in search.search_patients("p00")] == ["P000", "P001", "P002", "P003"]
    assert [hit.number for hit in search.search_patients("1001")] == []
    assert search.search_patients("") == []


def test_staff_who_left_are_not_offered(search: Search) -> None:
    """A doctor is found by initials and role; a leaver is not."""
    assert [hit.number for hit in search.search_staff("zys", role="doctor")] == ["7"]
    assert [hit.number for hit in search.search_staff("zlz")] == []
    assert [hit.number for hit in search.search_staff("ohs")] == ["8"]
    assert [hit.number for hit in search.search_staff("")] == ["7", "8"]
    assert [hit.name for hit in search.search_departments("jyk")] == ["检验科"]
    assert [hit.code for hit in search.search_departments("d1")] == ["D1"]


@pytest.mark.parametrize(
    "typed", ['"', "' OR 1=1 --", "NEAR(", "a* OR b", "^", "~", "\x00", "%", "_", "𠮷" * 200]
)
def test_nothing_typed_is_an_instruction(search: Search, typed: str) -> None:
    """Quotes, operators and wildcards are text or nothing."""
    for ask in (
        search.search_catalogue,
        search.search_patients,
        search.search_staff,
        search.search_departments,
    ):
        assert len(ask(typed)) <= 20


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reference]:
    """The practice hospital."""
    folder: Path = tmp_path_factory.mktemp("practice")
    file = build_reference(folder, 1, practice_rows(TAKEN_AT), KEY, taken_at=TAKEN_AT, origin="x")
    with Reference(file.path, KEY) as reference:
        yield reference


def test_any_inner_part_of_any_name_finds_it(practice: Reference) -> None:
    """For parts of one to six characters the answer is what reading the whole list would give."""
    search, random = Search(practice), Random("parts")
    people = {row.number: as_search(row.name) for row in practice.rows("patients")}  # type: ignore[attr-defined]  # PatientRow
    titles = [as_search(row.name) for table in ("items", "drugs") for row in practice.rows(table)]  # type: ignore[attr-defined]  # both have names
    for _ in range(200):
        title = random.choice(titles)
        start = random.randrange(len(title))
        part = title[start : start + random.randint(1, 6)]
        hits = search.search_catalogue(part)
        expected = sum(part in other for other in titles)
        assert len(hits) >= min(expected, 20), part
        name = random.choice(list(people.values()))
        found = [hit.number for hit in search.search_patients(name)]
        assert len(found) == len(set(found))
        wanted = {number for number, other in people.items() if name in other}
        assert len(wanted & set(found)) == min(len(wanted), 20)
