"""How names are ordered and found: a pinyin sort key, and grams for a core GIN index."""

import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache

from pypinyin.constants import PHRASES_DICT, PINYIN_DICT
from pypinyin.contrib.tone_convert import to_tone3

LONGEST_PHRASE = 4

# Read otherwise as a surname than alone; pypinyin knows phrases, not persons.
SURNAMES: Mapping[str, str] = {
    "曾": "zeng1",
    "单": "shan4",
    "解": "xie4",
    "仇": "qiu2",
    "区": "ou1",
    "任": "ren2",
    "华": "hua4",
    "查": "zha1",
    "朴": "piao2",
    "盖": "ge3",
    "尉迟": "yu4 chi2",
    "万俟": "mo4 qi2",
}


def normalised(text: str) -> str:
    """The text as search compares it: NFKC, casefolded, without spaces."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def sort_key(name: str, *, person: bool = False) -> str:
    """A key that sorts by bytes as a Chinese dictionary does: syllable, tone, character.

    A person's surname is read as one. Ties are left to the row's id.
    """
    text = normalised(name)
    known = next((s for s in SURNAMES if text.startswith(s)), "") if person else ""
    readings = [*SURNAMES[known].split(), *_readings(text[len(known) :])] if known else None
    return "".join(
        reading + character if reading != character else character
        for reading, character in zip(readings or _readings(text), text, strict=True)
    )


def grams(text: str) -> list[str]:
    """Every character and every pair of neighbours of the text, each once, sorted."""
    plain = normalised(text)
    return sorted({*plain, *_pairs(plain)})


def search_grams(query: str) -> list[str]:
    """What the grams of a name must contain if the name contains the query.

    Necessary, not sufficient: pairs may stand apart in the name, so compare ``normalised`` too
    where that matters. Nothing to search for gives no grams, which every name contains.
    """
    plain = normalised(query)
    return sorted(set(_pairs(plain))) or sorted(plain)


def _pairs(plain: str) -> Sequence[str]:
    return [plain[i : i + 2] for i in range(len(plain) - 1)]


def _readings(text: str) -> list[str]:
    """One reading a character: the longest known phrase from the left, else the usual one.

    pypinyin's own segmentation takes a millisecond a name; a nation has two million.
    """
    phrases = _phrases()
    readings: list[str] = []
    i = 0
    while i < len(text):
        for length, known in phrases.get(text[i], ()):
            found = known.get(text[i : i + length])
            if found is not None:
                readings += found
                i += length
                break
        else:
            readings.append(_reading(text[i]))
            i += 1
    return readings


@cache
def _reading(character: str) -> str:
    raw = _raw_reading(character)
    return _toned(raw) if raw else character


def _raw_reading(character: str) -> str:
    return PINYIN_DICT.get(ord(character), "").partition(",")[0]


@cache
def _toned(syllable: str) -> str:
    """The syllable with its tone as a digit behind it, the neutral tone as 5."""
    return to_tone3(syllable, neutral_tone_with_five=True)


@cache
def _phrases() -> Mapping[str, Sequence[tuple[int, Mapping[str, Sequence[str]]]]]:
    """The phrases in which a character is not read as it usually is.

    By first character, then by length, the longest first.
    """
    phrases: dict[str, dict[int, dict[str, Sequence[str]]]] = {}
    for phrase, syllables in PHRASES_DICT.items():
        if len(phrase) == len(syllables) <= LONGEST_PHRASE and any(
            s[0] != _raw_reading(c) for s, c in zip(syllables, phrase, strict=True)
        ):
            read = [_toned(syllable[0]) for syllable in syllables]
            phrases.setdefault(phrase[0], {}).setdefault(len(phrase), {})[phrase] = read
    return {
        first: sorted(known.items(), key=lambda pair: -pair[0]) for first, known in phrases.items()
    }
