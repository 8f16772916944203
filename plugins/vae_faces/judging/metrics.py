"""What the measures of this generator are called. Imported to describe it: no torch."""

from __future__ import annotations

from typing import Literal

from aigc_studio.api import Measure


def _measure(
    en: str, zh: str, unit: str = "", better: Literal["", "lower", "higher"] = ""
) -> Measure:
    return Measure(title={"en": en, "zh": zh}, unit=unit, better=better)


METRICS = {
    "hole_psnr_db": _measure("A hole over the face, filled in", "面部缺块的修补", "dB", "higher"),
    "classical_hole_psnr_db": _measure(
        "The same hole, filled in smoothly without a model", "同一缺块的平滑填补（不用模型）", "dB"
    ),
    "scratches_psnr_db": _measure("Thin scratches, filled in", "细划痕的修补", "dB", "higher"),
    "classical_scratches_psnr_db": _measure(
        "The same scratches, filled in smoothly without a model",
        "同样划痕的平滑填补（不用模型）",
        "dB",
    ),
    "hole_ssim": _measure("Likeness with a hole filled in", "修补缺块后的相似度", "", "higher"),
    "scratches_ssim": _measure(
        "Likeness with scratches filled in", "修补划痕后的相似度", "", "higher"
    ),
    "candidates_apart": _measure(
        "How far four repairs of one hole differ, 0.03 can be seen",
        "同一缺块四种修补的差异，0.03 即可看出",
        "",
        "higher",
    ),
    "held_out_db": _measure(
        "Faces, holes and scratches it has not seen, on average",
        "未见人脸的重建、缺块与划痕修补的平均",
        "dB",
        "higher",
    ),
    "reconstruction_db": _measure(
        "Faces it has not seen, drawn again", "未见人脸的重建", "dB", "higher"
    ),
    "hole_db": _measure("Holes in them, filled in", "其中缺块的修补", "dB", "higher"),
    "scratches_db": _measure(
        "Thin scratches on them, filled in", "其上细划痕的修补", "dB", "higher"
    ),
    "told_nats": _measure(
        "What a point tells of an unseen face", "潜变量对未见人脸携带的信息", "nat"
    ),
    "reconstruction_loss": _measure("Drawing again, loss", "重建损失", "", "lower"),
    "finish": _measure("Scratches, loss", "划痕损失", "", "lower"),
    "attribute_loss": _measure("Attributes, loss", "属性损失", "", "lower"),
    "mixed_loss": _measure("Attributes changed, loss", "改变属性的损失", "", "lower"),
    "kl_nats": _measure("What a point tells of a face", "潜变量携带的信息", "nat"),
    "active_numbers": _measure("Numbers of a point that are in use", "潜变量中实际使用的数"),
    "nearer_than_held_out": _measure(
        "Samples nearer to a training picture than unseen ones are",
        "比未见图像更接近训练图像的样本",
        "",
        "lower",
    ),
}
"""The measures of its own, by name; PSNR, SSIM, the Fréchet distance and the others have words."""
