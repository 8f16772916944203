"""Writes the pairs that come along: an English sentence about animals, and the same in Chinese.

A grammar makes both at once, so there are as many as wanted. Nothing lines up word by word: a place
stands before the verb in Chinese, a relative clause before its noun, each noun has a measure word,
and an instrument decides which verb “play” is. What is held out is who does what: a fox that reads
is in `test.csv` alone. Names are made up, and no name of `test.csv` is in `train.csv`.

    python make_pairs.py            # the same files each time
"""

import csv
import random
import zlib
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent / "aigc_translate" / "pairs"


class Both(NamedTuple):
    """The same in both languages."""

    en: str
    zh: str


class Verb(NamedTuple):
    """Its forms, the parts of the Chinese verb, and what it is done to (a group of things)."""

    base: str
    ing: str
    past: str
    zh: str
    rest: str = ""
    things: str = ""


def table(lines: str) -> list[list[str]]:
    return [line.split() for line in lines.strip().splitlines()]


ANIMALS = {en: (zh, measure) for en, zh, measure in table("""
    fox 狐狸 只
    bear 熊 头
    owl 猫头鹰 只
    rabbit 兔子 只
    hedgehog 刺猬 只
    frog 青蛙 只
    duck 鸭子 只
    turtle 乌龟 只
    horse 马 匹
    cow 奶牛 头
    whale 鲸鱼 头
    dragon 龙 条
    snake 蛇 条
    cat 猫 只
    penguin 企鹅 只
    snail 蜗牛 只
""")}  # fmt: skip
THINGS = {en: (zh, measure, group) for en, zh, measure, group in table("""
    book 书 本 paper
    letter 信 封 paper
    map 地图 张 paper
    poem 诗 首 paper
    apple 苹果 个 food
    pear 梨 个 food
    cake 蛋糕 块 food
    carrot 胡萝卜 根 food
    banana 香蕉 根 food
    hat 帽子 顶 goods
    umbrella 雨伞 把 goods
    lamp 灯 盏 goods
    chair 椅子 把 goods
    bicycle 自行车 辆 goods
    boat 船 条 goods
    clock 钟 座 goods
    kite 风筝 只 goods
    flower 花 朵 goods
    piano 钢琴 架 弹
    guitar 吉他 把 弹
    flute 笛子 支 吹
    trumpet 小号 把 吹
    violin 小提琴 把 拉
    cello 大提琴 把 拉
    drum 鼓 面 打
""")}  # fmt: skip
VERBS = [Verb(*each) for each in table("""
    sleep sleeping slept 睡 觉
    sing singing sang 唱 歌
    dance dancing danced 跳 舞
    swim swimming swam 游 泳
    run running ran 跑 步
""")] + [Verb(base, ing, past, zh, "", things) for base, ing, past, zh, things in table("""
    read reading read 看 paper
    write writing wrote 写 paper
    eat eating ate 吃 food
    buy buying bought 买 any
    draw drawing drew 画 any
    sell selling sold 卖 any
    wash washing washed 洗 goods
    mend mending mended 修 goods
    carry carrying carried 搬 any
""")] + [Verb("play", "playing", "played", "", "", "music")]  # fmt: skip
KINDS = [Both(*each) for each in table("""
    small 小
    big 大
    old 老
    tired 疲倦的
    happy 快乐的
    clever 聪明的
    shy 害羞的
    brave 勇敢的
    white 白色的
    black 黑色的
    hungry 饥饿的
""")]  # fmt: skip
LOOKS = [Both(*each) for each in table("""
    red 红色的
    blue 蓝色的
    green 绿色的
    yellow 黄色的
    new 新
    big 大
    small 小
    old 旧
    broken 破
""")]  # fmt: skip
MORE = {"bigger": "大", "smaller": "小", "older": "老", "happier": "快乐", "cleverer": "聪明",
        "braver": "勇敢", "shyer": "害羞", "hungrier": "饿"}  # fmt: skip
PLACES = [Both(en.replace("_", " "), zh) for en, zh in table("""
    in_the_garden 在花园里
    in_the_forest 在森林里
    in_the_kitchen 在厨房里
    in_the_library 在图书馆里
    on_the_roof 在屋顶上
    on_the_moon 在月亮上
    on_the_train 在火车上
    under_the_table 在桌子下面
    under_the_bridge 在桥下面
    behind_the_school 在学校后面
    behind_the_house 在房子后面
    in_front_of_the_station 在车站前面
    by_the_river 在河边
    by_the_sea 在海边
""")]  # fmt: skip
COUNTS = [Both(*each) for each in table("""
    two 两
    three 三
    four 四
    five 五
    six 六
    seven 七
    eight 八
    nine 九
    ten 十
""")]  # fmt: skip
SYLLABLES = [
    part for line in table("""
    ba be bi bo da de di do fa fi ga go ka ki ko la le li lo ma me mi mo na
    ne ni no pa pi po ra re ri ro sa se si so ta te ti to va ve vi za ze zi zo
""") for part in line
]  # fmt: skip


