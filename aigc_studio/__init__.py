"""AIGC Studio: a desktop studio for small generative models that you own."""

__version__ = "0.1.0"
