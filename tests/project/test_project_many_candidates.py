"""Many candidates: what is done to all of them costs so much for each, however many there are."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from calls import calls
from handwork import change_content

from aigc_studio.api import Text
from aigc_studio.project import CandidateRecord, Item, Project, commands
from aigc_studio.project.board import Change
from aigc_studio.project.content import Content
from aigc_studio.project.joining import Base

SQUARE = {"width": 28, "height": 28, "mode": "L"}


def content(number: int) -> Content:
    return Content("image", f"{number:064x}", SQUARE)


@pytest.fixture
def new_project() -> Iterator[Callable[[], Project]]:
    made: list[Project] = []

    def new() -> Project:
        made.append(Project.new())
        return made[-1]

    yield new
    for project in made:
        project.close()


def put_items(project: Project, count: int) -> list[str]:
    ids = project.board.new_ids(count)
    items = [Item(id, id, content(n), n * 40.0, 0, 28, 28) for n, id in enumerate(ids)]
    project.do(commands.add_items(project.board, items))
    return list(ids)


def offer(project: Project, count: int, **fields: Any) -> list[str]:
    tray = project.candidates
    records = [
        CandidateRecord(tray.new_id(), content(10**6 + n), title=f"number {n}", **fields)
        for n in range(count)
    ]
    tray.add(*records)
    return [record.id for record in records]


def waiting(project: Project) -> list[str]:
    return [record.id for record in project.candidates.list()]


def test_accepting_a_thousand_is_one_step_told_once(new_project: Callable[[], Project]) -> None:
    project = new_project()
    ids = offer(project, 1000)
    heard: list[Change] = []
    project.listeners.append(heard.append)
    project.board.listeners.append(heard.append)
    project.do(project.candidates.accept(*ids))
    assert [change.kind for change in heard] == ["items_inserted", "history", "candidates"]
    assert heard[-1].ids == tuple(ids)
    assert [item.name for item in project.board.items] == [f"number {n}" for n in range(1000)]
    assert waiting(project) == []
    project.undo()
    assert waiting(project) == ids
    assert not project.board.items
    kinds = ["items_inserted", "items_removed"]
    assert [change.kind for change in heard if change.kind in kinds] == kinds


def accepting_new(project: Project, count: int) -> int:
    ids = offer(project, count)
    return calls(lambda: project.do(project.candidates.accept(*ids)))


def accepting_edits(project: Project, count: int) -> int:
    """Each has an item of its own, half of which were changed since."""
    items = put_items(project, count)
    records = []
    for id in items:
        base = Base(project.board.item(id).content)
        fields: dict[str, Any] = {"target": id, "use": "replace", "base": base, "request": id}
        records.append(CandidateRecord(project.candidates.new_id(), content(7), **fields))
    project.candidates.add(*records)
    changed = {id: content(10**7 + n) for n, id in enumerate(items[::2])}
    project.do(change_content(project.board, changed))
    return calls(lambda: project.candidates.accept(*(record.id for record in records)))


def accepting_beside(project: Project, count: int) -> int:
    """Each is new and goes beside an item of its own, where there is no room."""
    items = put_items(project, count)
    records = [
        CandidateRecord(project.candidates.new_id(), content(n), target=id)
        for n, id in enumerate(items)
    ]
    project.candidates.add(*records)
    return calls(lambda: project.candidates.accept(*(record.id for record in records)))


def undoing(project: Project, count: int) -> int:
    ids = offer(project, count)
    project.do(project.candidates.accept(*ids))
    return calls(project.undo)


def discarding(project: Project, count: int) -> int:
    ids = offer(project, count)

    def act() -> None:
        project.candidates.discard(*ids)
        project.candidates.restore(*ids)
        project.candidates.list()

    return calls(act)


@pytest.mark.parametrize(
    "act", [accepting_new, accepting_edits, accepting_beside, undoing, discarding]
)
def test_ten_times_as_many_cost_ten_times_as_much(
    new_project: Callable[[], Project], act: Callable[[Project, int], int]
) -> None:
    few, many = act(new_project(), 60), act(new_project(), 600)
    assert many < 13 * few


def test_each_of_ten_thousand_costs_as_little_as_the_first(
    new_project: Callable[[], Project],
) -> None:
    project = new_project()

    def one() -> None:
        (id,) = offer(project, 1)
        assert project.candidates.waits(id)
        project.candidates.discard(id)
        project.candidates.restore(id)

    first = calls(one)
    offer(project, 10_000)
    assert (
        calls(one) <= first + 150
    )  # the journal may begin anew, which is begun here and done beside


def test_a_long_history_makes_no_candidate_dearer(new_project: Callable[[], Project]) -> None:
    project = new_project()
    ids = offer(project, 50)

    def ask() -> None:
        project.candidates.list()
        project.candidates.to_save()
        project.candidates.discarded()

    before = calls(ask)
    (item,) = put_items(project, 1)
    for number in range(200):
        moved = {item: Item(item, str(number), content(1), number, 0, 28, 28)}
        project.do(commands.change_items(project.board, moved))
    assert calls(ask) == before
    project.do(project.candidates.accept(*ids[:10]))
    project.undo()
    project.redo()
    assert waiting(project) == ids[10:]


def test_what_a_step_accepted_and_was_forgotten_waits(new_project: Callable[[], Project]) -> None:
    project = new_project()
    ids = offer(project, 2)
    project.do(project.candidates.accept(ids[0]))
    project.undo()
    put_items(project, 1)  # what was undone cannot be done again
    assert waiting(project) == ids
    with pytest.raises(ValueError, match="not the next"):
        project.redo()


def test_the_history_of_a_reopened_project_knows_what_is_accepted(
    new_project: Callable[[], Project],
) -> None:
    project = new_project()
    tray, store = project.candidates, project.store
    ids = [tray.new_id() for _n in range(3)]
    tray.add(*(CandidateRecord(id, store.put(Text(id))) for id in ids))
    project.do(tray.accept(ids[0]))
    project.do(tray.accept(ids[1]))
    project.undo()
    path = project.folder.parent / "again.aigc"
    project.save(path)
    again = Project.open(path)
    try:
        assert waiting(again) == ids[1:]
        again.redo()
        assert waiting(again) == ids[2:]
        again.undo()
        again.undo()
        assert waiting(again) == ids
    finally:
        again.close()
        path.unlink()


class Given(Exception):
    pass


def test_making_can_be_given_up_and_nothing_has_happened(
    new_project: Callable[[], Project],
) -> None:
    project = new_project()
    ids = offer(project, 20)

    def give_up(done: int) -> None:
        if done == 10:
            raise Given

    with pytest.raises(Given):
        project.candidates.accepting(*ids).make(give_up)
    assert waiting(project) == ids
    assert not project.board.items


def test_nothing_cannot_be_accepted(new_project: Callable[[], Project]) -> None:
    with pytest.raises(ValueError, match="nothing"):
        new_project().candidates.accepting().make()
