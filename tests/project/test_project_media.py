"""Text and melody go through everything that pictures go through."""

import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from handwork import change_content

from aigc_studio.api import Artifact, Bars, Image, Mask, Melody, Note, Selection, Span, Text
from aigc_studio.library import readers
from aigc_studio.project import CandidateRecord, Item, Project, Provenance, commands, export
from aigc_studio.project.provenance import selection_to_json

Case = tuple[Artifact, Selection, Artifact]


def span_edit(text: Text, span: Span, new: str) -> Text:
    return Text(text.value[: span.start] + new + text.value[span.stop :])


def bars_edit(melody: Melody, bars: Bars) -> Melody:
    start, stop = melody.bars[bars.first - 1][0], melody.bars[bars.last - 1][1]
    kept = [note for note in melody.notes if not start <= note.start < stop]
    new = [Note(start + 120 * n, 120, 70 + n, 90) for n in range(3)]
    return replace(melody, notes=tuple(kept + new), length=melody.length)


@pytest.fixture(params=["image", "text", "melody"])
def case(request: pytest.FixtureRequest, tune: Melody, noise: Callable[..., Image]) -> Case:
    """An artifact, a selection of it, and what an edit makes of it."""
    if request.param == "text":
        text = Text("第一 line, \U0001f600 and more")
        return text, Span(3, 7), span_edit(text, Span(3, 7), "LINE\n")
    if request.param == "melody":
        melody = Melody(
            tuple(Note(480 * n, 480, 60 + n, 10 + n) for n in range(12)),
            program=5,
            tempos=tune.tempos,
            metres=tune.metres,
        )
        return melody, Bars(2, 2), bars_edit(melody, Bars(2, 2))
    image = noise(40, 30, "L")
    pixels = image.pixels.copy()
    pixels[5:9, 5:9] ^= 255
    mask = image.pixels * 0
    mask[5:9, 5:9] = 255
    return image, Mask(mask), Image(pixels)


def test_generate_accept_edit_undo_save_open_export(
    project: Project, tmp_path: Path, case: Case
) -> None:
    artifact, selection, changed = case
    made = Provenance(medium=artifact.medium, generator="g", seed=1, prompt="p")
    first = CandidateRecord("c1", project.store.put(artifact), made)
    project.candidates.add(first)
    project.do(project.candidates.accept("c1"))
    (item,) = project.board.items
    assert item.medium == artifact.medium

    edit = replace(
        made,
        verb="edit",
        selection=selection_to_json(selection),
        parents=(artifact.digest,),
    )
    second = CandidateRecord("c2", project.store.put(changed), edit, target=item.id, use="replace")
    project.candidates.add(second)
    project.do(project.candidates.accept("c2"))
    assert project.store.get(project.board.item(item.id).content) == changed
    project.undo()
    assert project.store.get(project.board.item(item.id).content) == artifact
    project.redo()
    project.do(commands.duplicate(project.board, [item.id]))
    project.do(commands.remove_items(project.board, [item.id]))

    path = tmp_path / "全 部.aigc"
    project.save(path)
    with zipfile.ZipFile(path) as file:
        assert any(name.startswith(f"content/{artifact.medium}/") for name in file.namelist())
    opened = Project.open(path)
    (copy,) = opened.board.items
    assert opened.store.get(copy.content) == changed
    assert copy.provenance == edit
    for _step in range(4):
        opened.undo()
    assert opened.candidates.list() == (first, second)
    opened.close()

    suffix = export.SUFFIXES[artifact.medium][0]
    export.export(changed, tmp_path / f"e{suffix}", edit)
    assert readers.read_artifact(tmp_path / f"e{suffix}") == changed
    assert export.read_provenance(tmp_path / f"e{suffix}") == edit


def test_a_hand_may_write_and_compose(
    project: Project, place: Callable[..., Item], case: Case
) -> None:
    artifact, _selection, changed = case
    item = place(project, artifact)
    new = {item.id: project.store.put(changed)}
    project.do(change_content(project.board, new, "write"))
    assert project.store.get(project.board.item(item.id).content) == changed
    project.undo()
    assert project.board.item(item.id) == item
