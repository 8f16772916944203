"""The studio's own checks, each a test of its own; add yours below."""

from aigc_studio.testing import GeneratorConformance


class TestNewPlugin(GeneratorConformance):
    plugin = "new_plugin.py"
