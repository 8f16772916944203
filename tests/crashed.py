"""A project as the end of its process leaves it, in the middle of work."""

from pathlib import Path

from aigc_studio.project import Project


def crash(project: Project) -> Path:
    """Let go of a project as the system does when its process dies; gives the session's folder."""
    assert project.journal.file is not None
    project.journal.file.close()
    project._lock.release()
    return project.folder
