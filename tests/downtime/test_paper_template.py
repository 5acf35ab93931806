"""The hospital's paper template: what it decides, what it may not leave out, and that a bad one stops nobody."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any, get_args

import pytest

from downtime.desk import Desk
from downtime.errors import RefusedInputError
from downtime.i18n import Language
from downtime.paper import letterhead_of, receipt_of
from downtime.paper_template import (
    BLOCKS,
    MAY_BE_LEFT_OUT,
    PaperTemplate,
    found_template,
    read_template,
    shipped_text,
    template_path,
    template_words,
)
from downtime.printer_profile import PrinterSettings
from downtime.printers.part_names import part_feet, parts_on_roll
from downtime.receipt import receipt_lines
from downtime.receipt_rows import Codes, Stamp
from downtime.receipt_text import as_text
from downtime.settings import Settings
from tests.downtime.builders import charge, stand
from tests.downtime.receipt_samples import SAMPLES
from tests.downtime.receipt_samples_money import MONEY_SAMPLES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from downtime.home import Home

OURS: dict[str, Any] = {
    "hospital": {"id": "PRACTICE", "name": "练习医院", "name_en": "Practice Hospital"},
    "station": {"code": "W03", "name": "窗口"},
    "receipt": {"wording": ["设置里的话"], "exchange_place": "设置里的地点", "phone": "1"},
}
SETTINGS = Settings.model_validate(OURS)


@pytest.fixture
def desk(practice_home: Home) -> Iterator[Desk]:
    """Return an open desk at a practice station."""
    opened = Desk(practice_home, practice_home.keys.unlock("1001", "lianxi1001"))
    yield opened
    opened.close()


def _written(home: Path, text: str) -> Path:
    path = template_path(home)
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def _paper(name: str, text: str, language: Language = "zh") -> str:
    entry, copy = (SAMPLES | MONEY_SAMPLES)[name]
    template = PaperTemplate.model_validate(tomllib.loads(text))
    letterhead = letterhead_of(SETTINGS, language, template, entry.form)
    return as_text(receipt_lines(entry, letterhead, language=language, copy=copy))


def test_the_shipped_file_changes_nothing() -> None:
    """The file a hospital begins with means what no file means, and names every key there is."""
    assert PaperTemplate.model_validate(tomllib.loads(shipped_text())) == PaperTemplate()
    for model in (PaperTemplate, *(type(PaperTemplate().words),)):
        for key in model.model_fields:
            assert key in shipped_text()
    for block in BLOCKS:
        assert f'"{block}"' in shipped_text()


def test_the_hospitals_words_win_over_the_stations() -> None:
    """What the template says stands on the paper; where it is silent, what the station.toml says."""
    text = """[words]
        title = "练习医院应急收据"
        wording = ["应急临时凭证,不作报销凭证。", "妥善保管。"]
        exchange_time = "恢复后 30 日内"
        phone = "0000-1"
        stamp = "财务应急专用章"
        insured = ["凭医保卡到二楼补结算。"]
    """
    said = _paper("insured-pending", text)
    for words in (
        *("练习医院应急收据", "应急临时凭证,不作报销凭证。", "妥善保管。", "设置里的地点", "恢复后 30 日内"),
        *("0000-1", "财务应急专用章", "凭医保卡到二楼补结算。"),
    ):
        assert words in said, words
    assert "设置里的话" not in said
    assert "当地医保通知" in _paper("insured-pending", "")


def test_one_form_may_be_called_otherwise() -> None:
    """A form's own title and wording stand on its paper alone, and a title for receipts on no refund."""
    text = '[words]\ntitle = "应急收据"\n[forms.deposit]\ntitle = "住院预交金白条"\nwording = ["出院结算时收回。"]\n'
    assert "住院预交金白条" in _paper("deposit", text)
    assert "出院结算时收回。" in _paper("deposit", text)
    assert "应急收据\n" in _paper("charge", text)
    assert "退费" in _paper("refund", text)
    assert "Provisional deposit receipt" in _paper("deposit", text, "en")


