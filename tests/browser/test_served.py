"""A cashier at a desk that has only a browser: from the login to a receipt, in a real one."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from PIL import Image

from downtime.book import OpenBook
from downtime.store import reports
from tests.browser.chromium import browser, opened
from tests.downtime.served_desks import served

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.entry import Entry
    from downtime.home import Home
    from tests.browser.chromium import Page

PROGRAM = browser()
needs_a_browser = pytest.mark.skipif(PROGRAM is None, reason="no Chromium on this machine")
SECOND_WINDOW = "另一窗口"


async def _logged_in(page: Page, url: str) -> None:
    await page.open(url)
    await page.until(lambda rows: "lianxi1001" in rows)
    await page.press(*"1001", "Enter", *"lianxi1001", "Enter")
    await page.until(lambda rows: "lianxi1001" not in rows and re.search(r"1 +收费", rows))


def _charges(home: Home) -> list[Entry]:
    book = OpenBook(home, home.keys.unlock("1001", "lianxi1001"), home.current_book())
    try:
        return [entry for entry in reports.newest_receipts(book.db) if entry.form == "charge"]
    finally:
        book.close()


@needs_a_browser
async def test_from_login_to_receipt_in_a_browser(practice_home: Home, tmp_path: Path) -> None:
    """Number, password, patient, item, cash: the receipt stands in the journal, and no foreign address was asked."""
    assert PROGRAM is not None
    async with served(practice_home) as desk, opened(PROGRAM, tmp_path) as new_page:
        page = await new_page()
        await _logged_in(page, desk.serving.url())
        await page.press("1")
        await page.until(lambda rows: "F8" in rows or "F2" in rows)
        await page.press(*"zw")
        await page.until(lambda rows: re.search(r"1 +\S*张", rows) or "张" in rows)
        await page.press("Enter")
        await page.press(*"xcg")
        await page.until(lambda rows: "血常规" in rows)
        await page.press("Enter", "F8")
        await page.until(lambda rows: "应收" in rows)
        await page.press(*"100", "Enter")
        rows = await page.until(lambda rows: re.search(r"W03[A-Z]?-\d{6}-\d", rows))
        picture = Image.open(BytesIO(await page.picture()))
        assert page.complaints == []
        asked = {urlsplit(address).netloc for address in page.asked if not address.startswith("data:")}
        assert asked == {f"127.0.0.1:{desk.serving.port}"}
    (charge,) = _charges(practice_home)
    assert charge.number is not None
    assert charge.number in rows
    assert charge.operator == "1001"
    colours = picture.convert("RGB").getcolors(1 << 24)
    assert colours is not None
    assert len(colours) > 20, "an empty page"


@needs_a_browser
async def test_a_password_stays_masked_in_a_browser(practice_home: Home, tmp_path: Path) -> None:
    """What is typed as a password is stars in the page too."""
    assert PROGRAM is not None
    async with served(practice_home) as desk, opened(PROGRAM, tmp_path) as new_page:
        page = await new_page()
        await page.open(desk.serving.url())
        await page.until(lambda rows: "lianxi1001" in rows)
        await page.press(*"1001", "Enter", *"geheim")
        rows = await page.until(lambda rows: "******" in rows)
        assert "geheim" not in rows
        assert "geheim" not in await page.text()


@needs_a_browser
async def test_another_window_is_told_in_words(
    practice_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second tab says that the station is in use; the first goes on."""
    assert PROGRAM is not None
    monkeypatch.setattr("downtime.serve_socket.WAIT_FOR_LEAVING_SECONDS", 0.1)
    async with served(practice_home) as desk, opened(PROGRAM, tmp_path) as new_page:
        first = await new_page()
        await _logged_in(first, desk.serving.url())
        second = await new_page()
        await second.open(desk.serving.url())
        await second.until_text(lambda text: "Somebody is logged in" in text or SECOND_WINDOW in text)
        await first.press("1")
        await first.until(lambda rows: "F2" in rows)


@needs_a_browser
async def test_keys_a_browser_keeps_work_with_alt(practice_home: Home, tmp_path: Path) -> None:
    """In a tab Ctrl+N opens a window of the browser's; Alt+N asks for a new patient."""
    assert PROGRAM is not None
    async with served(practice_home) as desk, opened(PROGRAM, tmp_path) as new_page:
        page = await new_page()
        await _logged_in(page, desk.serving.url())
        await page.press("1")
        await page.until(lambda rows: "Ctrl+N" in rows or "F2" in rows)
        await page.press("Alt+n")
        await page.until(lambda rows: "姓名" in rows)
