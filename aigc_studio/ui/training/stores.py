"""Where the train dialog looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from aigc_studio.library import DatasetStore, ModelStore, PackStore, TrainingStore
    from aigc_studio.ui.settings import Settings


class Stores(Protocol):
    """Where the dialog looks: the window's `Studio` has these."""

    @property
    def dataset_store(self) -> DatasetStore:
        """All datasets."""

    @property
    def pack_store(self) -> PackStore:
        """All sample packs."""

    @property
    def model_store(self) -> ModelStore:
        """All models."""

    @property
    def training_store(self) -> TrainingStore:
        """All trainings."""

    @property
    def settings(self) -> Settings:
        """What was asked for the last time."""
