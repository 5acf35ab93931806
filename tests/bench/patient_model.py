"""Made-up patients of a large hospital, and what a registration desk makes of some of them.

The corruption model, each by chance and on its own: no identity number, one digit of it wrong, a homophone or another
character in the name, the name in pinyin, an age for a birth date, a phone left out or one digit off, the sex unknown.
Families share a phone, twins a birth date too. Somebody in four is not in the list at all, and one in fifty is nobody.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import TYPE_CHECKING

from downtime.patient_match_names import readings
from downtime.patient_match_people import Person

if TYPE_CHECKING:
    from collections.abc import Iterable

_SURNAMES = (
    "王王王王王王王李李李李李李李张张张张张张刘刘刘刘陈陈陈陈杨杨杨黄黄赵赵吴吴周周徐孙马朱胡郭何林高罗郑梁谢"
    "宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金"
    "韦贾夏付方邹熊白孟秦邱侯江尹薛段雷黎史陶贺毛郝顾龚邵万覃武钱单仇区解"
)
_GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英秀兰建国华志文海燕晓东春梅玉珍斌子涵轩浩然梓萱欣怡雨桐泽佳琪"
    "诗宇俊博一诺思远嘉豪雅婷红淑芬凤金花德永立新小长重阳若曦可婧境镜鹏朋彭峰锋丰洪宏虹鸿辉晖慧惠会琳林霖"
)
SEEN_ON = "2026-03-02"
CHANCES = {
    "no identity number": 0.6,
    "identity number one digit off": 0.05,
    "homophone in the name": 0.08,
    "another character in the name": 0.04,
    "name in pinyin": 0.05,
    "another surname": 0.01,
    "age instead of the birth date": 0.35,
    "neither age nor birth date": 0.05,
    "birth date one digit off": 0.05,
    "no phone": 0.2,
    "another phone": 0.1,
    "phone one digit off": 0.05,
    "sex unknown": 0.05,
    "not in the list": 0.25,
    "nobody knows the name": 0.02,
}


@cache
def _homophones() -> dict[str, list[str]]:
    by_sound: dict[str, list[str]] = defaultdict(list)
    for sign in dict.fromkeys(_GIVEN):
        by_sound[readings(sign)[0]].append(sign)
    return by_sound


def made_people(count: int, seed: int = 1) -> list[Person]:
    """Return ``count`` patients of a list; about a tenth belong to families, some are twins."""
    chance = Random(seed)
    people: list[Person] = []
    while len(people) < count:
        person = _made(chance, len(people))
        people.append(person)
        if chance.random() < 0.1 and len(people) < count:
            people.append(_relative(chance, person, len(people)))
    return people


def _made(chance: Random, n: int) -> Person:
    sex = chance.choice(("male", "female"))
    name = chance.choice(_SURNAMES) + "".join(chance.choices(_GIVEN, k=chance.choice((1, 2, 2, 2))))
    born = date(1936, 1, 1) + timedelta(days=chance.randrange(89 * 365))
    return Person(
        number=f"P{n:07d}",
        name=name,
        sex=sex,
        birth_date=born.isoformat(),
        phone=_phone(chance) if chance.random() < 0.85 else "",
        id_number=_identity(chance, born, sex) if chance.random() < 0.8 else "",
        card=f"C{n:08d}",
    )


def _relative(chance: Random, person: Person, n: int) -> Person:
    """Return a twin, or somebody of another age, with the same phone."""
    is_twin = chance.random() < 0.2
    made = _made(chance, n)
    born = date.fromisoformat(person.birth_date if is_twin else made.birth_date)
    name = person.name[0] + (person.name[1:-1] if is_twin else "") + chance.choice(_GIVEN)
    identity = _identity(chance, born, made.sex) if made.id_number else ""
    return replace(made, name=name, birth_date=born.isoformat(), phone=person.phone, id_number=identity)


def _phone(chance: Random) -> str:
    return f"1{chance.choice((38, 39, 58, 86, 77))}{chance.randrange(10**8):08d}"


def _identity(chance: Random, born: date, sex: str) -> str:
    order = chance.randrange(0, 999) // 2 * 2 + (sex == "male")
    digits = f"{chance.choice((110101, 310104, 440106, 510107))}{born:%Y%m%d}{order:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return digits + "10X98765432"[sum(w * int(d) for w, d in zip(weights, digits, strict=True)) % 11]


def told_at_the_desk(
    people: list[Person], count: int, seed: int = 2
) -> tuple[list[Person], dict[str, str], list[Person]]:
    """Return temporary patients, the true number of each that is in the list, and the list without the others."""
    chance = Random(seed)
    chosen = chance.sample(range(len(people)), count)
    told, truth, away = [], {}, set()
    for n, k in enumerate(chosen):
        number = f"TPX{n:07d}"
        told.append(_told(chance, people[k], number))
        if chance.random() < CHANCES["not in the list"]:
            away.add(k)
        else:
            truth[number] = people[k].number
    return told, truth, [person for k, person in enumerate(people) if k not in away]


def _told(chance: Random, person: Person, number: str) -> Person:
    def happens(what: str) -> bool:
        return chance.random() < CHANCES[what]

    identity = "" if happens("no identity number") else person.id_number
    if identity and happens("identity number one digit off"):
        identity = _off(chance, identity, range(6, 17))
    phone = "" if happens("no phone") else _phone(chance) if happens("another phone") else person.phone
    if phone and happens("phone one digit off"):
        phone = _off(chance, phone, range(3, 11))
    born, age = person.birth_date, None
    if happens("age instead of the birth date"):
        born, age = "", int(SEEN_ON[:4]) - int(person.birth_date[:4]) + chance.choice((0, 0, 0, 1, 1, -1))
    elif happens("neither age nor birth date"):
        born = ""
    elif happens("birth date one digit off"):
        born = person.birth_date[:-1] + str(chance.randrange(1, 9))
    told = Person(
        number=number,
        name=_name(chance, person.name),
        sex="unknown" if happens("sex unknown") else person.sex,
        birth_date=born,
        age_years=None if age is None else max(age, 0),
        seen_on=SEEN_ON,
        phone=phone,
        id_number=identity,
        temporary=True,
    )
    if happens("nobody knows the name"):
        return replace(told, name="无名氏", identity="unknown_person", phone="", id_number="", birth_date="")
    return told


def _off(chance: Random, digits: str, places: Iterable[int]) -> str:
    at = chance.choice(list(places))
    return digits[:at] + str((int(digits[at]) + chance.randrange(1, 9)) % 10) + digits[at + 1 :]


def _name(chance: Random, name: str) -> str:
    rolled = chance.random()
    for what in (
        "homophone in the name",
        "another character in the name",
        "name in pinyin",
        "another surname",
    ):
        rolled -= CHANCES[what]
        if rolled < 0:
            return _written(chance, name, what)
    return name


def _written(chance: Random, name: str, what: str) -> str:
    if what == "name in pinyin":
        return f"{readings(name[0])[0]} {''.join(readings(sign)[0] for sign in name[1:])}"
    if what == "another surname":
        return chance.choice(_SURNAMES) + name[1:]
    at = chance.randrange(1, len(name))
    alike = _homophones()[readings(name[at])[0]] if what.startswith("homophone") else list(_GIVEN)
    return name[:at] + chance.choice(alike) + name[at + 1 :]
