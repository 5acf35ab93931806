"""Search as you type, everywhere the same.

What is typed is compared with the name and any inner part of it, its pinyin initials, the HIS's own
mnemonic, 五笔 and alias, the beginning of the code, and whole barcodes. Order of the hits: the exact
code or barcode, what was used recently and begins with the text, the own department's, then what equals,
begins with or holds the text, the popular first; what was used recently and only holds it stands before the
others that do. Nothing is ever loaded whole: every question ends at twenty rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from downtime.store.reference_schema import (
    CODE_PREFIX_MAX,
    DEPARTMENT,
    GRAM_MAX,
    PREFIX,
    TAIL,
    WHOLE,
    WHOLE_MAX,
)
from downtime.store.search_hits import CatalogueHit, DepartmentHit, PatientHit, StaffHit
from forms.typed import as_search

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from downtime.store.reference import Reference

__all__ = ["HITS_MAX", "CatalogueHit", "DepartmentHit", "PatientHit", "Search", "StaffHit"]

HITS_MAX = 20
RECENT_MAX = 50
_TYPED_MAX = 64
_TAIL_MIN, _TAIL_LONG = 4, 6
_LAST_CHARACTER = "\U0010ffff"

_CATALOGUE = "kind, code, name, spec, unit, price_minor, department, stock, controlled"
_PATIENT = "number, name, sex, birth_date, id_number, phone, card, payer_kind, allergy"


# Lists of hundreds are read through; the order is that of every search.
_STAFF = """SELECT number, name, roles, department, title FROM staff
 WHERE leaver = 0 AND (:role = '' OR instr(';' || roles || ';', ';' || :role || ';'))
 AND (instr(terms, :typed) OR lower(number) LIKE :typed || '%')
 ORDER BY lower(number) = :typed DESC, :own <> '' AND department = :own DESC,
 instr(terms, :whole) > 0 DESC, instr(terms, :begins) > 0 DESC, id LIMIT 20"""
_DEPARTMENTS = """SELECT code, name, kind, location FROM departments
 WHERE instr(terms, :typed) OR lower(code) LIKE :typed || '%'
 ORDER BY lower(code) = :typed DESC,
 instr(terms, :whole) > 0 DESC, instr(terms, :begins) > 0 DESC, id LIMIT 20"""


@dataclass(frozen=True, slots=True)
class _Question:
    """One question to the gram index and the check that a row really holds what was typed.

    ``inside``: rows that only hold it somewhere answer too.
    """

    match: str
    holds: str
    inside: bool = False


class _Hits:
    """Rows found so far, in order, each once, at most twenty."""

    def __init__(self) -> None:
        self._rows: dict[Any, tuple[Any, ...]] = {}

    @property
    def full(self) -> bool:
        return len(self._rows) >= HITS_MAX

    @property
    def wanted(self) -> int:
        """How many rows a question may give: those already found come again."""
        return HITS_MAX + len(self._rows)

    def take(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Take rows whose first value names them."""
        for row in rows:
            if self.full:
                return
            self._rows.setdefault(row[0], row[1:])

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return iter(self._rows.values())


def _quoted(words: Iterable[str]) -> str:
    return " AND ".join(f'"{word}"' for word in words)


def _grams(typed: str) -> list[str]:
    return list(dict.fromkeys(typed[start : start + GRAM_MAX] for start in range(len(typed) - GRAM_MAX + 1)))


def _questions(typed: str, *, codes: bool) -> Iterator[_Question]:
    """Yield the questions for folded text, the closest match first."""
    if len(typed) <= WHOLE_MAX:
        yield _Question(f'"{WHOLE}{typed}"', "")
    if len(typed) <= GRAM_MAX:
        yield _Question(f'"{PREFIX}{typed}"', "")
        yield _Question(f'"{typed}"', "", inside=True)
        return
    inner = _quoted(_grams(typed))
    match = f'("{PREFIX}{typed[:GRAM_MAX]}" AND {inner})'
    if codes and len(typed) <= CODE_PREFIX_MAX:
        match += f' OR "{PREFIX}{typed}"'
    yield _Question(f"({match})", "\n" + typed)
    yield _Question(f"({inner})", typed, inside=True)


