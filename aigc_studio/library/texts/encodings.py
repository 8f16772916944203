"""Which encoding the bytes of a text are in, when no mark says it.

Each candidate decodes a sample, and what comes out is judged by how usual its characters are in
the writing that the encoding is for. That tells even a short line of Shift-JIS from GB18030.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache

_sample_bytes = 16_384
_sense = 0.25
_around = 2048
_high_byte = re.compile(rb"[\x80-\xff]")
_replaced = "\ufffd"
_utf8_character = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")

_kana = "".join(map(chr, (*range(0x3041, 0x3094), *range(0x30A1, 0x30F7), 0x30FC)))
_east = "，。、！？：；“”‘’「」『』（）《》…—　・～０１２３４５６７８９"
_simplified = (
    "的一是不了人我在有他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对"
    "可她里后小么心多天而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公"
    "同三已老从动两长知样现分将外但身些与高意进把法此实回二理美点月明其种声全工己话儿者向情部正名"
    "定女问力机给等几很业最间新什打便位因重被走电四第门相次东海口使教西再平真听世气信少关并内加化"
    "由却代入先山五太水万市眼体别处总才场师书比住员笑性通目报立马命张活难神数件安表原车白应路期叫"
    "死常感金何更反合放做系计或利受光王果亲界及今务解各物边共风接它许特觉望直服林题南度色字请交爱"
    "让认论百吃怎结思每青花快条变言往近留红夜春晓雨鸟落床霜举低故乡"
)
_traditional = (
    "的一是不了人我在有他這中大來上國個到說們為子和你地出道也時年得就那要下以生會自著去之過家學對"
    "可她裡後小麼心多天而能好都然沒日於起還發成事只作當想看文無開手十用主行方又如前所本見經頭面公"
    "同三已老從動兩長知樣現分將外但身些與高意進把法此實回二理美點月明其種聲全工己話兒者向情部正名"
    "定女問力機給等幾很業最間新什打便位因重被走電四第門相次東海口使教西再平真聽世氣信少關並內加化"
    "由卻代入先山五太水萬市眼體別處總才場師書比住員笑性通目報立馬命張活難神數件安表原車白應路期叫"
    "死常感金何更反合放做系計或利受光王果親界及今務解各物邊共風接它許特覺望直服林題南度色字請交愛"
    "讓認論百吃怎結思每青花快條變言往近留紅夜春曉雨鳥落床霜舉低故鄉"
)
_kanji = (
    "日一人年大十二本中長出三時行見月分後前生五間上東四今金九入学高円子外八六下来気小七山話女北"
    "百書先名川千水半男西電校語土木聞食車何南万毎白天母火右読友左休父雨国会社事自者地業方新場員"
    "立開手力問代明動京目通言理体田主題意不作用度強公持野以思家世多正安院心界教文元重近考画海売"
    "知道集別物使品計死特私始朝運終台広住真有口少町料工建空急止送切転研足究楽起着店病質待試族銀"
    "早映親験英医仕去味写字答夜音注帰歌悪図室歩風紙黒花春赤青館屋色走秋夏習洋旅服夕借曜飲肉貸堂"
    "無名前猫所見当"
)
_hangul = (
    "이다는의에가을를고하지은로한도기사나대어리자시아그인서것으해과들스라보수일정부만제전성장와있"
    "었면우여구무게적주년니안했상거아원위동공말되습내없생각때모오유경조소방신비세치바러던여려라까"
    "마음중학국실문화개연현관선며계속같또로된였저너른좋함께갑날씨그녀답알매침삼살않지았두중요"
)
_western = "éèêëàâäáãåæçñöôóòõøœüûùúíîïìßÉÈÀÇÄÖÜÅØÑÁÍÓÚ’‘“”„–—…«»°€£§©®•¿¡"
_central = "ąćęłńóśźżáčďéěíňřšťúůýžőűöüäâîşţôľĺŕđŁŚŻŹĆČŘŠŽ„”“–—…’»«"
_turkish = "ığşöçüâîİĞŞÖÇÜ’“”–—"
# The letters of a script in the order of how often they are written.
_cyrillic = "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфёіїєґъ"
_greek = "αοιετσνηυρπκμλςωάίέόδγήχθφύώβξζψϊϋ"
_hebrew = "יוהלאתרבשמנחדקעכפטסגזצםןךףץ"
_arabic = "اليمنوتربهةعدسفكقحجأىشصطخإذزضثغءئظؤآ،؟ًَُِّْ"
_thai = "านรอกเ่ง้มยลวดัทสตีปิคบ์ห็แจไชพ์ือึขูุผำโใซถธศญณฟฉภฐฎฝๆ"


@dataclass(frozen=True)
class _Candidate:
    """An encoding, what it is called, and the usual characters of the writing it is for.

    `kind`: `latin` letters stand alone among ASCII ones, those of a `script` never touch them,
    `wide` ones are drawn from thousands, and `any` is for all writing. `doubt` is held against an
    encoding in which nearly every byte is a usual letter.
    """

    encoding: str
    title: str
    kind: str
    usual: str
    doubt: float = 0.0


# Where two do equally well, the earlier one is taken.
_candidates = (
    _Candidate("utf-8", "UTF-8", "any", ""),
    _Candidate("gb18030", "GB18030", "wide", _simplified + _east),
    _Candidate("cp932", "Shift-JIS", "wide", _kana + _kanji + _east),
    _Candidate("big5", "Big5", "wide", _traditional + _east),
    _Candidate("cp949", "EUC-KR", "wide", _hangul + _east),
    _Candidate("euc_jp", "EUC-JP", "wide", _kana + _kanji + _east),
    _Candidate("gb18030", "GB18030", "wide", _traditional + _east),
    _Candidate("cp1252", "Windows-1252", "latin", _western),
    _Candidate("cp1254", "Windows-1254", "latin", _turkish),
    _Candidate("cp1250", "Windows-1250", "latin", _central),
    _Candidate("iso8859-2", "ISO-8859-2", "latin", _central),
    _Candidate("cp1251", "Windows-1251", "script", _cyrillic),
    _Candidate("koi8-u", "KOI8-R", "script", _cyrillic),
    _Candidate("cp866", "CP866", "script", _cyrillic),
    _Candidate("iso8859-5", "ISO-8859-5", "script", _cyrillic),
    _Candidate("cp1253", "Windows-1253", "script", _greek),
    _Candidate("cp1255", "Windows-1255", "script", _hebrew),
    _Candidate("cp1256", "Windows-1256", "script", _arabic),
    _Candidate("cp874", "Windows-874", "script", _thai),
    _Candidate("cp850", "CP850", "latin", _western, 0.2),
    _Candidate("mac_roman", "Mac Roman", "latin", _western, 0.2),
    _Candidate("utf-16-le", "UTF-16", "any", "", 0.2),
    _Candidate("utf-16-be", "UTF-16", "any", "", 0.2),
)
_every_script = "".join(dict.fromkeys("".join(each.usual for each in _candidates)))

TITLES = tuple(dict.fromkeys(each.title for each in _candidates))
"""The encodings that a person may choose from, as they are usually written."""


def known_encoding(name: str) -> str | None:
    """Python's name for an encoding that a person named; None when it is no encoding of text."""
    for each in _candidates:
        if name.casefold() == each.title.casefold() and each.title != "UTF-16":
            return each.encoding
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    return found.name if getattr(found, "_is_text_encoding", True) else None


