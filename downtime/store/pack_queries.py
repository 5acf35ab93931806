"""What the journal knows of paper forms: packs, and what was typed in from them, in order."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from forms.paper_late import PAPER_FORMS
from forms.paper_pack import PACK_FORMS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlite_utils import Database

PACK_NAMES = tuple(form.name for form in PACK_FORMS)
PAPER_NAMES = tuple(form.name for form in PAPER_FORMS)

_EVENTS = """
SELECT seq, id, form, operator, recorded_at, json_extract(CAST(sealed AS TEXT), '$.body.content'),
       json_extract(CAST(sealed AS TEXT), '$.envelope.operator_name')
FROM entry WHERE form IN (SELECT value FROM json_each(?)) ORDER BY seq
"""


@dataclass(frozen=True, slots=True)
class PaperEvent:
    """One entry about paper forms."""

    seq: int
    id: str
    form: str
    operator: str
    operator_name: str
    recorded_at: str
    content: dict[str, Any]


def paper_events(db: Database, forms: Sequence[str] = PAPER_NAMES) -> Iterator[PaperEvent]:
    """Yield the entries about paper forms, in order."""
    for seq, entry_id, form, operator, at, content, name in db.execute(_EVENTS, (json.dumps(list(forms)),)):
        yield PaperEvent(seq, entry_id, form, operator, name, at, json.loads(content))
