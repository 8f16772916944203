"""Which encoding a text is in is told by how usual its characters are, a few bad bytes or not."""

from pathlib import Path

import pytest

from aigc_studio.api import StudioError
from aigc_studio.library import readers
from aigc_studio.library.checks import preflight
from aigc_studio.library.options import ImportOptions
from aigc_studio.library.texts import encodings
from aigc_studio.library.texts.reading import read_text

_texts = [
    ("国破山河在，城春草木深。感时花溅泪，恨别鸟惊心。", ("gb18030", "utf-16-le", "utf-16-be")),
    ("話說天下大勢，分久必合，合久必分。", ("big5", "utf-16-le")),
    ("這裏有一家店，賣的是粧品，價格是€20。恒春很熱。", ("cp950",)),
    ("佢今日冇返學，因為唔舒服。你哋食咗飯未呀？", ("big5hkscs",)),
    ("我哋喺香港嘅茶餐廳食嘢，佢話冇問題。", ("big5hkscs",)),
    ("①はじめに、㈱山田商事の製品をご紹介します。", ("euc_jis_2004", "cp932")),
    ("这是旧时新闻组里的中文，写于一九九五年。", ("hz",)),
    ("모든 인간은 태어날 때부터 자유롭다", ("iso2022_kr",)),
    ("祇園精舎の鐘の声、諸行無常の響きあり。", ("shift_jis", "euc_jp", "iso2022_jp", "utf-16-be")),
    ("동해 물과 백두산이 마르고 닳도록 하느님이 보우하사", ("euc_kr", "utf-16-le")),
    ("Мороз и солнце; день чудесный! Ещё ты дремлешь", ("cp1251", "koi8-r", "cp866", "iso8859-5")),
    ("Όλοι οι άνθρωποι γεννιούνται ελεύθεροι", ("cp1253",)),
    ("בראשית ברא אלהים את השמים ואת הארץ", ("cp1255",)),
    ("يولد جميع الناس أحرارا متساوين في الكرامة", ("cp1256",)),
    ("มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาค", ("cp874",)),
    ("Señor, ¿dónde está el baño? Qué lástima", ("cp1252", "utf-32-le", "utf-32-be", "utf-16-be")),
    ("“It’s fine,” he said—really…", ("cp1252",)),
    ("L'été à la plage, où êtes-vous allés déjà?", ("cp1252", "mac_roman", "cp850")),
    ("Příliš žluťoučký kůň úpěl ďábelské ódy", ("cp1250", "iso8859-2")),
    ("Işık güzel değildi, çünkü hava bulutluydu", ("cp1254",)),
]


@pytest.mark.parametrize(
    ("text", "encoding"), [(text, each) for text, found in _texts for each in found]
)
@pytest.mark.parametrize("times", [1, 40])
def test_a_text_is_read_as_what_it_is_and_said(text: str, encoding: str, times: int) -> None:
    whole = "\n".join([text] * times)
    remarks: list[str] = []
    assert read_text(whole.encode(encoding), remarks=remarks) == whole
    assert len(remarks) == 1
    assert "not UTF-8" in remarks[0]


@pytest.mark.parametrize(
    "text",
    # One letter that is no ASCII must do. GB18030 makes a sign of most of them and the next byte.
    [
        "Käse", "für", "Straße", "señor", "São Paulo", "20°C", "FORÊT", "HÔTEL", "Ôter", "NOËL",
        "MAÏS", "OÙ", "CÔTE D'AZUR", "LEÃO", "NOËL: 2×A4",
        "NOËL, FÊTE, FORÊT: 1×A1, 2×A2, 3×A3, 4×A4",
    ],
)  # fmt: skip
def test_few_western_letters_are_no_signs_of_other_writing(text: str) -> None:
    assert encodings.guess_encoding(text.encode("cp1252")) == "cp1252"


def test_signs_beside_half_width_kana_are_not_taken_for_japanese() -> None:
    assert encodings.guess_encoding("福建".encode("big5")) == "cp950"
    assert encodings.guess_encoding("猫が好き".encode("cp932")) == "cp932"


_prose = {
    "en": "The room was small and the table stood by the window.",
    "fr": "Les enfants jouaient près de la rivière quand l'orage a éclaté.",
    "de": "Mein Großvater erzählte uns schöne Märchen für jede Nacht.",
    "es": "El niño salió corriendo de la escuela con su hermana pequeña.",
    "it": "Il caffè è già pronto, però la città è lontana.",
    "da": "Når sommeren kommer, bader vi på Ærø og spiser brød med smør.",
    "pt": "Amanhã vamos viajar de avião até São Paulo, não é?",
    "is": "Það er kalt í dag en á morgun verður hlýrra.",
}
_symbols = (
    "3 × 4", "5 ± 2", "5 µm", "10 m²", "10 m³", "1½", "1º", "2ª", "it´s", "Acme™", "10 ¤", "§ 5",
    "10\xa0000", "© 2001", "Acme®", "5 €", "well…", "one – two", "“yes”", "20 °C", "£5", "3 ÷ 2",
)  # fmt: skip


