"""Search as you type, everywhere the same.

What is typed is compared with the name and any inner part of it, its pinyin initials, the HIS's own
mnemonic, 五笔 and alias, the beginning of the code, and whole barcodes. Order of the hits: the exact
code or barcode, what was used recently, the own department's, then what equals, begins with or holds the
text, the popular first. Nothing is ever loaded whole: every question ends at twenty rows.
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
from forms.typed import as_search

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from downtime.store.reference import Reference

HITS_MAX = 20
RECENT_MAX = 50
_TYPED_MAX = 64
_TAIL_MIN, _TAIL_LONG = 4, 6
_LAST_CHARACTER = "\U0010ffff"

_CATALOGUE = "kind, code, name, spec, unit, price_minor, department, stock, controlled"
_PATIENT = "number, name, sex, birth_date, id_number, phone, card, payer_kind, allergy"


@dataclass(frozen=True, slots=True)
class CatalogueHit:
    """Something that can be charged.

    Attributes:
        kind: "service", "drug" or "package".
        price_minor: unit price; of a package the sum of its lines, None if a line has no price.
        department: code of the department that does it, or "".
        stock: quantity in all batches for a drug, None where no stock is known.
        controlled: kind of controlled drug as the HIS names it, or "".
    """

    kind: str
    code: str
    name: str
    spec: str
    unit: str
    price_minor: int | None
    department: str
    stock: str | None
    controlled: str


@dataclass(frozen=True, slots=True)
class PatientHit:
    """A patient of the list; fields as in the reference table ``patients``."""

    number: str
    name: str
    sex: str
    birth_date: str | None
    id_number: str
    phone: str
    card: str
    payer_kind: str
    allergy: str


@dataclass(frozen=True, slots=True)
class StaffHit:
    """A member of staff; roles as a tuple."""

    number: str
    name: str
    roles: tuple[str, ...]
    department: str
    title: str


@dataclass(frozen=True, slots=True)
class DepartmentHit:
    """A department."""

    code: str
    name: str
    kind: str
    location: str


@dataclass(frozen=True, slots=True)
class _Question:
    """One question to the gram index and the check that a row really holds what was typed."""

    match: str
    holds: str


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
        yield _Question(f'"{typed}"', "")
        return
    inner = _quoted(_grams(typed))
    match = f'("{PREFIX}{typed[:GRAM_MAX]}" AND {inner})'
    if codes and len(typed) <= CODE_PREFIX_MAX:
        match += f' OR "{PREFIX}{typed}"'
    yield _Question(f"({match})", "\n" + typed)
    yield _Question(f"({inner})", typed)


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
            recent: codes used lately, the latest first; they come before everything but an exact code.
        """
        typed = as_search(text)[:_TYPED_MAX]
        hits = _Hits()
        if typed:
            hits.take(
                self._catalogue("WHERE code_key = ? OR barcode_key = ? ORDER BY id LIMIT 20", (typed, typed))
            )
        hits.take(self._recent(typed, recent[:RECENT_MAX]))
        own = f'"{DEPARTMENT}{as_search(department)}"' if department and as_search(department) else None
        for scope in (own, None) if own else (None,):
            if not typed:
                hits.take(self._usual(scope, hits.wanted))
            for question in _questions(typed, codes=True) if typed else ():
                if hits.full:
                    break
                hits.take(self._catalogue_matches(question, typed, scope, hits.wanted))
        return [CatalogueHit(*row) for row in hits]

    def _catalogue(self, where: str, parameters: Sequence[Any]) -> Any:
        return self._reference.execute(f"SELECT id, {_CATALOGUE} FROM catalogue {where}", parameters)  # noqa: S608 (fixed text)

    def _recent(self, typed: str, recent: Sequence[str]) -> list[tuple[Any, ...]]:
        if not recent:
            return []
        marks = ", ".join("?" * len(recent))
        holds = "(? = '' OR instr(terms, ?) OR substr(code_key, 1, ?) = ?)"
        check = (typed, typed, len(typed), typed)
        found = self._catalogue(f"WHERE code IN ({marks}) AND {holds}", (*recent, *check))
        place = {code: n for n, code in enumerate(recent)}
        return sorted(found, key=lambda row: place[row[2]])

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

        Who is in a bed or came today stands first. The end of a number is its last four or more characters.
        """
        typed = as_search(text)[:_TYPED_MAX]
        hits = _Hits()
        if not typed:
            return []
        hits.take(self._patients("p WHERE number_key = ? LIMIT 20", (typed,)))
        if len(typed) >= _TAIL_MIN and any(map(str.isdigit, typed)):
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

    def _tail(self, typed: str, wanted: int) -> Any:
        length = _TAIL_LONG if len(typed) >= _TAIL_LONG else _TAIL_MIN
        return self._patients(
            "p JOIN patient_grams g ON p.id = g.rowid"
            " WHERE g.patient_grams MATCH ? AND instr(p.tails, ?) ORDER BY g.rowid LIMIT ?",
            (f'"{TAIL}{typed[-length:]}"', typed + "\n", wanted),
        )

    def _patients(self, rest: str, parameters: Sequence[Any]) -> Any:
        return self._reference.execute(f"SELECT p.id, {_PATIENT} FROM patients {rest}", parameters)  # noqa: S608 (fixed text)

    def search_staff(
        self, text: str, *, role: str | None = None, department: str | None = None
    ) -> list[StaffHit]:
        """Return up to twenty staff who have not left, of ``role`` if given, the own department's first."""
        found = self._scan(
            "staff",
            "number, name, roles, department, title",
            "number",
            text,
            "leaver = 0 AND (? = '' OR instr(';' || roles || ';', ?))",
            (role or "", f";{role};"),
            department or "",
        )
        return [
            StaffHit(n, name, tuple(filter(None, roles.split(";"))), d, t) for n, name, roles, d, t in found
        ]

    def search_departments(self, text: str) -> list[DepartmentHit]:
        """Return up to twenty departments."""
        found = self._scan("departments", "code, name, kind, location", "code", text, "1", (), None)
        return [DepartmentHit(*row) for row in found]

    def _scan(
        self,
        table: str,
        columns: str,
        key: str,
        text: str,
        where: str,
        parameters: Sequence[Any],
        own: str | None,
    ) -> list[tuple[Any, ...]]:
        """Return rows of a short list (hundreds) in the order every search has."""
        typed = as_search(text)[:_TYPED_MAX]
        first = "department = ? DESC," if own else ""
        return list(
            self._reference.execute(
                f"SELECT {columns} FROM {table}"  # noqa: S608 (fixed text)
                f" WHERE {where} AND (instr(terms, ?) OR lower({key}) LIKE ? || '%')"
                f" ORDER BY lower({key}) = ? DESC, {first}"
                f" instr(terms, ?) > 0 DESC, instr(terms, ?) > 0 DESC, id LIMIT {HITS_MAX}",
                (*parameters, typed, typed, typed, *([own] if own else []), f"\n{typed}\n", f"\n{typed}"),
            )
        )
