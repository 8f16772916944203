"""What an installation would change, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from aigc_studio.translation import _, enumerated, ngettext
from aigc_studio.ui import theme
from aigc_studio.ui.labels import Label
from aigc_studio.ui.library.facts import Facts
from aigc_studio.ui.library.formats import size_text

if TYPE_CHECKING:
    from aigc_studio.host.packages.installing import Plan
    from aigc_studio.host.packages.wheels import Wheel


class PlanView(QScrollArea):
    """The plugin's package, what comes beside it, and what stays as it is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(_("What would change"))
        self.title, self.summary = Label(wordWrap=True), Label(wordWrap=True)
        theme.set_kind(self.title, "heading")
        self.facts = Facts(120)
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(0, theme.GAP, theme.GAP, 0)
        layout.setSpacing(theme.GAP)
        for widget in (self.title, self.summary, self.facts):
            layout.addWidget(widget)
        layout.addStretch(1)
        self.setWidget(inside)
        self.hide()

    def show_plan(self, plan: Plan) -> None:
        """Show what this plan would do."""
        own = plan.plugin
        title = _("{name} {version}").format(name=own.name, version=own.version)
        if plan.former == own.version:
            title = _("{name} {version}, once more").format(name=own.name, version=own.version)
        elif plan.former:
            title = _("{name}: {former} becomes {version}").format(
                name=own.name, former=plan.former, version=own.version
            )
        self.title.setText(title)
        self.summary.setText(own.summary)
        self.summary.setVisible(bool(own.summary))
        unknown = _("Does not say")
        self.facts.show_facts([
            (_("Author"), own.author or unknown),
            (_("Licence"), own.licence or unknown),
            (_("From"), own.origin),
            (_("Size"), _size(plan)),
            (_("Comes with it"), "\n".join(map(_told, plan.beside)) or _("nothing")),
            (_("Asks for"), _asks(own)),
            (_("Goes into"), str(plan.folder)),
            (_("Stays as it is"), _stays(plan)),
        ])  # fmt: skip
        self.show()


def _size(plan: Plan) -> str:
    count = 1 + len(plan.beside)
    text = ngettext("{size} in {count} package", "{size} in {count} packages", count)
    return text.format(size=size_text(plan.size), count=count)


def _told(wheel: Wheel) -> str:
    told = [size_text(wheel.size), wheel.licence or _("no licence named")]
    about = enumerated(told)
    return _("{name} {version} ({about})").format(
        name=wheel.name, version=wheel.version, about=about
    )


def _asks(wheel: Wheel) -> str:
    asked = [f"Python {wheel.python}"] if wheel.python else []
    return enumerated([*asked, *([wheel.of_the_studio] if wheel.of_the_studio else [])])


def _stays(plan: Plan) -> str:
    if plan.environment:
        return _("The studio's own packages: the plugin gets a Python of its own.")
    return _("The studio's own packages, and your models.")
