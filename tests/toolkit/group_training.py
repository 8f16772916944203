"""One of two processes that train together over gloo: FOLDER RANK STEPS CLOSE_AFTER."""

import json
import os
import sys
from pathlib import Path

os.environ["GLOO_SOCKET_IFNAME"] = "lo"

import torch
from torch import distributed as dist

sys.path.insert(0, str(Path(__file__).parent))

from toolkit_examples import Line, line_loop, train_request

folder, rank, steps, close_after = Path(sys.argv[1]), *map(int, sys.argv[2:])
torch.set_num_threads(1)
dist.init_process_group("gloo", init_method=(folder / "meeting").as_uri(), rank=rank, world_size=2)
line = Line()
if rank == 1:  # it starts from the weights of rank 0 all the same
    torch.nn.init.zeros_(line.net.weight)
loop = line_loop(train_request(folder / str(rank), steps=steps), line)
told = 0
for _event in loop:
    told += 1
    if told == close_after:
        loop.close()
        break
weights = [*line.net.weight[0].tolist(), line.net.bias.item()]
(folder / f"{rank}.json").write_text(json.dumps({"told": told, "weights": weights}))
dist.destroy_process_group()
