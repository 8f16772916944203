"""What is kept on disk: datasets, sample packs, models, trainings. No Qt.

`readers` and `checks` look at a person's files, `datasets` keeps examples, `packs` fetches sample
data, `models` keeps what training made, `trainings` what is under way. The names here load their
modules when they are first asked for.
"""

from typing import TYPE_CHECKING

from aigc_studio import late

if TYPE_CHECKING:
    from aigc_studio.library.datasets import DatasetInfo, DatasetStore
    from aigc_studio.library.model_info import ModelInfo
    from aigc_studio.library.models import ModelStore
    from aigc_studio.library.new_trainings import NewTraining
    from aigc_studio.library.options import ImportOptions
    from aigc_studio.library.pack_manifests import SamplePack
    from aigc_studio.library.packs import PackStore
    from aigc_studio.library.preflights import Preflight
    from aigc_studio.library.surveying import FileCheck
    from aigc_studio.library.trainings import Training, TrainingStore

_home_of = {
    "FileCheck": "surveying",
    "Preflight": "preflights",
    "DatasetInfo": "datasets",
    "DatasetStore": "datasets",
    "ModelInfo": "model_info",
    "ModelStore": "models",
    "ImportOptions": "options",
    "NewTraining": "new_trainings",
    "PackStore": "packs",
    "SamplePack": "pack_manifests",
    "Training": "trainings",
    "TrainingStore": "trainings",
}

__all__ = [
    "DatasetInfo",
    "DatasetStore",
    "FileCheck",
    "ImportOptions",
    "ModelInfo",
    "ModelStore",
    "NewTraining",
    "PackStore",
    "Preflight",
    "SamplePack",
    "Training",
    "TrainingStore",
]

__getattr__ = late.names(__name__, _home_of)
