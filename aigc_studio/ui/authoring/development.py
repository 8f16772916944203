"""A window for one plugin that is being written: it follows its file, from save to result."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTime, Slot

from aigc_studio.jobs import Job, JobError, JobState
from aigc_studio.translation import _
from aigc_studio.ui.authoring.band import Band
from aigc_studio.ui.authoring.details_window import bring_up
from aigc_studio.ui.authoring.editor import open_in_editor
from aigc_studio.ui.authoring.watch import Watch
from aigc_studio.ui.log_window import tail

if TYPE_CHECKING:
    from aigc_studio.host import PluginRecord, PluginSource, Run
    from aigc_studio.ui.authoring.check_window import CheckWindow
    from aigc_studio.ui.authoring.details_window import DetailsWindow
    from aigc_studio.ui.prompt.values import Prompt
    from aigc_studio.ui.window.window import StudioWindow

_AGAIN = "run_again"
"""The flag that what was made last is made anew after each reload."""
_STACK = 16 * 1024
"""Bytes of a log's end that a stack is looked for in."""


class Development(QObject):
    """Has a window be about one plugin: marked, watched, reloaded. `editor` is a command.

    The others are out of the way unless `everything` is to be offered.
    """

    def __init__(
        self,
        window: StudioWindow,
        source: PluginSource,
        *,
        everything: bool = False,
        editor: str = "",
    ) -> None:
        super().__init__(window)
        self._window, self._studio, self._panel = window, window.studio, window.panel
        self._source, self._editor = source, editor
        self._last: Prompt | None = None
        self._log: Path | None = None
        self._is_told = False
        self._chosen = ""
        self._studio.developed, self._studio.offers_all = source, everything
        self._panel.faults.elsewhere = source
        self._panel.nothing = _("Its form appears as soon as it can be read: fix it, and save.")
        self.band = Band(source.file_name)
        self._panel.lay_over(self.band)
        self.band.again.setChecked(self._studio.settings.flag(_AGAIN))
        self.watch = Watch(source, self)
        self._connect()
        window.show_title()
        self._studio.records_changed.emit()  # others may be offered now

    def _connect(self) -> None:
        studio, band = self._studio, self.band
        self.watch.changed.connect(self.reload)
        studio.renewal.began.connect(self._note_began)
        studio.renewal.renewed.connect(self._note_renewed)
        studio.records_changed.connect(self._note_records)
        studio.jobs.job_changed.connect(self._note_job)
        studio.jobs.preview_failed.connect(self._show_error)
        for asked in (self._panel.generate_requested, self._panel.edit_requested):
            asked.connect(self._note_asked)
        band.reload_wanted.connect(self.reload)
        band.log_wanted.connect(self._show_log)
        band.check_wanted.connect(self._check)
        band.again.toggled.connect(lambda on: studio.settings.set_flag(_AGAIN, on))
        band.fault.open_wanted.connect(self._open)
        band.fault.details_wanted.connect(self._show_details)

    @cached_property
    def details(self) -> DetailsWindow:
        """The traceback and the log."""
        from aigc_studio.ui.authoring.details_window import DetailsWindow

        return DetailsWindow(lambda: self._studio.jobs.pool.log_of(self._source), self._window)

    @cached_property
    def checks(self) -> CheckWindow:
        """What the conformance tests say."""
        from aigc_studio.host.precedence import named_by
        from aigc_studio.ui.authoring.check_window import CheckWindow

        return CheckWindow(named_by(self._source) or self._source.path, self._window)

    @property
    def record(self) -> PluginRecord | None:
        """What is known of the plugin, if it was read by now."""
        records = self._studio.registry.records
        return next((each for each in records if each.source == self._source), None)

    @property
    def generator(self) -> str:
        """Its id, as far as it is known."""
        record = self.record
        return record.description.id if record is not None and record.description else ""

    # Its code

    @Slot()
    def reload(self) -> None:
        """Read the code as it is now."""
        self._studio.renewal.renew(self._source)

    @Slot(object)
    def _note_began(self, source: PluginSource) -> None:
        if source == self._source:
            self.band.show_reading()

    @Slot()
    def _note_records(self) -> None:
        """It was read with all the others, at the start, or more is known of it now."""
        record = self.record
        if record is None or self._studio.scanning:
            return
        if self._is_told:
            self._show_warnings(record)
            return
        self._show_record(record, _("Read at {time}").format(time=_now()))

    @Slot(object, float)
    def _note_renewed(self, record: PluginRecord, seconds: float) -> None:
        if record.source != self._source:
            return
        words = _("Reloaded {time} · {seconds} s")
        self._show_record(record, words.format(time=_now(), seconds=f"{seconds:.1f}"))
        if record.state == "ready" and self.band.again.isChecked():
            self._run_again()

    def _show_record(self, record: PluginRecord, words: str) -> None:
        self._is_told = True
        self._log = None
        if record.state == "ready":
            self._choose()
            self._panel.set_errors({})  # those of the code of before
            self.band.show_ready(words, self._note())
            self._show_warnings(record)
            return
        words = _("Broken since {time}").format(time=_now())
        self.band.show_broken(words, record.reason, record.file, record.line, record.details)

    def _show_warnings(self, record: PluginRecord) -> None:
        """Those of its action too: they come into the record when it has ended."""
        if record.state == "ready":
            self.band.show_warnings((*record.warnings, *record.outdated))

    def _choose(self) -> None:
        """It is chosen when it comes, and when it calls itself otherwise; not at each reload."""
        if self.generator != self._chosen:
            self._chosen = self.generator
            self._panel.choose(self.generator)

    def _note(self) -> str:
        """What still has the code of before."""
        jobs = self._studio.jobs
        if any(job.generator == self.generator for job in jobs.trainings):
            return _("The training under way goes on with the code it began with.")
        if any(self._is_former(job) for job in jobs.under_way(self.generator)):
            return _("What is being made uses the old code: Cancel ends it.")
        return ""

    def _is_former(self, job: Job) -> bool:
        """Whether a job has begun, and with other code than there is now."""
        record = self.record
        return job.run is not None and record is not None and job.record.stamp != record.stamp

    # What is asked of it

    @Slot(object)
    def _note_asked(self, prompt: Prompt) -> None:
        self._last = prompt

    def _run_again(self) -> None:
        """Ask for the same as last time, with the same seed, as the form is now."""
        self._window.session.cancel()
        shown, last = self._panel.prompt(), self._last
        if self._panel.why_not():
            return
        if shown is None or last is None or last.verb != shown.verb:
            self._panel.run()
            return
        again = replace(shown, seed=last.seed)
        requested = self._panel.edit_requested if last.verb == "edit" else None
        (requested or self._panel.generate_requested).emit(again)

    @Slot(object)
    def _note_job(self, job: Job) -> None:
        if job.generator != self.generator or job.record.source != self._source:
            return
        if job.state is JobState.FAILED and job.error is not None:
            self._show_error(job.error)
        elif job.state is JobState.DONE and self._is_ready():
            self.band.fault.clear()
        elif job.state is JobState.CANCELLED and not self._is_former(job):
            self._show_standing(job.run)
        if job.state.ended and self._is_ready():
            self.band.say_note(self._note())

    @Slot(object)
    def _show_error(self, error: JobError) -> None:
        """The plugin broke while it was at work; what a person can mend stands in the panel."""
        if self._studio.is_for_author(error) and self._is_ready():
            self._log = Path(error.log) if error.log else None
            self.band.fault.show_fault(error.sentence, error.file, error.line, error.details)

    def _show_standing(self, run: Run | None) -> None:
        """It was cancelled, came to no `yield`, and was ended: its log says where it stood."""
        from aigc_studio.wire.places import own_code, place_in_log

        if run is None or not run.was_killed or run.log is None or not self._is_ready():
            return
        _before, begun, stack = tail(run.log, _STACK).rpartition("Timeout (")
        place = place_in_log(stack, own_code(run.record.source.to_json(), run.record.home))
        if not begun or place is None:
            return
        self._log = run.log
        sentence = _(
            "It was cancelled, reached no `yield`, and was ended. This is where it stood: yield "
            "in between."
        )
        self.band.fault.show_fault(sentence, place.file, place.line, begun + stack)

    def _is_ready(self) -> bool:
        record = self.record
        return record is not None and record.state == "ready"

    # What its author looks at

    @Slot(str, int)
    def _open(self, file: str, line: int) -> None:
        if not open_in_editor(file, line, self._editor):
            sentence = _("No editor could be opened: say which with --editor, or in VISUAL.")
            self._studio.say(sentence, "warning")

    @Slot(str)
    def _show_details(self, details: str) -> None:
        self.details.show_details(details, self._log)

    @Slot()
    def _show_log(self) -> None:
        self.details.show_details()

    @Slot()
    def _check(self) -> None:
        bring_up(self.checks)
        if not self.checks.is_running:
            self.checks.begin()


def _now() -> str:
    return QTime.currentTime().toString("HH:mm:ss")
