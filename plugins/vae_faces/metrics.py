"""What the measures of this generator are called. Imported to describe it: no torch."""

from __future__ import annotations

from aigc_studio.api import Measure

METRICS = {
    "hole_psnr_db": Measure(
        title={"en": "A hole over the face, filled in", "zh": "面部缺块的修补"},
        unit="dB",
        better="higher",
    ),
    "classical_hole_psnr_db": Measure(
        title={"en": "The same hole, filled in smoothly without a model", "zh": "同一缺块的平滑填补（不用模型）"},
        unit="dB",
    ),
    "hole_ssim": Measure(
        title={"en": "Likeness with a hole filled in", "zh": "修补缺块后的相似度"}, better="higher"
    ),
    "scratches_psnr_db": Measure(
        title={"en": "Thin scratches, filled in", "zh": "细划痕的修补"}, unit="dB", better="higher"
    ),
    "classical_scratches_psnr_db": Measure(
        title={"en": "The same scratches, filled in smoothly without a model", "zh": "同样划痕的平滑填补（不用模型）"},
        unit="dB",
    ),
    "scratches_ssim": Measure(
        title={"en": "Likeness with scratches filled in", "zh": "修补划痕后的相似度"}, better="higher"
    ),
    "candidates_apart": Measure(
        title={"en": "How far four repairs of one hole differ (0.03 can be seen)", "zh": "同一缺块四种修补的差异（0.03 即可看出）"},
        better="higher",
    ),
    "kl_nats": Measure(
        title={"en": "What a point tells of a face", "zh": "潜在点所含的面部信息"}, unit="nat"
    ),
    "active_numbers": Measure(
        title={"en": "Numbers of a point that are in use", "zh": "潜在点中实际使用的数"}
    ),
    "nearer_than_held_out": Measure(
        title={"en": "Samples nearer to a training picture than unseen ones are", "zh": "比未见图像更接近训练图像的样本"},
        better="lower",
    ),
}  # fmt: skip
"""The measures of its own, by name; PSNR, SSIM, the Fréchet distance and the others have words."""