@pytest.mark.parametrize("language", get_args(Language))
def test_blocks_stand_in_the_order_asked_for(language: Language) -> None:
    """A hospital that wants the exchange first, and no traces or stamp, gets that on its receipts."""
    order = ["number", "exchange", "warning", "people", "lines", "money", "operator", "formal", "sign"]
    text = f"[forms.charge]\norder = {[*order, 'wording', 'code']}\n"
    said = _paper("charge", text, language)
    place, patient, total = (said.index(words) for words in ("设置里的地点", "练习张三", "90.00"))
    assert place < patient < total
    assert "6465" not in said
    assert "应急专用章" not in said
    assert "Emergency stamp" not in said
    assert said.count("---\n") >= 3


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("format = 1\n[words]\ncolour = 1\n", 3, "words.colour"),
        ("[words]\nwording = 'x'\n", 2, "words.wording"),
        ("[words]\nwording = ['x', '']\n", 2, "words.wording.1"),
        ("[forms.chargee]\ntitle = 'x'\n", 1, "no form is called chargee"),
        ("\n[forms.charge]\norder = ['number', 'people']\n", 3, "may not be left out"),
        ("[forms.charge]\norder = ['number', 'number']\n", 2, "stands twice"),
        ("[forms.charge]\norder = ['picture']\n", 2, "forms.charge.order.0"),
        ("[forms.charge]\nparts = ['a', 'b', 'c', 'd']\n", 2, "forms.charge.parts"),
        ("[forms.charge]\nparts = ['a']\nparts_en = ['a', 'b']\n", 1, "different numbers"),
        ("format = 2\n", 1, "format"),
    ],
)
def test_a_wrong_template_is_refused_with_its_line(tmp_path: Path, text: str, line: int, says: str) -> None:
    """The refusal names file, line, key and the page that lists every key."""
    path = tmp_path / "paper.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(RefusedInputError) as refused:
        read_template(path)
    assert f"paper.toml 第 {line} 行" in refused.value.what
    assert says in refused.value.what
    assert "docs/papers.md" in refused.value.then


@pytest.mark.parametrize("block", [block for block in BLOCKS if block not in MAY_BE_LEFT_OUT])
def test_what_a_paper_must_say_cannot_be_left_out(tmp_path: Path, block: str) -> None:
    """No hospital can print a receipt without its number, its worth, its money, its code, or "not an invoice"."""
    path = tmp_path / "paper.toml"
    path.write_text(f"[forms.charge]\norder = {[one for one in BLOCKS if one != block]}\n", "utf-8")
    with pytest.raises(RefusedInputError, match=f"{block} may not be left out"):
        read_template(path)


def test_a_bad_template_never_stops_a_receipt(desk: Desk) -> None:
    """While the file is wrong papers come out as shipped and the screen says so; mended, it is in force at once."""
    entry = stand(desk.book, charge())
    before = as_text(receipt_of(desk, entry, 1))
    _written(desk.home.path, "[words]\ntitle = = 3\n")
    assert as_text(receipt_of(desk, entry, 1)) == before
    found = found_template(desk.home.path)
    assert "paper.toml" in found.words
    assert found.words in template_words(found.words)
    _written(desk.home.path, '[words]\ntitle = "练习医院应急收据"\n')
    assert found_template(desk.home.path).words == ""
    assert "练习医院应急收据" in as_text(receipt_of(desk, entry, 1))
    template_path(desk.home.path).unlink()
    assert as_text(receipt_of(desk, entry, 1)) == before


def test_parts_have_the_names_the_hospital_gives_them() -> None:
    """Through carbon paper all names stand at the bottom; on a roll and on single sheets each part is a print."""
    template = PaperTemplate.model_validate({"forms": {"charge": {"parts": ["患者联", "财务联"]}}})
    entry, _copy = SAMPLES["charge"]
    receipt = receipt_lines(entry, letterhead_of(SETTINGS, "zh", template, "charge"), language="zh")
    carbon = PrinterSettings(kind="escp", device="-", parts=3)
    assert part_feet(carbon, receipt) == ["患者联   财务联   第三联 记账"]
    assert part_feet(carbon.model_copy(update={"carbon": False}), receipt) == ["患者联", "财务联"]
    assert part_feet(PrinterSettings(kind="escp", device="-"), receipt) == ["患者联", "财务联"]
    rolls = parts_on_roll(receipt)
    assert ["患者联" in as_text(one) for one in rolls] == [True, False]
    assert all(any(isinstance(row, Codes) for row in one.rows) for one in rolls)
    assert any(isinstance(row, Stamp) for row in receipt.rows)
