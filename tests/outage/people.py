"""Who comes to the windows of the made-up hospital, what is charged there, and what the clerks say of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from forms.money import line_amount

if TYPE_CHECKING:
    from random import Random

SURNAMES: Final = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN: Final = "练习演示样例试用"
RARE: Final = ("练习㐂子", "练习𠮷田", "=练习(1)", "练习'病人", "练习;病人", "练习 Patient")
"""Names that break programs: outside the basic plane, formulas, quotes, separators."""


@dataclass(frozen=True)
class Priced:
    """One item of the price list."""

    code: str
    name: str
    kind: str
    price_minor: int

    def line(self, quantity: str, **more: Any) -> dict[str, Any]:
        """Return it as a line."""
        amount = line_amount(self.price_minor, Decimal(quantity))
        return {
            "code": self.code,
            "name": self.name,
            "unit": "盒" if self.kind == "drug" else "次",
            "kind": self.kind,
            "quantity": quantity,
            "unit_price_minor": self.price_minor,
            "amount_minor": amount,
            **more,
        }


@dataclass
class Hospital:
    """Patients and prices; the same at every window.

    Attributes:
        registered: temporary patients, by any station: (patient, visit).
        slips: pre-collections and pricings that may be continued at any station: (form, number, content).
    """

    patients: list[dict[str, Any]]
    prices: list[Priced]
    registered: list[tuple[dict[str, Any], dict[str, Any]]] = field(default_factory=list)
    slips: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)

    @classmethod
    def made(cls, chance: Random, stations: int) -> Hospital:
        """Return a made-up hospital of a size for so many windows."""
        patients = []
        for n in range(1, 25 * stations + 1):
            name = f"{chance.choice(SURNAMES)}{chance.choice(GIVEN)}{chance.choice(GIVEN)}"
            patients.append(
                {
                    "number": f"P{n:06}",
                    "name": RARE[n // 40] if n % 40 == 0 and n // 40 < len(RARE) else name,
                    "sex": chance.choice(["female", "male"]),
                    "birth_date": f"{chance.randrange(1935, 2024)}-{chance.randrange(1, 13):02}-15",
                }
            )
        prices = []
        for n in range(1, 61):
            kind = "drug" if n % 3 == 0 else "service"
            prices.append(
                Priced(f"{kind[0].upper()}{n:03}", f"练习{n:03}", kind, chance.randrange(50, 30_000))
            )
        return cls(patients, prices)

    def lines(self, chance: Random) -> list[dict[str, Any]]:
        """Return one to four lines of different items; some amounts need rounding."""
        chosen = chance.sample(self.prices, chance.choice([1, 1, 2, 2, 3, 4]))
        return [one.line(chance.choice(["1", "1", "1", "2", "3", "0.5", "1.25"])) for one in chosen]


def visit_of(patient: dict[str, Any], kind: str = "outpatient") -> dict[str, Any]:
    """Return the visit a known patient is here for."""
    return {"number": f"V{patient['number']}", "kind": kind, "department": "D01", "doctor": "9001"}
