from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from crashed import crash
from kinds import there

from aigc_studio.api import Artifact, Image, Melody, Text
from aigc_studio.project import CandidateRecord, Project, Provenance, commands, placing
from aigc_studio.project.board import Board
from aigc_studio.project.candidates import number_of
from aigc_studio.project.content import Content
from aigc_studio.project.items import Item


@pytest.fixture
def offer(project: Project, noise: Callable[..., Image]) -> Callable[..., str]:
    """offer(artifact, **fields) puts a candidate into the tray and gives its id."""

    def put(artifact: Artifact | None = None, **fields: Any) -> str:
        record = CandidateRecord(
            project.candidates.new_id(), project.store.put(artifact or noise(28, 28, "L")), **fields
        )
        project.candidates.add(record)
        return record.id

    return put


def waiting(project: Project) -> list[str]:
    return [record.id for record in project.candidates.list()]


def overlap(one: Item, other: Item) -> bool:
    a, b = one.bounds, other.bounds
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def test_a_candidate_waits_is_accepted_and_waits_again_after_undo(
    project: Project, offer: Callable[..., str], provenance: Provenance
) -> None:
    latent = project.store.put_latent(b"l")
    id = offer(provenance=provenance, latent=latent, title="A seven")
    heard = []
    project.listeners.append(lambda change: heard.append(change.kind))
    project.do(project.candidates.accept(id))
    (item,) = project.board.items
    assert (item.name, item.provenance, item.latent) == ("A seven", provenance, latent)
    assert waiting(project) == []
    project.undo()
    assert waiting(project) == [id]
    project.redo()
    assert waiting(project) == []
    assert heard == ["history", "candidates"] * 3


def test_a_sequence_is_one_thing_to_decide_on(project: Project, offer: Callable[..., str]) -> None:
    for position in range(8):
        offer(strip="r/morph 1", position=position)
    offer(strip="r/morph 2")
    offer()
    offer()
    assert number_of(project.candidates.list()) == 4
    assert number_of(()) == 0


def test_making_the_command_accepts_nothing_yet(
    project: Project, offer: Callable[..., str]
) -> None:
    id = offer()
    project.candidates.accept(id)
    assert waiting(project) == [id]
    assert len(project.board) == 0


def test_several_are_accepted_in_one_step_and_cover_nothing(
    project: Project, place: Callable[..., Item], offer: Callable[..., str], tune: Melody
) -> None:
    place(project, Text("there already"), width=500.0)
    ids = [offer(), offer(Text("a text")), offer(tune), offer()]
    project.do(project.candidates.accept(*ids))
    items = project.board.items
    assert [item.medium for item in items] == ["text", "image", "text", "melody", "image"]
    pairs = [(a, b) for a in items for b in items if a.id < b.id]
    assert not any(overlap(a, b) for a, b in pairs)
    project.undo()
    assert waiting(project) == ids


def test_the_window_may_say_where(project: Project, offer: Callable[..., str]) -> None:
    id = offer()
    project.do(project.candidates.accept(id, places={id: (5.0, 6.0, 70.0, 80.0)}))
    (item,) = project.board.items
    assert (item.x, item.y, item.width, item.height) == (5.0, 6.0, 70.0, 80.0)


def test_beside_its_target(
    project: Project,
    place: Callable[..., Item],
    offer: Callable[..., str],
    noise: Callable[..., Image],
) -> None:
    target = place(project, noise(9, 9), x=100.0, y=40.0)
    place(project, Text("far off"), x=-400.0, y=-400.0)
    project.do(project.candidates.accept(offer(target=target.id)))
    new = project.board.items[-1]
    assert (new.x, new.y) == (target.bounds[2] + placing.GAP, 40.0)


def test_an_edit_replaces_its_target_where_it_is(
    project: Project,
    place: Callable[..., Item],
    offer: Callable[..., str],
    noise: Callable[..., Image],
    provenance: Provenance,
) -> None:
    mask = project.store.put(Image(np.full((20, 30), 255, np.uint8)))
    target = place(project, noise(30, 20), x=7.0, rotation=15.0, opacity=0.5, mask=mask)
    provenance = replace(provenance, selection=None)
    id = offer(noise(30, 20), target=target.id, use="replace", provenance=provenance)
    project.do(project.candidates.accept(id))
    (item,) = project.board.items
    assert item.content == project.candidates.record(id).content
    assert item.provenance == provenance
    assert replace(item, content=target.content, provenance=None, latent="") == target
    assert project.history[-1].kind == "regenerate"


def test_the_mask_that_limited_an_edit_goes_with_it_and_comes_back(
    project: Project,
    place: Callable[..., Item],
    offer: Callable[..., str],
    noise: Callable[..., Image],
    provenance: Provenance,
) -> None:
    mask = project.store.put(Image(np.full((20, 30), 255, np.uint8)))
    target = place(project, noise(30, 20), mask=mask)
    used = replace(provenance, selection={"kind": "mask", "digest": mask.digest})
    id = offer(noise(30, 20), provenance=used, target=target.id, use="replace")
    project.do(project.candidates.accept(id))
    assert project.board.item(target.id).mask is None
    project.undo()
    assert project.board.item(target.id).mask == mask


