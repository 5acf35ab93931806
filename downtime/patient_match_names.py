"""Names as they are compared: Chinese characters, how they sound, Latin letters, and names that are none.

A name told through a window is written by its sound: 张婧 and 张静 are one syllable, 李红 and 李宏 too, and a
foreign passport or an old system gives only ``ZHANG Jing``. So every name has its characters and its sounds.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice, product

from forms.registration import UNKNOWN_PERSON_NAME

_READINGS_MAX = 2
_SOUNDS_MAX = 4
_NAME_MAX = 60
_SURNAME_SOUNDS = {
    "单": "shan", "曾": "zeng", "仇": "qiu", "区": "ou", "解": "xie", "查": "zha", "尉": "yu", "翟": "zhai",
    "乐": "yue", "朴": "piao", "盖": "ge", "覃": "qin", "冼": "xian", "缪": "miao", "员": "yun", "任": "ren",
    "华": "hua", "宁": "ning", "洗": "xian", "黑": "he", "秘": "bi", "繁": "po", "种": "chong", "召": "shao",
}  # fmt: skip
_TWO_CHARACTER_SURNAMES = frozenset(
    {
        *("欧阳", "太史", "端木", "上官", "司马", "东方", "独孤", "南宫", "万俟", "闻人", "夏侯", "诸葛"),
        *("尉迟", "公羊", "赫连", "澹台", "皇甫", "宗政", "濮阳", "公冶", "太叔", "申屠", "公孙", "慕容"),
        *("仲孙", "钟离", "长孙", "宇文", "司徒", "鲜于", "司空", "闾丘", "令狐", "百里", "呼延", "东郭"),
    }
)
_NOBODY = re.compile(r"^(?:无名|无名氏|不详|未知|佚名|某某|不明|unknown|unnamed|johndoe|janedoe|noname)")
_BABY = re.compile(
    r"^(?P<mother>.{2,}?)(?:之)?(?P<which>大子|小子|大女|小女|长子|次子|长女|次女|子|女|婴|婴儿|宝宝|大双|小双|双大|双小|大宝|小宝)"
    r"(?P<place>[一二三四12345ab]?)$"
)
_BABY_PLAIN = frozenset({"子", "女"})
"""After a name without 之 these two are as often part of it: 王子, 李女 are names."""


@dataclass(frozen=True, slots=True)
class NameForms:
    """One name, ready to be compared.

    Attributes:
        text: folded: width and case, letters only; for Latin names the words one after the other.
        sounds: every usual reading without tones and spaces; for a Latin name the turns of its words.
        words: of a Latin name, sorted; else empty.
        surname: its Chinese characters, or "".
        given: the rest.
        mother: of a newborn called after her (李丽之女), folded; else "".
        baby: what the newborn is called beside that, for instance 女 or 大双.
        is_nobody: a name given to a person without one.
    """

    text: str
    sounds: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    surname: str = ""
    given: str = ""
    mother: str = ""
    baby: str = ""
    is_nobody: bool = False

    @property
    def is_latin(self) -> bool:
        """Whether it is written in letters."""
        return bool(self.words)


@lru_cache(maxsize=65_536)
def name_forms(name: str) -> NameForms:
    """Return what is compared of a name; an absurdly long one by its beginning."""
    folded = unicodedata.normalize("NFKC", name[: _NAME_MAX * 2]).casefold()
    text = "".join(filter(str.isalnum, folded))[:_NAME_MAX]
    if not text or _NOBODY.match(text) or text.startswith(UNKNOWN_PERSON_NAME):
        return NameForms(text, is_nobody=True)
    if all(ord(sign) < 0x250 for sign in text):  # noqa: PLR2004 (Latin letters end there)
        return _latin(folded)
    found = _BABY.match(text)
    if found is not None and ("之" in text or found["which"] not in _BABY_PLAIN):
        return NameForms(
            text, mother=found["mother"].removesuffix("之"), baby=found["which"] + found["place"]
        )
    cut = 2 if text[:2] in _TWO_CHARACTER_SURNAMES and len(text) > 2 else 1  # noqa: PLR2004 (characters)
    return NameForms(text, sounds_of(text), surname=text[:cut], given=text[cut:])


def _latin(folded: str) -> NameForms:
    plain = "".join(sign for sign in unicodedata.normalize("NFD", folded) if not unicodedata.combining(sign))
    words = re.findall(r"[0-9a-zß-ɏ]+", plain.replace("'", ""))
    turns = {"".join(words[n:] + words[:n]).replace("v", "u") for n in range(len(words))}
    return NameForms(
        "".join(words), tuple(sorted(turns))[:_SOUNDS_MAX], tuple(sorted(words)), given="".join(words)
    )


def sounds_of(text: str) -> tuple[str, ...]:
    """Return how Chinese text may be read, without tones: the surname's own reading first."""
    parts = [readings(sign) for sign in text]
    usual = parts[0][:1]
    parts[0] = tuple(dict.fromkeys((_SURNAME_SOUNDS.get(text[:1], *usual), *usual)))
    return tuple(dict.fromkeys("".join(one) for one in islice(product(*parts), _SOUNDS_MAX)))


@lru_cache(maxsize=32_768)
def readings(sign: str) -> tuple[str, ...]:
    """Return the usual readings of one character without tone marks; a letter is its own."""
    told = _dictionary().get(ord(sign))
    if told is None:
        return (sign,)
    found = dict.fromkeys(_plain(reading) for reading in told.split(","))
    return tuple(found)[:_READINGS_MAX]


@cache
def _dictionary() -> dict[int, str]:
    from pypinyin.constants import PINYIN_DICT

    return dict(PINYIN_DICT)


def _plain(reading: str) -> str:
    bare = (sign for sign in unicodedata.normalize("NFD", reading) if not unicodedata.combining(sign))
    return "".join(bare).replace("v", "u")


@lru_cache(maxsize=65_536)
def southern(sound: str) -> str:
    """Return a sound without what many speakers do not keep apart: zh z, ch c, sh s, l n, -ng -n."""
    for heard, kept in (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"), ("l", "n")):
        sound = sound.replace(heard, kept)
    return sound
