"""RNN text goes through the same gate as a stranger's plugin, from its folder."""

from pathlib import Path

import pytest
import rnn_text
from quick_checks import QUICK, SMALL

from aigc_studio.testing import GeneratorConformance


@pytest.mark.slow
@pytest.mark.timeout(300)
class TestRnnText(GeneratorConformance):
    plugin = Path(rnn_text.__file__).parent
    steps = 3
    parameters = SMALL["rnn-text"]
    only = QUICK