def test_a_result_of_another_shape_keeps_the_middle_and_drops_the_mask(
    project: Project,
    place: Callable[..., Item],
    offer: Callable[..., str],
    noise: Callable[..., Image],
) -> None:
    mask = project.store.put(Image(np.full((20, 30), 255, np.uint8)))
    target = place(project, noise(30, 20), width=60.0, height=40.0, mask=mask)
    project.do(project.candidates.accept(offer(noise(10, 10), target=target.id, use="replace")))
    (item,) = project.board.items
    assert (item.width, item.height, item.y) == (60.0, 60.0, -10.0)
    assert item.mask is None


@pytest.mark.parametrize("artifact", [Text("a longer text\nwith lines"), None])
def test_text_and_melody_are_replaced_as_well(
    project: Project,
    place: Callable[..., Item],
    offer: Callable[..., str],
    tune: Melody,
    artifact: Text | None,
) -> None:
    target = place(project, Text("old") if artifact else tune)
    new = artifact or replace(tune, program=3)
    project.do(project.candidates.accept(offer(new, target=target.id, use="replace")))
    (item,) = project.board.items
    assert project.store.get(item.content) == new
    assert item.bounds == target.bounds


def test_a_target_that_is_gone_means_a_new_item(
    project: Project, offer: Callable[..., str]
) -> None:
    project.do(project.candidates.accept(offer(target="i99", use="replace")))
    assert len(project.board) == 1


def test_use_can_be_overridden(
    project: Project,
    place: Callable[..., Item],
    offer: Callable[..., str],
    noise: Callable[..., Image],
) -> None:
    target = place(project, noise(9, 9))
    project.do(project.candidates.accept(offer(target=target.id, use="replace"), use="add"))
    assert len(project.board) == 2


def test_of_several_for_one_place_none_is_lost(
    project: Project,
    place: Callable[..., Item],
    offer: Callable[..., str],
    noise: Callable[..., Image],
) -> None:
    target = place(project, noise(9, 9))
    ids = [offer(target=target.id, use="replace") for _ in range(3)]
    project.do(project.candidates.accept(*ids))
    contents = [project.candidates.record(id).content for id in ids]
    assert [item.content for item in project.board.items] == contents
    assert project.history[-1].kind == "accept"


def test_the_bin_gives_back(project: Project, offer: Callable[..., str]) -> None:
    first, second = offer(), offer()
    project.candidates.discard(first)
    assert waiting(project) == [second]
    assert [record.id for record in project.candidates.discarded()] == [first]
    project.candidates.restore(first)
    assert waiting(project) == [first, second]


def test_the_tray_survives_a_crash(
    project: Project, offer: Callable[..., str], provenance: Provenance
) -> None:
    kept = offer(provenance=provenance, probability=0.5, strip="morph", position=3)
    thrown, taken = offer(), offer()
    project.candidates.discard(thrown)
    project.do(project.candidates.accept(taken))
    crash(project)
    recovered = Project.recover(project.folder)
    assert recovered.candidates.list() == project.candidates.list()
    assert waiting(recovered) == [kept]
    assert recovered.candidates.record(kept).strip == "morph"
    assert [record.id for record in recovered.candidates.discarded()] == [thrown]
    assert recovered.candidates.new_id() == "c4"
    recovered.undo()
    assert waiting(recovered) == [kept, taken]
    recovered.close()


def test_that_it_was_stopped_is_known_after_a_crash_and_in_a_file(
    project: Project, offer: Callable[..., str], provenance: Provenance, tmp_path: Path
) -> None:
    stopped = replace(provenance, stopped=True)
    ids = [offer(provenance=each) for each in (provenance, stopped, stopped)]
    project.do(project.candidates.accept(ids[2]))
    project.save(tmp_path / "board.aigc")
    crash(project)
    recovered = Project.recover(project.folder)
    opened = Project.open(tmp_path / "board.aigc")
    for each in (recovered, opened):
        waits = [there(record.provenance).stopped for record in each.candidates.list()]
        assert waits == [False, True]
        (item,) = each.board.items
        assert item.provenance == stopped
        each.close()


@pytest.mark.parametrize(
    "change",
    [
        {"id": ""},
        {"id": 3},
        {"probability": 2},
        {"probability": True},
        {"use": "burn"},
        {"position": "a"},
        {"latent": "x"},
        {"content": None},
        {"provenance": 3},
    ],
)
def test_malformed_records_are_refused(change: dict[str, Any], noise: Callable[..., Image]) -> None:
    content = Content("image", "ab" * 32, {"width": 3, "height": 3, "mode": "L"})
    good = CandidateRecord("c1", content).to_json()
    assert CandidateRecord.from_json(good) == CandidateRecord("c1", content)
    with pytest.raises(ValueError, match=r".+"):
        CandidateRecord.from_json(good | change)


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((28, 28), (280, 280)),
        ((112, 28), (1008, 252)),
        ((1, 1), (256, 256)),
        ((300, 300), (300, 300)),
        ((4096, 2048), (1024, 512)),
        ((1000, 2), (1000, 2)),
    ],
)
def test_pictures_are_shown_at_a_size_that_can_be_seen(
    size: tuple[int, ...], expected: tuple[int, ...]
) -> None:
    info = {"width": size[0], "height": size[1], "mode": "L"}
    assert placing.natural_size(Content("image", "ab" * 32, info)) == expected


def test_many_new_items_never_overlap() -> None:
    board = Board()
    content = Content("text", "ab" * 32)
    for number in range(40):
        size = (50.0 + number % 7 * 90, 40.0 + number % 5 * 60)
        place = placing.free_place(board, size)
        item = Item(board.new_ids(1)[0], "", content, *place, *size)
        assert not any(overlap(item, other) for other in board.items)
        commands.add_items(board, [item]).apply(board)