class Search:
    """The questions a reference file answers while somebody types."""

    def __init__(self, reference: Reference) -> None:
        self._reference = reference

    def search_catalogue(
        self, text: str, *, department: str | None = None, recent: Sequence[str] = ()
    ) -> list[CatalogueHit]:
        """Return up to twenty items, drugs and packages for ``text``; empty text gives the usual ones.

        Args:
            text: as typed, in any width and case.
            department: code of the own department, whose rows come first.
            recent: codes used lately, the latest first; they come before everything but an exact code, as far
                as they begin with the text.
        """
        typed = as_search(text)[:_TYPED_MAX]
        hits = _Hits()
        if typed:
            hits.take(
                self._catalogue("WHERE code_key = ? OR barcode_key = ? ORDER BY id LIMIT 20", (typed, typed))
            )
        lately = self._recent(typed, recent[:RECENT_MAX])
        hits.take(row for begins, row in lately if begins)
        own = f'"{DEPARTMENT}{as_search(department)}"' if department and as_search(department) else None
        for scope in (own, None) if own else (None,):
            if not typed:
                hits.take(self._usual(scope, hits.wanted))
            for question in _questions(typed, codes=True) if typed else ():
                if hits.full:
                    break
                if question.inside:
                    hits.take(row for _begins, row in lately)
                hits.take(self._catalogue_matches(question, typed, scope, hits.wanted))
        return [CatalogueHit(*row) for row in hits]

    def _catalogue(self, where: str, parameters: Sequence[Any]) -> Any:
        return self._reference.execute(f"SELECT id, {_CATALOGUE} FROM catalogue {where}", parameters)  # noqa: S608 (fixed text)

    def _recent(self, typed: str, recent: Sequence[str]) -> list[tuple[bool, tuple[Any, ...]]]:
        """Return rows used lately that hold the text, the latest first, each with whether it begins with it."""
        if not recent:
            return []
        marks = ", ".join("?" * len(recent))
        begins = "instr(terms, ?) > 0 OR substr(code_key, 1, ?) = ?"
        found = self._reference.execute(
            f"SELECT ({begins}), id, {_CATALOGUE} FROM catalogue"  # noqa: S608 (fixed text)
            f" WHERE code IN ({marks}) AND (instr(terms, ?) OR substr(code_key, 1, ?) = ?)",
            (f"\n{typed}", len(typed), typed, *recent, typed, len(typed), typed),
        )
        place = {code: n for n, code in enumerate(recent)}
        return sorted(
            ((bool(first), tuple(row)) for first, *row in found), key=lambda told: place[told[1][2]]
        )

    def _usual(self, scope: str | None, wanted: int) -> Any:
        if scope is None:
            return self._catalogue("ORDER BY id LIMIT ?", (wanted,))
        return self._catalogue(
            "WHERE id IN (SELECT rowid FROM catalogue_grams WHERE catalogue_grams MATCH ?"
            " ORDER BY rowid LIMIT ?) ORDER BY id",
            (scope, wanted),
        )

    def _catalogue_matches(self, question: _Question, typed: str, scope: str | None, wanted: int) -> Any:
        match = question.match if scope is None else f"{scope} AND {question.match}"
        holds = "AND (instr(c.terms, ?) OR substr(c.code_key, 1, ?) = ?)" if question.holds else ""
        check = (question.holds, len(typed), typed) if question.holds else ()
        return self._reference.execute(
            f"SELECT c.id, {_CATALOGUE} FROM catalogue_grams g JOIN catalogue c ON c.id = g.rowid"  # noqa: S608 (fixed text)
            f" WHERE g.catalogue_grams MATCH ? {holds} ORDER BY g.rowid LIMIT ?",
            (match, *check, wanted),
        )

    def search_patients(self, text: str) -> list[PatientHit]:
        """Return up to twenty patients by name, initials, number, or the end of card, phone or id.

        Who is in a bed or came today stands first. The end of a number is its last four or more characters;
        a card is what people hold in their hand, so its end comes before that of a phone or id.
        """
        typed = as_search(text)[:_TYPED_MAX]
        hits = _Hits()
        if not typed:
            return []
        hits.take(self._patients("p WHERE number_key = ? LIMIT 20", (typed,)))
        if len(typed) >= _TAIL_MIN and any(map(str.isdigit, typed)):
            hits.take(self._tail(typed, hits.wanted, "substr(lower(p.card), -length(?)) = ?", (typed, typed)))
            hits.take(self._tail(typed, hits.wanted))
        for question in _questions(typed, codes=False):
            if hits.full:
                break
            holds = "AND instr(p.terms, ?)" if question.holds else ""
            check = (question.holds,) if question.holds else ()
            hits.take(
                self._patients(
                    "p JOIN patient_grams g ON p.id = g.rowid"
                    f" WHERE g.patient_grams MATCH ? {holds} ORDER BY g.rowid LIMIT ?",
                    (question.match, *check, hits.wanted),
                )
            )
        if not hits.full:
            hits.take(
                self._patients(
                    "p WHERE number_key >= ? AND number_key < ? ORDER BY number_key LIMIT ?",
                    (typed, typed + _LAST_CHARACTER, hits.wanted),
                )
            )
        return [PatientHit(*row) for row in hits]

    def _tail(self, typed: str, wanted: int, kept: str = "1", check: Sequence[str] = ()) -> Any:
        """Ask for the end of a number; ``kept`` is SQL that keeps some of the rows."""
        length = _TAIL_LONG if len(typed) >= _TAIL_LONG else _TAIL_MIN
        return self._patients(
            f"p JOIN patient_grams g ON p.id = g.rowid WHERE g.patient_grams MATCH ? AND {kept}"
            " AND instr(p.tails, ?) ORDER BY g.rowid LIMIT ?",
            (f'"{TAIL}{typed[-length:]}"', *check, typed + "\n", wanted),
        )

    def _patients(self, rest: str, parameters: Sequence[Any]) -> Any:
        return self._reference.execute(f"SELECT p.id, {_PATIENT} FROM patients {rest}", parameters)  # noqa: S608 (fixed text)

    def search_staff(
        self, text: str, *, role: str | None = None, department: str | None = None
    ) -> list[StaffHit]:
        """Return up to twenty staff who have not left, of ``role`` if given, the own department's first."""
        told = {"role": role or "", "own": department or "", **_asked(text)}
        found = self._reference.execute(_STAFF, told)
        return [
            StaffHit(n, name, tuple(filter(None, roles.split(";"))), d, t) for n, name, roles, d, t in found
        ]

    def search_departments(self, text: str) -> list[DepartmentHit]:
        """Return up to twenty departments."""
        return [DepartmentHit(*row) for row in self._reference.execute(_DEPARTMENTS, _asked(text))]


def _asked(text: str) -> dict[str, str]:
    typed = as_search(text)[:_TYPED_MAX]
    return {"typed": typed, "begins": f"\n{typed}", "whole": f"\n{typed}\n"}
