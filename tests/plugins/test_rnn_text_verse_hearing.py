"""Rhyme groups and tones that are heard in poems: made-up ones, where the right answer is known."""

import numpy as np
from rnn_text.verse.hearing import communities, hear

WORDS = "".join(chr(0x4E00 + n) for n in range(240))
LEVEL, OBLIQUE = WORDS[:120], WORDS[120:]
RHYMES = [LEVEL[start : start + 12] for start in range(0, 120, 12)]


def poems(count: int) -> list[str]:
    """Regulated quatrains of five: any characters of the tones that the pattern wants."""
    source = np.random.default_rng(5)
    tones = ("oollo", "llool", "llloo", "oooll")
    found = []
    for number in range(count):
        rhymes = source.permutation(list(RHYMES[number % 10]))
        lines = []
        for at, pattern in enumerate(tones):
            line = [str(source.choice(list(LEVEL if each == "l" else OBLIQUE))) for each in pattern]
            if at % 2:
                line[-1] = str(rhymes[at // 2])
            lines.append("".join(line))
        found.append("，".join(lines) + "。")
    return found


def test_what_rhymes_is_one_group_and_tones_are_told() -> None:
    heard = hear(poems(2000))
    found = {frozenset(each.characters) for each in heard.groups}
    assert found == {frozenset(each) for each in RHYMES}
    assert {each.tone for each in heard.groups} == {"level"}
    assert all(each.name == "平声" + each.characters[0] for each in heard.groups)
    assert set(heard.level) == set(LEVEL)
    assert set(heard.oblique) == set(OBLIQUE)


def test_poems_without_rhyme_or_form_say_nothing() -> None:
    heard = hear(["", "一二三", "Hello, world.", "床前明月，疑是地霜"])
    assert (heard.groups, heard.level, heard.oblique) == ((), "", "")
    assert hear([]).groups == ()


def test_communities_are_those_who_know_each_other() -> None:
    weights = np.zeros((6, 6))
    for a, b in ((0, 2), (2, 4), (0, 4), (1, 3), (3, 5), (1, 5)):
        weights[a, b] = weights[b, a] = 1.0
    weights[0, 1] = weights[1, 0] = 0.2
    labels = communities(weights)
    assert labels[0] == labels[2] == labels[4]
    assert labels[1] == labels[3] == labels[5]
    assert labels[0] != labels[1]
