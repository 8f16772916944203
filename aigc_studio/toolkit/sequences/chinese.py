"""Chinese in both scripts: what people type is brought to the script that a model learnt."""

from aigc_studio.chinese import simplified, traditional

__all__ = ["simplified", "traditional"]
