"""A training in a process of its own, which a test kills: FOLDER STEPS RESUME SLEEP.

After every event it writes how far it is. It sleeps between steps so that it can be killed in time.
"""

import sys
import time
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parent))

from toolkit_examples import gan_loop, train_request

from aigc_studio.api import Progress
from aigc_studio.toolkit import run

folder, steps, resume, sleep = sys.argv[1:]
torch.set_num_threads(1)
run.RESUME_EVERY = 0.3
run.PUBLISH_EVERY = 0.5
run._TELL_EVERY = 0.0
request = train_request(Path(folder), steps=int(steps), seed=7, resume=resume == "resume")
for event in gan_loop(request):
    if isinstance(event, Progress):
        sys.stdout.write(f"{event.step}\n")
        sys.stdout.flush()
        time.sleep(float(sleep))
