"""The people of the practice hospital: every name, number and address is made up and looks it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from random import Random

PATIENTS, VISITS_TODAY, VISITS_BEFORE, IN_BED = 2_000, 400, 300, 200

_SURNAMES = (
    "王王王王李李李李张张张张刘刘刘陈陈陈杨杨黄黄赵赵吴周徐孙马朱胡郭何林高罗郑梁谢"
    "宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金"
    "韦贾夏付方邹熊白孟秦邱侯江尹薛段雷黎史陶贺毛郝顾龚邵万覃武钱单仇区解"
)
_GIVEN_NAMES = (
    "伟 芳 娜 敏 静 丽 强 磊 军 洋 勇 艳 杰 娟 "
    "涛 明 超 霞 平 刚 桂英 秀兰 建国 建华 国强 志强 志明 海燕 "
    "晓东 晓燕 春梅 玉兰 玉珍 文斌 文静 子涵 子轩 浩然 梓萱 梓涵 欣怡 雨桐 "
    "雨泽 佳琪 诗涵 宇轩 俊杰 博文 一诺 思远 嘉豪 雅婷 婷婷 丽华 丽娟 红梅 "
    "淑珍 淑芬 凤英 金花 德明 永强 立新 小红 小明 长春 重阳 乐乐 若曦 可欣 "
)
_ALLERGIES = ("", "", "", "", "", "", "", "青霉素", "头孢", "磺胺", "海鲜", "碘造影剂")

DEPARTMENTS = (
    ("PX01", "急诊科", "临床", "练习楼一层东"),
    ("PX02", "内科", "临床", "练习楼二层"),
    ("PX03", "外科", "临床", "练习楼三层"),
    ("PX04", "妇产科", "临床", "练习楼四层"),
    ("PX05", "儿科", "临床", "练习楼一层西"),
    ("PX06", "骨科", "临床", "练习楼五层"),
    ("PX07", "五官科", "临床", "练习楼六层"),
    ("PX08", "中医康复科", "临床", "练习楼七层"),
    ("PX09", "检验科", "医技", "医技楼一层"),
    ("PX10", "放射科", "医技", "医技楼二层"),
    ("PX11", "超声科", "医技", "医技楼三层"),
    ("PX12", "功能检查科", "医技", "医技楼四层"),
    ("PX13", "门诊药房", "药房", "练习楼一层南"),
    ("PX14", "收费处", "窗口", "练习楼一层大厅"),
    ("PX15", "信息科", "行政", "行政楼"),
)
_BEDDED = ("PX02", "PX02", "PX03", "PX04", "PX05", "PX06")

_STAFF = (
    ("1001", "练习员王敏", "cashier", "PX14"),
    ("1002", "练习员李娜", "cashier", "PX14"),
    ("1003", "练习员曾静", "cashier", "PX14"),
    ("1004", "练习员周涛", "cashier", "PX14"),
    ("1005", "练习员单丽", "cashier;supervisor", "PX14"),
    ("1006", "练习员陈立新", "supervisor", "PX14"),
    ("2001", "练习员刘芳", "nurse", "PX01"),
    ("2002", "练习员赵艳", "nurse", "PX02"),
    ("2003", "练习员孙娟", "nurse", "PX03"),
    ("2004", "练习员吴霞", "nurse", "PX04"),
    ("2005", "练习员马红梅", "nurse;supervisor", "PX05"),
    ("3001", "练习员郑强", "pharmacist", "PX13"),
    ("3002", "练习员何文静", "pharmacist", "PX13"),
    ("3003", "练习员仇磊", "pharmacist", "PX13"),
    ("3004", "练习员高志明", "pharmacist;supervisor", "PX13"),
    ("4001", "练习员林杰", "it", "PX15"),
    ("4002", "练习员罗超", "it;administrator", "PX15"),
    ("4003", "练习员谢平", "auditor", "PX15"),
    ("4004", "练习员蒋思远", "organiser", "PX15"),
    ("5001", "练习医生李建国", "doctor", "PX02"),
    ("5002", "练习医生张秀兰", "doctor", "PX02"),
    ("5003", "练习医生解志强", "doctor", "PX03"),
    ("5004", "练习医生黄刚", "doctor", "PX03"),
    ("5005", "练习医生杨桂英", "doctor", "PX04"),
    ("5006", "练习医生徐欣怡", "doctor", "PX05"),
    ("5007", "练习医生郭军", "doctor", "PX06"),
    ("5008", "练习医生区伟", "doctor", "PX01"),
    ("5009", "练习医生唐德明", "doctor", "PX01"),
    ("5010", "练习医生冯雅婷", "doctor", "PX07"),
    ("5011", "练习医生曹淑珍", "doctor", "PX08"),
    ("9001", "练习员钱离职", "cashier", "PX14"),
)
_TITLES = {"doctor": "主治医师", "nurse": "护师", "pharmacist": "药师"}
_LEFT = "9001"


def department_rows() -> Iterator[dict[str, str]]:
    """Yield the rows of ``departments``."""
    for code, name, kind, location in DEPARTMENTS:
        yield {"code": code, "name": name, "kind": kind, "location": location}


def staff_rows() -> Iterator[dict[str, str]]:
    """Yield the rows of ``staff``; the last one has left."""
    for number, name, roles, department in _STAFF:
        yield {
            "number": number,
            "name": name,
            "roles": roles,
            "department": department,
            "title": _TITLES.get(roles.partition(";")[0], ""),
            "leaver": "1" if number == _LEFT else "0",
        }


def patient_number(place: int) -> str:
    """Return the number of the ``place``-th patient; the prefix PX says practice."""
    return f"PX{place:06d}"


def patient_rows(today: date, random: Random) -> Iterator[dict[str, str]]:
    """Yield the rows of ``patients``: names drawn from lists, id numbers of a region that does not exist."""
    given = _GIVEN_NAMES.split()
    for place in range(1, PATIENTS + 1):
        female = random.random() < 0.52  # noqa: PLR2004 (a hospital's usual share)
        born = today - timedelta(days=int(random.triangular(30, 36_000, 22_000)))
        check = "0123456789X"[random.randrange(11)]
        yield {
            "number": patient_number(place),
            "name": random.choice(_SURNAMES) + random.choice(given),
            "sex": "female" if female else "male",
            "birth_date": born.isoformat(),
            "id_number": f"999999{born:%Y%m%d}{place % 1000:03d}{check}",
            "phone": f"100{random.randrange(10**8):08d}",
            "card": f"9{place * 7919 % 10**9:09d}",
            "payer_kind": random.choice(("self", "insured", "insured")),
            "allergy": random.choice(_ALLERGIES),
            "address": f"练习省练习市演练路{random.randrange(1, 400)}号",
        }


def visit_rows(today: date, random: Random) -> Iterator[dict[str, str]]:
    """Yield the rows of ``visits``: those of today and of the two weeks before."""
    doctors: dict[str, list[str]] = {code: [] for code, *_rest in DEPARTMENTS}
    for number, _name, roles, department in _STAFF:
        if "doctor" in roles:
            doctors[department].append(number)
    staffed = [code for code, numbers in doctors.items() if numbers]
    for place in range(1, VISITS_TODAY + VISITS_BEFORE + 1):
        day = today if place <= VISITS_TODAY else today - timedelta(days=random.randrange(1, 15))
        department = random.choice(staffed)
        yield {
            "number": f"PXV{place:06d}",
            "patient": patient_number(random.randrange(IN_BED + 1, PATIENTS + 1)),
            "kind": "emergency" if department == "PX01" else "outpatient",
            "department": department,
            "doctor": random.choice(doctors[department]),
            "started_at": f"{day}T{random.randrange(7, 12):02d}:{random.randrange(60):02d}:00+08:00",
        }


def inpatient_rows(today: date, random: Random) -> Iterator[dict[str, str]]:
    """Yield the rows of ``inpatients``: the census, two beds with the same surname here and there."""
    names = {code: name for code, name, *_rest in DEPARTMENTS}
    doctors = {"PX02": "5001", "PX03": "5003", "PX04": "5005", "PX05": "5006", "PX06": "5007"}
    for place in range(1, IN_BED + 1):
        department = _BEDDED[place % len(_BEDDED)]
        admitted = today - timedelta(days=random.randrange(20))
        yield {
            "number": f"PXZ{place:06d}",
            "patient": patient_number(place),
            "department": department,
            "ward": f"{names[department]}病区",
            "bed": f"{place // len(_BEDDED) + 1}床",
            "doctor": doctors[department],
            "admitted_at": f"{admitted.isoformat()}T09:{random.randrange(60):02d}:00+08:00",
            "payer_kind": random.choice(("self", "insured")),
            "deposit": f"{random.choice((500, 1000, 2000, 3000, 5000))}.00",
        }
