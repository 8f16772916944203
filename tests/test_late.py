"""What is imported when it is first used: modules, tables, and the public names of packages."""

import sys
from pathlib import Path

import pytest

from aigc_studio import late


@pytest.fixture(autouse=True)
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package `house` with a room, and a room beside it that is in `street` as well."""
    room = tmp_path / "street" / "house"
    room.mkdir(parents=True)
    (tmp_path / "street" / "__init__.py").write_text("")
    (tmp_path / "street" / "garden.py").write_text("class Tree:\n    pass\n")
    (room / "kitchen.py").write_text("Table, Chair = 'table', 'chair'\n")
    (room / "__init__.py").write_text(
        "from aigc_studio import late\n"
        "__getattr__ = late.names(__name__, {'Table': 'kitchen', 'Tree': '.garden'})\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in [name for name in sys.modules if name.partition(".")[0] == "street"]:
        monkeypatch.delitem(sys.modules, name)


def test_a_public_name_is_imported_when_it_is_first_asked_for() -> None:
    from street import house  # type: ignore[import-not-found]

    assert "street.house.kitchen" not in sys.modules
    assert house.Table == "table"
    assert vars(house)["Table"] == "table"  # found without asking from now on
    assert house.Tree.__module__ == "street.garden"
    with pytest.raises(AttributeError, match=r"module 'street\.house' has no attribute 'Chair'"):
        _none = house.Chair
    from street.house import kitchen  # type: ignore[import-not-found]

    assert kitchen.Chair == "chair"


def test_a_module_is_imported_when_something_of_it_is_used() -> None:
    kitchen = late.module("street.house.kitchen")
    assert "street.house.kitchen" not in sys.modules
    assert kitchen.Chair == "chair"
    with pytest.raises(AttributeError):
        _none = kitchen.Sofa


def test_a_table_knows_its_keys_and_imports_what_is_read() -> None:
    found: late.Late[str, str] = late.Late({"to sit on": "street.house.kitchen:Chair"})
    assert list(found) == ["to sit on"]
    assert len(found) == 1
    assert "street.house.kitchen" not in sys.modules
    assert found["to sit on"] == "chair"
