"""What can go wrong in a training, as sentences in both languages."""

from __future__ import annotations

from collections.abc import Iterable

import torch

from aigc_studio.api import GeneratorError, Message

_MEMORY_WORDS = ("not enough memory", "can't allocate memory", "out of memory")


def not_a_number(name: str, step: int, best: int | None) -> GeneratorError:
    """The error for a number that is infinite or none: the training ran away.

    `best` is the step of the best model so far, None when there is none.
    """
    kept, kept_zh = _kept(best)
    return GeneratorError(
        f"The training collapsed at step {step}: {name} is no longer a finite number. {kept} "
        "Start again with a lower learning rate.",
        zh=f"训练在第 {step} 步崩溃：{name} 不再是有限的数。{kept_zh}请降低学习率后重新开始。",
    )


def off_scale(name: str, value: float, step: int, best: int | None) -> GeneratorError:
    """The error for a loss that grew beyond every scale and did not come back."""
    kept, kept_zh = _kept(best)
    return GeneratorError(
        f"The training collapsed at step {step}: {name} has left every scale ({value:.3g}). {kept} "
        "Start again with a lower learning rate.",
        zh=f"训练在第 {step} 步崩溃：{name} 已超出任何正常范围（{value:.3g}）。{kept_zh}"
        "请降低学习率后重新开始。",
    )


def blank_samples(step: int) -> Message:
    """The warning that the samples have nothing in them since this step."""
    return Message(
        {
            "en": f"The samples are blank or all alike since step {step}: the training may have "
            "collapsed. If they stay so, stop it and start again with a lower learning rate or "
            "more data.",
            "zh": f"自第 {step} 步起样本为空白或完全相同：训练可能已崩溃。若一直如此，请停止，"
            "并降低学习率或增加数据后重新开始。",
        },
        "warning",
    )


def no_better_since(best: int, step: int) -> Message:
    """What is said of a training that ends early, at `step`, with the model of `best`."""
    return Message(
        {
            "en": f"The training ended early, at step {step}: on what is held out no model was "
            f"better than that of step {best}, which is kept.",
            "zh": f"训练在第 {step} 步提前结束：在留出的数据上，没有模型优于第 {best} 步的模型，"
            "已保留该模型。",
        }
    )


def blank_end(since: int, best: int | None) -> Message:
    """The warning at the end of a training whose samples are blank; `best` as above."""
    if best is None:
        told = "The model will make nothing but such"
        told_zh = "模型只会生成这样的结果"
    else:
        told = f"The best model is that of step {best}, from before"
        told_zh = f"最佳模型是此前第 {best} 步的模型"
    return Message(
        {
            "en": "The training collapsed: its samples are blank or all alike since step "
            f"{since}. {told}. Start again with a lower learning rate or more data.",
            "zh": f"训练已崩溃：自第 {since} 步起样本为空白或完全相同。{told_zh}。"
            "请降低学习率或增加数据后重新开始。",
        },
        "warning",
    )


def much_alike(varied: float) -> Message:
    """The warning that what a model draws is much alike: so much `varied` as real pictures are."""
    return Message(
        {
            "en": f"What it draws is much alike: {varied:.0%} as varied as real pictures (of one "
            "class, where there are classes). Either it has learnt too little yet, or it has lost "
            "its variety, which is called mode collapse: then train anew with a lower learning "
            "rate or another loss.",
            "zh": f"它画的图像彼此很像：多样性只有真实图像的 {varied:.0%}（有类别时指同一类别内）。"
            "或者是学得还不够，或者是失去了多样性，即模式崩溃（mode collapse）："
            "若是后者，请降低学习率或更换损失函数，重新训练。",
        },
        "warning",
    )


def lost_variety(before: float, now: float) -> Message:
    """The warning that samples have become alike while a net learns: mode collapse."""
    return Message(
        {
            "en": f"The samples have become alike: once {before:.0%} as varied as the data, now "
            f"{now:.0%}. That is called mode collapse. If it stays so, stop, and "
            "start again with a lower learning rate or another loss.",
            "zh": f"样本变得彼此很像：多样性曾为数据的 {before:.0%}，现在只有 {now:.0%}。"
            "这称为模式崩溃（mode collapse）。若一直如此，请停止，"
            "降低学习率或更换损失函数后重新开始。",
        },
        "warning",
    )


def not_measured(names: Iterable[str], step: int) -> Message:
    """The warning for measures that came out as no number."""
    told = ", ".join(sorted(names))
    return Message(
        {
            "en": f"At step {step} {told} could not be measured: it is not a finite number.",
            "zh": f"第 {step} 步无法测得 {told}：结果不是有限的数。",
        },
        "warning",
    )


def former_state(reason: str) -> Message:
    """The remark that a training goes on from the state before the last one."""
    return Message(
        {
            "en": f"The newest saved state of this training is damaged ({reason}): it goes on "
            "from the one before.",
            "zh": f"此训练最新保存的状态已损坏（{reason}）：将从前一个状态继续。",
        },
        "warning",
    )


def plan_lost() -> Message:
    """The remark that the plan of an interrupted training could not be read."""
    return Message(
        {
            "en": "The plan of this training is damaged: it goes on by the one kept with its "
            "saved state, and may end a little sooner or later.",
            "zh": "此训练的计划文件已损坏：将按随状态保存的计划继续，结束时间可能略有不同。",
        },
        "warning",
    )


def state_lost(reason: str) -> GeneratorError:
    """The error for a training that cannot go on because its saved states are damaged."""
    return GeneratorError(
        f"The saved state of this training is damaged ({reason}), so it cannot go on: keep the "
        "best model that it has made so far, or start it again.",
        zh=f"此训练保存的状态已损坏（{reason}），无法继续：请保留目前最好的模型，或重新开始训练。",
    )


def not_divisible(size: int, processes: int) -> GeneratorError:
    """The error for batches that the processes cannot share evenly."""
    return GeneratorError(
        f"{processes} processes cannot share batches of {size} evenly: choose a batch size that "
        f"{processes} divides, or another number of processes.",
        zh=f"{processes} 个进程无法平均分配大小为 {size} 的批量：请选择能被 {processes} 整除的批量"
        "大小，或更改进程数。",
    )


def _kept(best: int | None) -> tuple[str, str]:
    if best is None:
        return "It had made no sound model yet.", "此前尚未产生可用的模型。"
    return f"Its best model, of step {best}, is kept.", f"第 {best} 步的最佳模型已保留。"


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
        f"The training cannot write its checkpoint ({reason}): free up space on the disk, then "
        "go on or begin again.",
        zh=f"训练无法写入检查点（{reason}）：请腾出磁盘空间后继续或重新开始。",
    )


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an exception of Python or torch says that memory ran out."""
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    told = str(error).lower()
    return isinstance(error, RuntimeError) and any(words in told for words in _MEMORY_WORDS)
