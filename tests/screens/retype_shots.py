"""Pictures of the retype desk."""

from __future__ import annotations

from tests.screens.made_retyped import made_retyped
from tests.screens.shot import Shot

_OPEN = ("go:retype", "retyped")
RETYPE_SHOTS: list[Shot] = [
    Shot("retype", "补录台 Retype desk", _OPEN, before=made_retyped),
    Shot(
        "retype-entry",
        "补录台:逐栏录入 Retype desk: field by field",
        (*_OPEN, *["down"] * 3, "enter", *["enter"] * 3),
        before=made_retyped,
    ),
    Shot(
        "retype-differs",
        "补录台:与 HIS 不一致 Retype desk: what differs in the HIS",
        (*_OPEN, "down", "enter"),
        before=made_retyped,
    ),
    Shot("retype-typed", "补录台:已录入 Retype desk: typed in", (*_OPEN, "f8"), before=made_retyped),
    Shot(
        "plain-retype-entry",
        "朴素外观:补录台 The plain look: the retype desk",
        (*_OPEN, *["down"] * 3, "enter", *["enter"] * 3),
        plain=True,
        before=made_retyped,
    ),
]
