"""A made-up hospital of any size as an intake set, for the benchmarks."""

from __future__ import annotations

import hashlib
import json
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TAKEN_AT = "2026-11-22T04:00:00.000+08:00"
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓韩"
    "冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈单仇区解"
)
GIVEN = (
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉建华国"
    "红志海燕玲林云飞雪梅春晓东子涵轩宇浩然欣怡梓萱佳琪雨泽博思远"
)
TERMS = (
    "血常规胸部平扫心电图肝功能肾检查注射静脉输液护理级手术治疗换"
    "药大小清创缝合超声彩色磁共振增强造影测定葡萄糖尿酸蛋白抗体病毒"
)


def patient_lines(count: int) -> Iterator[str]:
    """Yield the lines of patients.csv, headings first."""
    random = Random("patients")
    yield "number,name,sex,birth_date,id_number,phone,card,payer_kind,allergy,address"
    for place in range(count):
        name = random.choice(SURNAMES) + "".join(random.choices(GIVEN, k=random.choice((1, 2, 2))))
        number = random.randrange(10**8)
        yield (
            f"PX{place:07d},{name},女,19{place % 90 + 10}-0{place % 9 + 1}-15,999999{number:08d}0001,"
            f"100{number:08d},9{number:08d},self,,练习路{place % 900}号"
        )


def item_lines(count: int) -> Iterator[str]:
    """Yield the lines of items.csv, headings first."""
    random = Random("items")
    yield "code,name,spec,unit,price,department,uses"
    for place in range(count):
        name = "".join(random.choices(TERMS, k=random.randint(4, 12)))
        yield f"25{place:07d},{name},,次,{place % 900 + 1}.50,PX{place % 15:02d},{random.randrange(900)}"


def write_large_set(folder: Path, *, version: int, patients: int, items: int) -> None:
    """Write a set with that many patients and items into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for table, lines in (("items", item_lines(items)), ("patients", patient_lines(patients))):
        path = folder / f"{table}.csv"
        with path.open("w", encoding="utf-8", newline="\n") as handle:
            rows = sum(handle.write(line + "\n") > 0 for line in lines) - 1
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        files.append({"table": table, "file": path.name, "rows": rows, "sha256": digest})
    manifest = {"version": version, "taken_at": TAKEN_AT, "encoding": "utf-8", "files": files}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
