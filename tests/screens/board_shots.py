"""Pictures of the board at the IT PC, over a made-up hub with entries in every state."""

from __future__ import annotations

from functools import partial

from tests.screens.board_story import AUDITOR, IT
from tests.screens.made_board import made_board
from tests.screens.shot import Shot

_board = partial(Shot, operator=IT, hub=made_board)
_DOUBTFUL = (*"jjj", "enter", "item")

BOARD_SHOTS: list[Shot] = [
    _board("board", "回传看板 The board", ()),
    _board("board-search", "看板:查找 The board: searching", ("f2", *"43.00")),
    _board("board-state", "看板:一种状态 The board: one state", ("5",)),
    _board("board-marked", "看板:选中全部问题 The board: all errors marked", ("a",)),
    _board("board-decide", "看板:处理 The board: deciding", ("a", "f8")),
    _board("board-resend", "看板:重传 The board: sending again", ("a", "ctrl+x", "1")),
    _board("board-correct", "看板:更正后重传 The board: correcting and sending again", ("f8", "2")),
    _board("board-item", "看板:一笔 The board: one entry", ("enter", "item")),
    _board("board-doubtful", "看板:存疑 The board: a doubtful one", (*_DOUBTFUL, "space")),
    _board("board-differs", "看板:差异 The board: a difference", ("6", "enter", "item")),
    _board("board-bytes", "看板:原始字节 The board: exact bytes", ("enter", "item", "1")),
    _board("board-filter", "看板:筛选 The board: the filter", ("ctrl+f",)),
    _board("board-lists", "看板:清单 The board: lists", ("f3", "sums")),
    _board("board-auditor", "看板:审计员 The board of an auditor", (), operator=AUDITOR),
    _board("plain-board", "朴素外观:回传看板 The plain look: the board", ("a",), plain=True),
    _board("plain-board-item", "朴素外观:一笔 The plain look: one entry", _DOUBTFUL, plain=True),
]