def title_of(encoding: str) -> str:
    """What people call an encoding (`cp932` is Shift-JIS)."""
    titles = (each.title for each in _candidates if each.encoding == encoding)
    return next(titles, encoding.replace("_", "-").upper()).removesuffix("-LE").removesuffix("-BE")


def guess_encoding(data: bytes) -> str:
    """Python's name of the encoding that makes most sense of bytes that begin with no mark."""
    if re.search(rb"\x1b\$[@B]", data[:_sample_bytes]) and max(data[:_sample_bytes]) < 0x80:
        return "iso2022_jp"
    is_utf8 = _decodes(data, "utf-8", "surrogatepass")
    # Few stray NULs are not a sign of wide units; NULs in every other place are.
    wide = _wide_units(data, 0.5 if is_utf8 else 0.1)
    if wide or is_utf8:
        return wide or "utf-8"
    sample = _sample(data)
    head = data[:_sample_bytes]
    narrow = b"\n" in head and b"\0" not in head
    best, most = "cp1252", float("-inf")
    for each in _candidates:
        if each.title != "UTF-16":
            score = _score(sample, each)
        elif len(data) % 2 == 0 and not narrow:  # its lines cannot be cut out as bytes
            score = _score(data[:_sample_bytes], each)
            # Nearly any bytes are some rare signs of UTF-16: it must make more sense than that.
            score = score if score > _sense else float("-inf")
        else:
            continue
        if score > most + 1e-9:
            best, most = each.encoding, score
    return best


