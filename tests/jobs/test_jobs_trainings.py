"""What a training job keeps of a training that never ends: no more than is looked at."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from aigc_studio.api import Checkpoint, Preview, Text
from aigc_studio.host import PluginRecord, PluginSource
from aigc_studio.jobs import TrainingJob
from aigc_studio.jobs.training import CHECKPOINTS_KEPT, PREVIEWS_KEPT
from aigc_studio.library import DatasetStore, ModelStore, TrainingStore
from aigc_studio.library.drafts import Draft
from aigc_studio.library.new_trainings import NewTraining


def test_of_thousands_of_checkpoints_and_previews_some_are_kept(qtbot: QtBot) -> None:
    list(DatasetStore().write("d", "text", [Draft(Text("a")), Draft(Text("b"))], {}))
    training = TrainingStore().create(
        NewTraining("g", DatasetStore().open("d"), name="mine", steps=9)
    )
    record = PluginRecord(PluginSource("file", "g"), "ready")
    job = TrainingJob(record, training, ModelStore(), "mine", "Mine", None)
    for step in range(3000):
        job.checkpoint_received.emit(Checkpoint(Path(f"{step}"), step))
        job.preview_received.emit(Preview(Text("a"), step))
    assert [each.step for each in job.checkpoints] == list(range(3000 - CHECKPOINTS_KEPT, 3000))
    assert len(job.previews) == PREVIEWS_KEPT
    assert (job.previews[0].step, job.previews[-1].step) == (0, 2999)
