"""What can go wrong in a training, as sentences in both languages."""

from __future__ import annotations

import torch

from aigc_studio.api import GeneratorError

_MEMORY_WORDS = ("not enough memory", "can't allocate memory", "out of memory")


def not_a_number(name: str, step: int) -> GeneratorError:
    """The error for a number that is infinite or none: the training ran away."""
    return GeneratorError(
        f"The training ran away at step {step}: {name} is no longer a finite number. The last good "
        "checkpoint was kept; start again with a lower learning rate.",
        zh=f"训练在第 {step} 步发散：{name} 不再是有限的数。已保留最后一个正常的检查点；"
        "请降低学习率后重新开始。",
    )


def out_of_memory() -> GeneratorError:
    """The error for too little memory."""
    return GeneratorError(
        "There is not enough memory for this training: choose a smaller batch, width or size.",
        zh="内存不足，无法进行此训练：请减小批量、网络宽度或尺寸。",
    )


def cannot_write(error: OSError) -> GeneratorError:
    """The error for a checkpoint that could not be written."""
    reason = error.strerror or str(error)
    return GeneratorError(
        f"The training cannot write its checkpoint ({reason}): make room on the disk and resume.",
        zh=f"训练无法写入检查点（{reason}）：请腾出磁盘空间后继续。",
    )


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an exception of Python or torch says that memory ran out."""
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    told = str(error).lower()
    return isinstance(error, RuntimeError) and any(words in told for words in _MEMORY_WORDS)