def _wide_units(data: bytes, least: float) -> str:
    """UTF-32, or UTF-16 that shows by control bytes in a share of `least` of every second place;
    else empty."""
    head = data[:_sample_bytes]
    if len(data) % 4 == 0 and head.count(0) * 3 >= len(head):
        for encoding in ("utf-32-le", "utf-32-be"):
            if _decodes(data, encoding):
                return encoding
    first, second = head[::2], head[1::2]
    low = bytes((*range(9), *range(14, 27), *range(28, 32)))
    counts = [len(half) - len(half.translate(None, low)) for half in (first, second)]
    units = len(second)
    if max(counts) < max(2, units * least) or min(counts) * 2 > max(counts):
        return ""
    read = {each: head[: units * 2].decode(each, "replace") for each in ("utf-16-le", "utf-16-be")}
    best = max(read, key=lambda each: _readable(read[each]))
    return best if _readable(read[best]) * 2 > units else ""


def _readable(text: str) -> int:
    """How many characters are usual in some writing, or ASCII."""
    usual = frozenset(_every_script)
    return sum(each in usual or " " <= each <= "~" or each == "\n" for each in text)


def _decodes(data: bytes, encoding: str, errors: str = "strict") -> bool:
    try:
        data.decode(encoding, errors)
    except UnicodeError:
        return False
    return True


def _sample(data: bytes) -> bytes:
    """Some of the lines that have more than ASCII in them, or the surroundings of such bytes."""
    found, size, place = [], 0, 0
    while size < _sample_bytes and (high := _high_byte.search(data, place)):
        at = high.start()
        begin = max(place, at - _around, data.rfind(b"\n", place, at) + 1)
        end = data.find(b"\n", at, at + _around) + 1
        place = end or at + _around
        found.append(data[begin:place])
        size += len(found[-1])
    return b"".join(found)[:_sample_bytes]


def _score(data: bytes, candidate: _Candidate) -> float:
    """How usual the characters are that a candidate makes of the bytes, for each that is no ASCII:
    1 is as usual as can be, -1 and less is nonsense."""
    text = data.decode(candidate.encoding, "replace")
    counts = Counter(each for each in text if each >= "\x80")
    total = counts.total()
    if not total:
        return float("-inf")
    usual = _usual(candidate)
    points = sum(_worth(each, usual, candidate) * count for each, count in counts.items())
    if candidate.kind in ("latin", "script"):
        # Two or three such bytes in a row are no accident: "Ã©" is in no word.
        points -= 4.0 * len(_utf8_character.findall(data))
    return (points - _awkward(text, candidate.kind)) / total - candidate.doubt


def _awkward(text: str, kind: str) -> float:
    """Points against a reading: letters beside each other that no word has so."""
    if kind == "latin":
        runs: list[str] = re.findall(r"(?:(?![\x00-\x7f])\w){3,}", text)
        signs = len(re.findall(r"(?<=[a-z])(?![\x00-\x7f])[^\w’–—\u00ad](?=[a-z])", text))
        after: list[str] = re.findall(r"(?<=[a-z])[^\x00-\x7f]", text)
        before: list[str] = re.findall(r"(?<!\w)[^\x00-\x7f](?=[A-Z])", text)
        small_first = sum(each.islower() for each in before)
        large_inside = sum(each.isupper() for each in after)
        return 1.5 * (len("".join(runs)) + signs) + 0.8 * large_inside + 1.2 * small_first
    if kind == "script":
        touching = r"(?<=[A-Za-z])(?![\x00-\x7f])\w|(?![\x00-\x7f])\w(?=[A-Za-z])"
        pairs: list[str] = re.findall(r"(?=([^\W\x00-\x7f][^\W\x00-\x7f]))", text)
        risen = sum(each[0].islower() and each[1].isupper() for each in pairs)
        return 1.5 * len(re.findall(touching, text)) + 1.2 * risen
    return 0.0


@cache
def _usual(candidate: _Candidate) -> frozenset[str]:
    return frozenset(candidate.usual or _every_script)


def _worth(character: str, usual: frozenset[str], candidate: _Candidate) -> float:
    kind = candidate.kind
    if character == _replaced and kind == "any":
        return -1.5
    if character == _replaced or "\x80" <= character <= "\x9f":
        return -3.0
    if "\ue000" <= character <= "\uf8ff" or "\u2500" <= character <= "\u259f":
        return -1.5
    if "\uff61" <= character <= "\uff9f":  # half-width katakana: most bytes of GB18030 are that
        return -0.5
    if character in usual:
        rank = candidate.usual.index(character) if kind == "script" else 0
        return 1.0 - rank / len(candidate.usual) if rank else 1.0
    if kind == "any":
        return 0.3 if character.isalpha() else 0.0
    if kind == "script" and character.lower() in usual:
        return 0.85 * _worth(character.lower(), usual, candidate)
    if kind == "wide":
        return 0.0 if character.isalpha() else -0.3
    return 0.2 if character.isalpha() else -0.7
