"""Badges: measured by the kit, kept for the very code that was measured."""

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aigc_studio import cli
from aigc_studio.host import Registry
from aigc_studio.host.badges import MOST_KEPT, NAMES, Badge, Badges
from aigc_studio.testing import check_plugin
from aigc_studio.testing.finding import find_record


def test_a_badge_is_kept_for_the_code_that_was_measured_and_no_other(
    plugin_home: Callable[..., Path],
) -> None:
    file = plugin_home("counts") / "counts.py"
    report = check_plugin(file, only=["same_seed", "cancel"])
    assert [(each.name, each.held) for each in report.badges] == [
        ("deterministic", True),
        ("cancels", True),
    ]
    record = find_record(file)
    assert [each.name for each in Badges().of(record)] == ["deterministic", "cancels"]
    file.write_text(file.read_text("utf-8") + "\n# another\n", "utf-8")
    assert Badges().of(find_record(file)) == ()


def test_what_was_measured_before_stays_and_a_failure_takes_a_badge_away(
    plugin_home: Callable[..., Path],
) -> None:
    record = find_record(plugin_home("counts") / "counts.py")
    badges = Badges()
    badges.keep(record, [Badge("offline", True, 5.0, "namespace"), Badge("cancels", True, 5.0)])
    badges.keep(record, [Badge("cancels", False, 6.0)])
    cancels, offline = badges.of(record)
    assert (cancels.held, offline.held, offline.how) == (False, True, "namespace")
    assert "by force" in cancels.told
    assert "without any network" in offline.told
    assert "from Python" in Badge("offline", True, 0.0, "python").told


@pytest.mark.parametrize(
    "damage", ["", "[]", '{"studio": "0.0.0", "badges": []}', '{"badges": [{"name": "fast"}]}']
)
def test_a_cache_that_cannot_be_read_holds_no_badges(
    damage: str, tmp_path: Path, plugin_home: Callable[..., Path]
) -> None:
    record = find_record(plugin_home("counts") / "counts.py")
    Badges(tmp_path).keep(record, [Badge("cancels", True, 5.0)])
    (file,) = tmp_path.glob("*.json")
    file.write_text(damage, "utf-8")
    assert Badges(tmp_path).of(record) == ()


def test_what_was_measured_now_is_kept_when_the_clock_was_set_back(
    tmp_path: Path, plugin_home: Callable[..., Path]
) -> None:
    folder = tmp_path / "badges"
    folder.mkdir()
    later = time.time() + 10**8
    for number in range(MOST_KEPT):
        path = folder / f"{number}.json"
        path.write_text("{}")
        os.utime(path, (later, later))
    record = find_record(plugin_home("counts") / "counts.py")
    Badges(folder).keep(record, [Badge("cancels", True, 5.0)])
    assert [each.name for each in Badges(folder).of(record)] == ["cancels"]
    assert len(list(folder.iterdir())) == MOST_KEPT


@pytest.mark.parametrize("when", [1e300, 10**400, -1, "5", None, [5]])
def test_a_badge_of_no_day_is_none(
    when: Any, tmp_path: Path, plugin_home: Callable[..., Path]
) -> None:
    record = find_record(plugin_home("counts") / "counts.py")
    Badges(tmp_path).keep(record, [Badge("cancels", True, 5.0)])
    (file,) = tmp_path.glob("*.json")
    document = json.loads(file.read_text("utf-8"))
    document["badges"][0]["when"] = when
    file.write_text(json.dumps(document), "utf-8")
    assert Badges(tmp_path).of(record) == ()


def test_every_badge_has_words(plugin_home: Callable[..., Path]) -> None:
    for name in NAMES:
        told = {Badge(name, held, 0.0).told for held in (True, False)}
        assert len(told) == 2
        assert Badge(name, True, 0.0).title


def test_the_list_of_plugins_has_them(
    plugin_home: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    plugin_home("counts")
    registry = Registry()
    registry.refresh()
    Badges().keep(registry.record("counts"), [Badge("resumes", True, 1.0)])
    assert cli.main(["plugins", "list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)["plugins"]
    assert {each["id"]: each["badges"] for each in listed}["counts"] == {"resumes": True}
