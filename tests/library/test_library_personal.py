"""Texts in which there are data of persons are imported, and it is said."""

from pathlib import Path

import pytest

from aigc_studio.library import checks
from aigc_studio.library.texts import long_texts
from aigc_studio.library.texts.personal import PersonalData, is_identity

TEXT = (
    "春风轻轻推开旧木门。\n" * 40
    + "张伟的电话是 139-1234-5678，邮箱 zhangwei@example.com，身份证 11010519491231002X。\n"
    + "Call +44 20 7946 0958 or write to ann.lee@mail.example.org.\n"
)


def told(text: str) -> str:
    personal = PersonalData()
    personal.look([text])
    return " ".join(personal.remarks)


def test_what_a_file_holds_of_persons_is_told_by_kind_and_number(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    remarks = " ".join(checks.preflight(tmp_path / "a.txt", "text").remarks)
    assert "2 e-mail addresses, 2 telephone numbers, 1 identity number" in remarks
    assert "take them out" in remarks


def test_long_texts_are_looked_through_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_texts, "LONG_BYTES", 100)
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    remarks = " ".join(checks.preflight(tmp_path / "a.txt", "text").remarks)
    assert "2 e-mail addresses" in remarks


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("电话13812345678。", "1 telephone number"),
        ("手机号13812345678转8001找他", "1 telephone number"),
        ("办公室0755-12345678，国外+49 30 1234567或+14155552671", "3 telephone numbers"),
        ("身份证号11010519491231002X的人", "1 identity number"),
        ("请发到ann.lee@example.com联系", "1 e-mail address"),
        ("张三@example.com", "1 e-mail address"),
        ("13812345678 139-1234-5678 - +86 13712345678", "3 telephone numbers"),
        ("11010519491231002X 11010519491231002x，13812345678", "1 telephone number, 2 identity"),
        ("a@b.de+@c.fr", "2 e-mail addresses"),
    ],
)
def test_chinese_stands_beside_a_number_without_a_space(text: str, found: str) -> None:
    assert f"({found}" in told(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "+2026-11-28 12:00 +12345678 x+1234567890 0.0755-1234567 a0755-12345678",
        "The year 1998 1234 5678 and 3.14159265358979 and 13912345678901",
        "f(x) @ g, @decorator, user@host, a @ b.com",
        "11010519491231002 110105194912310021 110105199913990027",
        "1391234567 x13912345678 0.13912345678",
        "床前明月光，疑是地上霜。",
    ],
)
def test_numbers_and_code_are_no_persons(text: str) -> None:
    assert told(text) == ""


def test_identity_numbers_are_known_by_their_check_sign() -> None:
    assert is_identity("11010519491231002X")
    assert is_identity("11010519491231002x")
    assert not is_identity("110105194912310020")
    assert not is_identity("11010519491331002X")


def test_a_long_text_without_any_takes_no_time() -> None:
    assert told("a" * 1_000_000 + "@" * 1000 + "1" * 100_000 + "+1 " * 100_000) == ""
