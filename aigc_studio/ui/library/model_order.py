"""In which order models are listed: by name, or from best to worst by a measure they share."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QWidget

from aigc_studio.api.description import Measure
from aigc_studio.library.measures import in_common, measure_name, own_words, rank, value_words
from aigc_studio.library.model_info import ModelInfo
from aigc_studio.translation import _
from aigc_studio.ui.forms.controls import Choice

Words = Mapping[str, Mapping[str, Measure]]
"""What plugins call measures of their own, by generator."""


class ModelOrder(Choice):
    """The choice of an order; hidden while there is nothing to choose."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Order of the models"))
        self.setToolTip(_("In which order the models are listed"))
        self._words: Words = {}
        self.hide()

    def offer(self, models: Mapping[str, ModelInfo], words: Words) -> None:
        """Offer the measures that two of these models or more have; what is chosen stays."""
        self._words, chosen = words, self.currentData()
        own = {
            name: each
            for model in models.values()
            for name, each in own_words(model.card, words.get(model.generator)).items()
        }
        self.blockSignals(True)
        self.clear()
        self.addItem(_("By name"), "")
        for name in in_common([model.card for model in models.values()], own):
            title = measure_name(name, own)
            self.addItem(_("Best first: {measure}").format(measure=title), name)
        self.setCurrentIndex(max(self.findData(chosen), 0))
        self.blockSignals(False)
        self.setVisible(self.count() > 1)

    def in_order(self, models: Mapping[str, ModelInfo]) -> dict[str, ModelInfo]:
        """The models in the order that is chosen; those that were not measured so come last."""
        name = self.currentData()
        if not name:
            return dict(models)

        def place(each: tuple[str, ModelInfo]) -> float:
            return rank(each[1].card, name, self._words.get(each[1].generator))

        return dict(sorted(models.items(), key=place))

    def about(self, model: ModelInfo) -> str:
        """What a model is sorted by, to be told beside its name; empty where it has no such."""
        name = self.currentData()
        own = own_words(model.card, self._words.get(model.generator))
        value = value_words(model.card, name, own) if name else ""
        if not value:
            return ""
        return _("{title}: {value}").format(title=measure_name(name, own), value=value)
