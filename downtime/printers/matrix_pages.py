"""The two pages that set a dot-matrix printer up: which line can be read, and where the paper lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.i18n import in_language
from downtime.printers import dots
from downtime.printers.code_page import printable
from downtime.printers.matrix_face import COLUMN
from downtime.printers.matrix_strokes import picture_strokes, text_strokes
from forms.text import N_

if TYPE_CHECKING:
    from PIL.Image import Image

    from downtime.i18n import Language
    from downtime.printers.code_page import CodePage
    from downtime.printers.matrix_strokes import Stroke

LINE_AT = 48
"""Where the line of the nudge page is to lie, 1/180 inch below the perforation."""

NUDGE_FORMS = 10
"""Forms between the first line of the nudge page and the last."""

_PITCH = 30
TRIAL_LINES: tuple[tuple[str, CodePage | None], ...] = (
    ("1  ABC abc 0123456789 $ # @ [ ] { } \\ | ~ ^", "gb2312"),
    ("2  收据 患者 合计 壹佰贰拾元整", "gb2312"),
    ("3  喆 堃 玥 珺 燊", "gbk"),
    ("4  㑊 㕮 㙍 㛃", "gb18030"),
    ("5  收据 患者 喆 㑊", None),
)
"""What stands on each line, and the code page a printer must have to draw it; None is sent as dots."""

TRIAL_HINTS = (
    N_("Which lines can you read? The last of lines 1 to 4 that is whole decides:"),
    N_('line 4: code_page = "gb18030"    line 3: "gbk"    line 2: "gb2312"'),
    N_('line 1 only: drawing = "raster"; then line 5 must be whole'),
    N_("The code on the right is read by a scanner; if not, call IT."),
)


def trial_strokes(language: Language) -> list[list[Stroke]]:
    """Return the one form of the test page."""
    made: list[Stroke] = []
    y = 24
    for text, page in TRIAL_LINES:
        made += text_strokes(y, 0, text, page or "gb18030", as_dots=page is None)
        y += _PITCH
    for hint in TRIAL_HINTS:
        words = printable(in_language(hint, language), "gb2312")
        made += text_strokes(y, 0, words, "gb2312", as_dots=True)
        y += _PITCH
    made += picture_strokes(24, 76 * COLUMN, trial_code(6))
    return [made]


def trial_code(module: int) -> Image:
    """Return the code of a test page; a scanner reads digits, as from receipts."""
    import segno

    return dots.code_picture(segno.make("0123456789" * 3, error="m", micro=False).matrix, module, 4)


def nudge_strokes(language: Language) -> list[list[Stroke]]:
    """Return the forms of the nudge page: a line at one place on each, numbered from 0 to 10."""
    words = (
        N_("Measure in mm from the perforation down to the line, on form 0 and on form 10."),
        N_("Then type: downtime printer nudge --first MM --last MM"),
    )
    pages = []
    for n in range(NUDGE_FORMS + 1):
        made = list(text_strokes(LINE_AT - 12, 0, "-" * 60 + f" {n} " + "-" * 20, "gb2312"))
        if n in {0, NUDGE_FORMS}:
            for row, hint in enumerate(words, start=1):
                told = printable(in_language(hint, language), "gb2312")
                made += text_strokes(LINE_AT + row * _PITCH, 0, told, "gb2312", as_dots=True)
        pages.append(made)
    return pages
