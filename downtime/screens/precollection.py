"""Pre-collection 预收: patient, fee category, amount, money; the lines follow later, from wherever there is time."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from downtime.i18n import _
from downtime.pinyin import initials
from downtime.screens.amount_asked import Asked
from downtime.screens.amount_screen import AmountScreen
from downtime.screens.amount_sheet import AmountSheet
from downtime.screens.candidates import Candidate
from downtime.store.fee_categories import categories_of
from forms.base import read_form
from forms.precollection import Precollection
from forms.typed import as_search

if TYPE_CHECKING:
    from downtime.desk import Desk
    from downtime.record import Recorded
    from downtime.screens.window_sheet import WindowSheet
    from forms.base import Form, Problem

STANDARD = (
    *("诊察费", "检查费", "化验费", "治疗费", "手术费", "卫生材料费"),
    *("西药费", "中药饮片", "中成药费", "一般诊疗费", "挂号费", "其他门诊收费"),
)
"""Categories of the formal receipt in its order (医疗收费票据), for a station without lists. They are recorded."""
_CHARACTERS_MAX = 64


@dataclass
class PrecollectionSheet(AmountSheet):
    """What becomes a pre-collection."""

    form_name: ClassVar[str] = "precollection"

    def summary(self) -> str:
        """Return its category."""
        return self.answer("category")

    def form(self) -> Form | list[Problem]:
        """Return the filled form, or what is wrong with it."""
        content = {
            **self.who(),
            "payer_kind": self.payer_kind,
            "category": self.answer("category")[:_CHARACTERS_MAX],
            "total_minor": self.total_minor,
            "payments": self.payments,
            "phone": self.answer("phone"),
        }
        return read_form(Precollection, content)


class PrecollectionScreen(AmountScreen):
    """One advance after the other."""

    asked: ClassVar[tuple[Asked, ...]] = (
        Asked("category", lambda: _("Fee category"), "pick", needed=True),
        Asked("amount", lambda: _("Amount"), "amount", needed=True),
        Asked("phone", lambda: _("Phone"), "phone", needed=True),
    )
    sheet_kind: ClassVar[type[WindowSheet]] = PrecollectionSheet
    sheet: PrecollectionSheet

    def begun(self) -> None:
        """Have the initials ready before somebody types them."""
        self.station.behind(self._warm())

    async def _warm(self) -> None:
        await asyncio.to_thread(lambda: [initials(name) for name in self._categories()])

    def help_words(self) -> str:
        """Return what to do here."""
        return _(
            "An amount now, the lines later: patient, category by its digit (Enter takes the last one used), amount, "
            "Enter. The slip says that the difference is settled when the lines are known."
        )

    def total_word(self) -> str:
        """Return what the amount at the bottom is called."""
        return _("Paid in advance")

    def hint_of(self, name: str) -> str:
        """Return what stands in the empty category."""
        return _("digit or initials") if name == "category" else ""

    def _categories(self) -> tuple[str, ...]:
        return fee_categories(self.desk, self.station.remembered)

    def rows_of(self, name: str, typed: str) -> list[Candidate]:  # noqa: ARG002 (one list)
        """Return the categories whose name or initials hold what is typed."""
        asked = as_search(typed)
        return [
            Candidate((category,), category)
            for category in self._categories()
            if not asked or asked in as_search(category) or initials(category).startswith(asked)
        ]

    def mark_of(self, name: str) -> str:
        """Return the category used last."""
        return self.value_of(name) or str(self.station.remembered.get("category", ""))

    def problem(self) -> tuple[str, str] | None:
        """A category, then an amount."""
        if not self.sheet.answer("category"):
            return "category", _("Pick one.")
        return super().problem()

    def stands(self, recorded: Recorded, change_minor: int = 0) -> None:
        """Remember the category for the next one."""
        self.station.remembered["category"] = str(recorded.entry.content["category"])
        super().stands(recorded, change_minor)


def fee_categories(desk: Desk, remembered: dict[str, object]) -> tuple[str, ...]:
    """Return the categories to pick from: the site's own, those of the price list, or the usual ones.

    Args:
        desk: whose lists.
        remembered: where the answer is kept as long as the price list stays the same.
    """
    own = desk.home.settings.window.categories
    if own:
        return own
    if desk.reference is None:
        return STANDARD
    key = f"fee categories {desk.reference.version}"
    if key not in remembered:
        remembered[key] = categories_of(desk.reference) or STANDARD
    found = remembered[key]
    assert isinstance(found, tuple)
    return found
