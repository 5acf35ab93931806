"""A paper template that is wrong: the screen says so, and the receipt comes out all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.paper_template import template_path
from tests.screens.made_up import made_charge

if TYPE_CHECKING:
    from collections.abc import Callable

    from downtime.home import Home
    from tests.screens.story import Story


async def test_a_wrong_template_is_told_and_stops_nothing(
    practice_home: Home, story: Callable[..., Story]
) -> None:
    """The top line keeps saying it, and where it is wrong is known; mended, it is forgotten."""
    path = template_path(practice_home.path)
    path.parent.mkdir()
    path.write_text("[words]\ncolour = 1\n", "utf-8")
    async with story(size=(140, 30)) as s:
        await s.until(lambda: "票据模板有误" in s.screen)
        assert "paper.toml 第 2 行" in s.app.glance.paper_fault
        assert s.desk.print_receipt(made_charge(s.desk)).state == "printed"
        path.write_text('[words]\nphone = "0000-1"\n', "utf-8")
        s.app.look()
        await s.until(lambda: not s.app.glance.paper_fault)
