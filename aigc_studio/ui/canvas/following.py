"""How what is marked follows a content that changed under it: by the rules of accepting."""

from aigc_studio.project.following import Stretch, followed

__all__ = ["Stretch", "followed"]