def plural(noun: str) -> str:
    return noun + ("es" if noun.endswith(("x", "s", "ch", "sh")) else "s")


def with_a(words: str) -> str:
    return ("an " if words[0] in "aeiou" else "a ") + words


class Subject(NamedTuple):
    """Who: the words, whether they are many, and whether it is each of them."""

    en: str
    zh: str
    many: bool = False
    each: bool = False

    @property
    def be(self) -> str:
        return "are" if self.many else "is"


class Writer:
    """Draws sentences whose names are of the `part` of the data that they are for."""

    def __init__(self, rng: random.Random, part: str) -> None:
        self.rng, self.part = rng, part
        self.who = ""

    def often(self, chance: float) -> bool:
        return self.rng.random() < chance

    def name(self) -> str:
        while True:
            name = "".join(self.rng.choices(SYLLABLES, k=self.rng.choice((2, 2, 3)))).capitalize()
            if part_of(name) == self.part:
                return name

    def subject(self, plain: bool = False) -> Subject:
        animal = self.who if self.who else self.rng.choice(list(ANIMALS))
        self.who = ""
        zh, measure = ANIMALS[animal]
        kind = self.rng.choice(KINDS) if self.often(0.4) else Both("", "")
        en, zh = f"{kind.en} {animal}".strip(), kind.zh + zh
        if not plain and self.often(0.15):
            clause = self.clause()
            return Subject(f"the {en} that {clause.en}", f"{clause.zh}的{zh}")
        many = f"{kind.en} {plural(animal)}".strip()
        count = self.rng.choice(COUNTS)
        name = self.name()
        return self.rng.choices(
            [
                Subject(f"the {en}", zh),
                Subject(f"the {many}", f"{zh}们", many=True),
                Subject(with_a(en), f"一{measure}{zh}"),
                Subject(f"this {en}", f"这{measure}{zh}"),
                Subject(f"that {en}", f"那{measure}{zh}"),
                Subject(f"{count.en} {many}", f"{count.zh}{measure}{zh}", many=True),
                Subject(f"every {en}", f"每{measure}{zh}", each=True),
                Subject(f"the {en} {name}", f"{zh}{name}"),
            ],
            (5, 2, 2, 1, 1, 3, 1, 3),
        )[0]

    def clause(self) -> Both:
        place = self.rng.choice(PLACES)
        thing = self.rng.choice([each for each, told in THINGS.items() if told[2] == "food"])
        look = self.rng.choice(LOOKS)
        return self.rng.choice([
            Both(f"lives {place.en}", f"住{place.zh}"),
            Both(f"likes {plural(thing)}", f"喜欢{THINGS[thing][0]}"),
            Both(f"wears {with_a(look.en)} hat", f"戴{look.zh.removesuffix('色的')}帽子"),
        ])  # fmt: skip

    def thing(self, group: str) -> tuple[Both, str]:
        """Something of a group, and which it was."""
        music = "弹吹拉打"
        fit = [
            each for each, told in THINGS.items()
            if told[2] == group or (group == "music" and told[2] in music) or group == "any"
        ]  # fmt: skip
        one = self.rng.choice(fit)
        zh, measure, _group = THINGS[one]
        look = self.rng.choice(LOOKS) if self.often(0.35) else Both("", "")
        en, zh = f"{look.en} {one}".strip(), look.zh + zh
        many = f"{look.en} {plural(one)}".strip()
        count = self.rng.choice(COUNTS)
        found = self.rng.choices(
            [
                Both(with_a(en), f"一{measure}{zh}"),
                Both(f"the {en}", f"那{measure}{zh}"),
                Both(f"this {en}", f"这{measure}{zh}"),
                Both(f"{count.en} {many}", f"{count.zh}{measure}{zh}"),
            ],
            (4, 2, 1, 2),
        )[0]
        return found, one

    def doing(self, verb: Verb) -> tuple[str, str, str]:
        """What is done in English after the verb; the Chinese verb and what comes after it."""
        if not verb.things:
            return "", verb.zh, verb.rest
        what, one = self.thing(verb.things)
        return f" {what.en}", verb.zh or THINGS[one][2], what.zh

    def sentence(self, animal: str, verb: Verb) -> Both:
        self.who = animal
        forms = (
            self.now,
            self.before,
            self.later,
            self.wish,
            self.whether,
            self.where,
            self.not_now,
        )
        kind = self.rng.choices([*forms, self.giving, self.comparing], (5, 4, 2, 2, 2, 1, 2, 1, 1))
        en, zh = kind[0](verb)
        return Both(en[0].upper() + en[1:], zh)

    def at(self, chance: float = 0.55) -> Both:
        place = self.rng.choice(PLACES)
        return Both(f" {place.en}", place.zh) if self.often(chance) else Both("", "")

    def now(self, verb: Verb) -> Both:
        who, at, (what, do, rest) = self.subject(), self.at(), self.doing(verb)
        busy = ("都" if who.each else "正") + (at.zh or "在")
        return Both(f"{who.en} {who.be} {verb.ing}{what}{at.en}.", f"{who.zh}{busy}{do}{rest}。")

    def not_now(self, verb: Verb) -> Both:
        who, at, (what, do, rest) = self.subject(plain=True), self.at(), self.doing(verb)
        if who.each:
            return self.now(verb)
        en = f"{who.en} {who.be} not {verb.ing}{what}{at.en}."
        return Both(en, f"{who.zh}没有{at.zh or '在'}{do}{rest}。")

    def before(self, verb: Verb) -> Both:
        who, at, (what, do, rest) = self.subject(), self.at(), self.doing(verb)
        when = self.rng.choice((Both(" yesterday", "昨天"), Both(" last night", "昨天晚上"),
                                Both(" this morning", "今天早上")))  # fmt: skip
        all_ = "都" if who.each else ""
        en = f"{who.en} {verb.past}{what}{at.en}{when.en}."
        return Both(en, f"{when.zh}{who.zh}{all_}{at.zh}{do}了{rest}。")

    def later(self, verb: Verb) -> Both:
        who, at, (what, do, rest) = self.subject(), self.at(), self.doing(verb)
        when = self.rng.choice((Both(" tomorrow", "明天"), Both(" tonight", "今晚")))
        all_ = "都" if who.each else ""
        en = f"{who.en} will {verb.base}{what}{at.en}{when.en}."
        return Both(en, f"{when.zh}{who.zh}{all_}会{at.zh}{do}{rest}。")

    def wish(self, verb: Verb) -> Both:
        who, at, (what, do, rest) = self.subject(), self.at(), self.doing(verb)
        all_, want = "都" if who.each else "", "want" if who.many else "wants"
        en = f"{who.en} {want} to {verb.base}{what}{at.en}."
        return Both(en, f"{who.zh}{all_}想{at.zh}{do}{rest}。")

    def whether(self, verb: Verb) -> Both:
        who, at, (what, do, rest) = self.subject(plain=True), self.at(), self.doing(verb)
        all_ = "都" if who.each else ""
        en = f"{who.be} {who.en} {verb.ing}{what}{at.en}?"
        return Both(en, f"{who.zh}{all_}{at.zh or '在'}{do}{rest}吗？")

    def where(self, verb: Verb) -> Both:
        who, (what, do, rest) = self.subject(plain=True), self.doing(verb)
        all_ = "都" if who.each else ""
        return Both(
            f"where {who.be} {who.en} {verb.ing}{what}?", f"{who.zh}{all_}在哪里{do}{rest}？"
        )

    def giving(self, _verb: Verb) -> Both:
        who, whom, (what, _one) = (
            self.subject(plain=True),
            self.subject(plain=True),
            self.thing("any"),
        )
        all_ = "都" if who.each else ""
        en = f"{who.en} gave {whom.en} {what.en} yesterday."
        return Both(en, f"昨天{who.zh}{all_}给了{whom.zh}{what.zh}。")

    def comparing(self, _verb: Verb) -> Both:
        who, whom = self.subject(plain=True), self.subject(plain=True)
        more, zh = self.rng.choice(list(MORE.items()))
        all_ = "都" if who.each else ""
        return Both(f"{who.en} {who.be} {more} than {whom.en}.", f"{who.zh}{all_}比{whom.zh}{zh}。")


def part_of(key: str) -> str:
    return "test" if zlib.crc32(key.encode()) % 8 == 0 else "train"


def pairs(part: str, count: int) -> list[Both]:
    """So many different pairs of a part; who does what is never in the other part."""
    rng = random.Random(f"animals {part}")
    done = [(animal, verb) for animal in ANIMALS for verb in VERBS
            if part_of(f"{animal} {verb.base}") == part]  # fmt: skip
    writer, found = Writer(rng, part), dict[Both, None]()
    while len(found) < count:
        pair = writer.sentence(*rng.choice(done))
        found[pair] = None
    return list(found)


def main() -> None:
    """Write both files."""
    HERE.mkdir(exist_ok=True)
    for part, count in (("train", 3000), ("test", 300)):
        with (HERE / f"{part}.csv").open("w", encoding="utf-8", newline="") as file:
            written = csv.writer(file, lineterminator="\n")
            written.writerows([("sentence", "translation"), *pairs(part, count)])


if __name__ == "__main__":
    main()
