"""The conformance kit: what a generator must keep to, checked through real workers.

A plugin's own test is three lines:

    from aigc_studio.testing import GeneratorConformance

    class TestMine(GeneratorConformance):
        plugin = "mine.py"
"""

from aigc_studio.testing.conformance import CHECKS, GeneratorConformance, check_plugin
from aigc_studio.testing.datasets import draw, write_dataset
from aigc_studio.testing.report import Check, Report, Violation

__all__ = [
    "CHECKS",
    "Check",
    "GeneratorConformance",
    "Report",
    "Violation",
    "check_plugin",
    "draw",
    "write_dataset",
]
