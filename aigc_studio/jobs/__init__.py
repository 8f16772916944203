"""Actions under way, as Qt sees them: the queue, progress, pause, cancel, results."""

from aigc_studio.jobs.errands import Errands
from aigc_studio.jobs.garbage import GarbageTimer
from aigc_studio.jobs.job import Job, JobError, JobState
from aigc_studio.jobs.mailbox import Mailbox
from aigc_studio.jobs.memory import resident_bytes
from aigc_studio.jobs.queue import JobQueue
from aigc_studio.jobs.training import TrainingJob

__all__ = [
    "Errands",
    "GarbageTimer",
    "Job",
    "JobError",
    "JobQueue",
    "JobState",
    "Mailbox",
    "TrainingJob",
    "resident_bytes",
]