@pytest.mark.parametrize("symbol", _symbols)
@pytest.mark.parametrize("language", _prose)
def test_prose_with_one_odd_symbol_is_what_old_windows_wrote(language: str, symbol: str) -> None:
    line = f"{_prose[language]} {symbol}.\n"
    assert read_text(line.encode("cp1252")) == line
    long = "\n".join([_prose[language]] * 3 + [line])
    assert read_text(long.encode("cp1252")) == long


@pytest.mark.parametrize(
    "text",
    ["Prix\xa0: 10\xa0000 et 5\xa0%.", "3 × 4 ÷ 2", "1½ cups", "Être ou ne pas être", "Île de Ré",
     "L'Œuvre de l'été", "El nº 5 está aquí, señor", "• one\n• two", "£5 or £10", "Åsa",
     "SÃO PAULO, Brasília", "ÜBERGRÖSSE FÜR ÄRZTE", "reünie, coöperatie, Curaçao"],
)  # fmt: skip
def test_in_doubt_it_is_old_windows(text: str) -> None:
    assert read_text(text.encode("cp1252")) == text


@pytest.mark.parametrize(
    ("encoding", "lines"),
    [
        ("cp1250", "Dziewczynka poszła do lasu, żeby zebrać grzyby.\n"
         "Nie wiem, gdzie on jest, ale na pewno wróci.\n"
         "Wczoraj padał śnieg, a dziś świeci słońce."),
        ("iso8859-2", "Nevím, kde je, ale určitě se brzy vrátí.\n"
         "Včera padal sníh a dnes svítí slunce."),
        ("cp1250", "Nem tudom, hol van, de biztosan hamarosan visszajön.\n"
         "A könyv az asztalon fekszik a gyertya mellett, a nő erdőbe ment."),
        ("cp1250", "Nu ştiu unde este, dar sigur se va întoarce curând.\nCartea se află pe masă."),
        ("cp1250", "Ne znam gdje je, ali sigurno će se uskoro vratiti.\nKnjiga leži na stolu."),
        ("cp1254", "Dün kar yağdı, bugün ise güneş parlıyor.\nKitap masanın üstünde duruyor."),
        ("cp874", "สวัสดีครับ วันนี้อากาศดีมาก ผมอยากไปเที่ยวทะเลกับเพื่อนๆ\nแต่ว่าฝนตกหนัก เลยต้องอยู่บ้าน"),
        ("cp1255", "שלום לכולם, מה שלומכם היום?"),
        ("cp1255", "שלום"),
        ("cp1253", "Δεν ξέρω πού είναι, αλλά σίγουρα θα γυρίσει σύντομα."),
        ("cp1256", "أمس نزل الثلج واليوم تشرق الشمس."),
        ("cp1251", "Привіт, як справи? Ґанок і їжак."),
        ("cp1251", "The Russian word for peace is мир, and that for water is вода."),
        ("gb18030", "The Chinese word for peace is 和平, that for water is 水."),
        ("cp932", "ｱｲｳｴｵです"),
        ("cp949", "안녕하세요"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("times", [1, 20])
def test_other_writings_are_not_taken_for_it(encoding: str, lines: str, times: int) -> None:
    whole = "\n".join([lines] * times)
    assert read_text(whole.encode(encoding)) == whole


def test_an_empty_text_needs_no_remark() -> None:
    remarks: list[str] = []
    assert (read_text(b"", remarks=remarks), remarks) == ("", [])


@pytest.mark.parametrize("text", ["\ufeff\ufeffone\ntwo", "\ufeffone\n\ufefftwo", "one\n\ufefftwo"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_marks_of_files_that_were_put_together_are_left_out(text: str, encoding: str) -> None:
    remarks: list[str] = []
    assert read_text(text.encode(encoding), remarks=remarks) == "one\ntwo"
    told = text.count("\ufeff") - (encoding == "utf-8" and text[0] == "\ufeff")
    assert remarks == [
        f"{told} byte order mark{'s' if told > 1 else ''} within the text "
        f"{'were' if told > 1 else 'was'} left out."
    ]


def test_a_person_may_say_the_encoding(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("Jučer".encode("cp1250"))
    assert str(readers.read_artifact(path)) == "Juèer"
    artifact, remarks = readers.read(path, options=ImportOptions(encoding="Windows-1250"))
    assert (str(artifact), remarks) == ("Jučer", ())
    path.write_bytes("春眠不觉晓".encode("gb18030"))
    with pytest.raises(StudioError, match=r"a\.txt cannot be read as UTF-8"):
        readers.read(path, options=ImportOptions(encoding="UTF-8"))
    with pytest.raises(StudioError, match="no encoding klingon"):
        ImportOptions(encoding="klingon")
    with pytest.raises(StudioError, match="no encoding rot13"):
        ImportOptions(encoding="rot13")


@pytest.mark.parametrize("title", [each for each in encodings.TITLES if each != "UTF-16"])
def test_every_encoding_that_is_offered_can_be_chosen(title: str) -> None:
    assert ImportOptions(encoding=title).encoding == title
    named = encodings.known_encoding(title)
    assert named is not None
    assert encodings.title_of(named) == title


@pytest.mark.parametrize("written", ["utf-16", "utf-16-le"])
def test_utf_16_may_be_chosen_with_a_mark_or_without(written: str) -> None:
    assert "UTF-16" in encodings.TITLES
    assert ImportOptions(encoding="UTF-16").encoding == "UTF-16"
    assert read_text("abc".encode(written), encoding="UTF-16") == "abc"


@pytest.mark.parametrize(
    ("data", "text", "told"),
    [
        ("It’s fine in the café. ".encode() * 9 + b"caf\xe9", "caf�", "1 place .* line 1"),
        (b"plain\n" + "naïve\n".encode() * 9 + b"na\xefve", "na�ve", "1 place .* line 11"),
        ("春眠不觉晓\n处处闻啼鸟\n".encode()[:-2], "处处闻啼�", "1 place .* line 2"),
        (b"a\nb\0c\nd\n" * 2, "a\nb�c\nd\n" * 2, "2 places .* line 2, 5"),
        (
            ("é\n" * 7).encode().replace(b"\n", b"\xff\n"),
            "é�\n",
            "7 places .* line 1, 2, 3, 4, 5 …",
        ),
        ("aé\n".encode() * 9 + "aé\n".encode("cp1252") * 9, "aé\na�\n", "9 places .* line 10, 11"),
        (b"Call me Ishmael.\r\n\x1a", "Call me Ishmael.\n", "1 end mark"),
        (b"Call me Ishmael.\r\n" + b"\0" * 512, "Call me Ishmael.\n", "512 end marks"),
        (b"a form\x02\nwith marks\n", "a form\x02\n", "1 control character was kept: line 1"),
    ],
)
def test_a_few_bad_bytes_leave_the_rest_as_it_is(data: bytes, text: str, told: str) -> None:
    import re

    remarks: list[str] = []
    assert text in read_text(data, remarks=remarks)
    assert len(remarks) == 1
    assert re.search(told, remarks[0])


def test_a_pair_of_halves_is_one_character() -> None:
    pairs = b"a " + _halves("😀") + b" b"
    assert b"\xed" in pairs
    assert read_text(pairs + "é".encode()) == "a 😀 bé"


def _halves(character: str) -> bytes:
    units = character.encode("utf-16-le")
    return b"".join(
        chr(int.from_bytes(units[at : at + 2], "little")).encode("utf-8", "surrogatepass")
        for at in (0, 2)
    )


def test_plain_utf_8_needs_no_remark() -> None:
    for text in ("plain", "naïve � 春", "\ufeffa", "\u2028 \x85 \x1b"):
        remarks: list[str] = []
        assert read_text(text.encode(), remarks=remarks) == text.removeprefix("\ufeff")
        assert not remarks


@pytest.mark.parametrize(
    "data",
    [
        bytes(range(256)) * 4, b"\xff\xd8\xff\xe0" + b"plain text " * 9, b"7z\xbc\xaf" + b"a" * 99,
        b"\x7fELF" + b"a" * 99, b"\0\1\2\3" * 50,
    ],
)  # fmt: skip
def test_bytes_of_other_kinds_are_no_text(data: bytes) -> None:
    with pytest.raises(StudioError, match=r"x\.txt is not text"):
        read_text(data, "x.txt")


def test_remarks_on_texts_reach_the_look_before_an_import(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_bytes(f"Привет, {name}. Как дела?".encode("koi8-r"))
    (tmp_path / "c.txt").write_text("All is well here.")
    (tmp_path / "d.txt").write_text("x")
    found = preflight(tmp_path, "text")
    told = [remark for remark in found.remarks if "KOI8-R" in remark]
    assert len(told) == 1
    assert told[0].startswith("2 files (a.txt, b.txt): ")
    checks = {each.name: each for each in found.rows}
    assert checks["a.txt"].remarks
    assert not checks["c.txt"].remarks
    assert "1 piece is shorter or longer" in checks["d.txt"].reason


@pytest.mark.parametrize("text", ["~{x}~}", "~{}~} and ~{ab", "a shell: ${x}~{y}", "x = ~{a: 1}\n"])
def test_code_with_signs_of_old_mails_in_it_stays_as_it_is(text: str) -> None:
    remarks: list[str] = []
    assert read_text(text.encode(), remarks=remarks) == text
    assert not any("not UTF-8" in each for each in remarks)


def test_what_an_encoding_is_called_is_told_and_understood() -> None:
    for name, encoding in (("Big5", "cp950"), ("EUC-JP", "euc_jis_2004"), ("hz", "hz")):
        assert encodings.known_encoding(name) == encoding
        assert encodings.title_of(encoding) == name.replace("hz", "HZ")
