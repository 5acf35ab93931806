"""What the practice hospital charges for: names as such things are called, prices made up.

services.txt and packages.txt beside this file hold the lists; imaging is every method on every part.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ITEMS = 600

_FOLDER = Path(__file__).parent
_X_RAY = (
    "胸部 腹部 颈椎 胸椎 腰椎 骨盆 髋关节 膝关节 踝关节 肩关节 肘关节 腕关节 手部 足部 头颅 鼻骨 跟骨 锁骨"
)
_CT = "头颅 胸部 上腹部 下腹部 盆腔 颈椎 胸椎 腰椎 鼻窦 眼眶 颞骨 颈部 肾脏 膝关节 髋关节"
_MR = "头颅 颈椎 胸椎 腰椎 上腹部 盆腔 膝关节 肩关节 髋关节 踝关节 垂体 前列腺 乳腺"
_ULTRASOUND = (
    "腹部 肝胆 泌尿系 妇科 产科 甲状腺 乳腺 "
    "颈动脉 下肢动脉 下肢静脉 心脏 阑尾 胃肠 "
    "浅表肿物 阴囊 前列腺 胸腔 新生儿颅脑"
)


def _imaging() -> Iterator[tuple[str, str, str, str]]:
    """Yield department, category, name, price of everything that is a method and a part of the body."""
    for part in _X_RAY.split():
        yield "PX10", "放射费", f"{part}X线正位", "48"
        yield "PX10", "放射费", f"{part}X线正侧位", "76"
    for part in _CT.split():
        yield "PX10", "CT费", f"{part}CT平扫", "190"
        yield "PX10", "CT费", f"{part}CT增强", "380"
    for part in _MR.split():
        yield "PX10", "磁共振费", f"{part}磁共振平扫", "420"
        yield "PX10", "磁共振费", f"{part}磁共振增强", "680"
    for part in _ULTRASOUND.split():
        yield "PX11", "超声费", f"{part}彩超", "110"
        yield "PX11", "超声费", f"{part}彩超(床旁)", "150"


_EXTRAS = ("加收(夜间)", "加收(节假日)", "加收(床旁)")

_ALIASES = {
    "血常规": "CBC 血细胞分析", "尿常规": "UA 尿分析", "常规心电图": "ECG 心电图", "肝功能": "LFT",
    "肾功能": "RFT", "胸部CT平扫": "CHEST CT", "电子胃镜": "胃镜", "电子结肠镜": "肠镜",
    "血气分析": "ABG", "静脉输液": "打点滴 IV", "肌肉注射": "打针 IM", "心肺复苏": "CPR", "糖化血红蛋白": "HbA1c",
    "凝血四项": "PT APTT", "血糖": "GLU",
}  # fmt: skip


def told_lines(name: str) -> list[str]:
    """Return the lines of a text file beside this one, without comments and blank lines."""
    lines = (_FOLDER / name).read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def item_rows() -> Iterator[dict[str, str]]:
    """Yield the rows of ``items``; codes of nine digits, the first four by department and category."""
    number, place, group = 0, 0, ["", "", ""]
    for line in told_lines("services.txt"):
        if line.startswith("["):
            group, place = line.strip("[]").split("|"), 0
            continue
        words = line.split()
        for name, price in zip(words[::2], words[1::2], strict=True):
            number, place = number + 1, place + 1
            yield _item(number, name, price, group, 900 // place)
    imaging = list(_imaging())
    for place, (department, category, name, price) in enumerate(imaging):
        number += 1
        yield _item(number, name, price, [department, category, "部位"], 300 // (place % 36 + 1))
    for place, (department, category, name, _price) in enumerate(imaging):
        if number >= ITEMS:
            return
        number += 1
        extra = f"{name}{_EXTRAS[place % len(_EXTRAS)]}"
        yield _item(number, extra, "30", [department, category, "次"], 0)


def _item(number: int, name: str, price: str, group: list[str], uses: int) -> dict[str, str]:
    department, category, unit = group
    return {
        "code": f"25{department[2:]}{number:05d}",
        "name": name,
        "unit": unit,
        "price": price,
        "category": category,
        "department": department,
        "alias": _ALIASES.get(name, ""),
        "uses": str(uses),
    }


def package_rows() -> Iterator[dict[str, str]]:
    """Yield the rows of ``packages``."""
    for number, line in enumerate(told_lines("packages.txt"), 1):
        name, _, rest = line.partition("|")
        department = rest.split()[0]
        yield {
            "code": f"TC{number:03d}",
            "name": name,
            "unit": "套",
            "department": department,
            "uses": str(200 // number),
        }


def package_line_rows() -> Iterator[dict[str, str]]:
    """Yield the rows of ``package_lines``."""
    codes = {row["name"]: row["code"] for row in item_rows()}
    for number, line in enumerate(told_lines("packages.txt"), 1):
        for position, name in enumerate(line.partition("|")[2].split()[1:], 1):
            yield {
                "package": f"TC{number:03d}",
                "position": str(position),
                "code": codes[name],
                "quantity": "1",
            }
