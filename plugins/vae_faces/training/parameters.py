"""The parameters of training, as the form shows them."""

from __future__ import annotations

from typing import Final, Literal

from aigc_studio import toolkit
from aigc_studio.api import Parameters, parameter

AUTO: Final = "auto"
DRAWING, TOUCHING = "drawing", "touches"
FILLING, FINISHING = "filling", "scratches"
Size = Literal["auto", "32", "48", "64", "96", "128"]
Colour = Literal["auto", "grey", "rgb", "rgba"]
Flips = Literal["auto", "yes", "no"]
Learns = Literal["all", "drawing", "touches", "filling", "scratches"]

_AUTO = {"en": "Automatic", "zh": "自动"}
_PICTURE = {"en": "Picture", "zh": "图像"}
_PICTURES = {"en": "pictures", "zh": "张"}
_BATCH = {
    "en": "Pictures seen in each step. More makes steps steadier and slower.",
    "zh": "每一步看到的图像数。越大越稳定，但越慢。",
}
_SIDES = ("32", "48", "64", "96", "128")


class TrainParameters(Parameters):
    """How a model is trained."""

    size: Size = parameter(
        AUTO,
        {"en": "Picture size", "zh": "图像尺寸"},
        help={
            "en": "Pixels a side of what the model makes. Automatic takes the size of your "
            "pictures (64 at most), or that of the model to go on from. Larger takes longer.",
            "zh": "模型生成图像的边长。自动则取您的图像（至多 64）或起始模型的尺寸。尺寸越大越慢。",
        },
        unit={"en": "pixels", "zh": "像素"},
        choices={AUTO: _AUTO} | {side: f"{side} × {side}" for side in _SIDES},
        group=_PICTURE,
    )
    colour: Colour = parameter(
        AUTO,
        {"en": "Colour", "zh": "颜色"},
        help={
            "en": "Automatic makes colour pictures when yours have colour, and transparent ones "
            "when yours are.",
            "zh": "自动：您的图像有颜色时生成彩色图像，有透明部分时生成透明图像。",
        },
        choices={
            AUTO: _AUTO,
            "grey": {"en": "Grey", "zh": "灰度"},
            "rgb": {"en": "Colour (RGB)", "zh": "彩色（RGB）"},
            "rgba": {"en": "Colour with transparency (RGBA)", "zh": "带透明度的彩色（RGBA）"},
        },
        group=_PICTURE,
        advanced=True,
    )
    use_attributes: bool = parameter(
        True,
        {"en": "Learn the attributes", "zh": "学习属性"},
        help={
            "en": "Where the data says what is seen (beard, hair colour), you can ask for it and "
            "change it afterwards. Off: they are not looked at.",
            "zh": "数据标注了所见内容（胡子、发色等）时，之后可按此指定和修改。关闭：不使用属性。",
        },
        group=_PICTURE,
    )
    use_kinds: bool = parameter(
        True,
        {"en": "Learn the kinds", "zh": "学习种类"},
        help={
            "en": "Where pictures lie in folders by what they show (oak, maple), you can ask for "
            "one kind afterwards. Folders that say who is who are not learnt. Off: folders are "
            "not looked at.",
            "zh": "图像按所示内容分文件夹（如橡树、枫树）时，之后可指定种类。"
            "表示人物身份的文件夹不会学习。关闭：不看文件夹。",
        },
        group=_PICTURE,
    )
    learns: Learns = parameter(
        "all",
        {"en": "What is learnt", "zh": "训练内容"},
        help={
            "en": "To go on from a model with one thing alone takes half as long and leaves the "
            "rest as it is: drawing is faces and their attributes, touches are what drawings leave "
            "out of the faintest attributes (one step is enough), filling is holes and damage, "
            "scratches are how the finest of them are filled.",
            "zh": "在已有模型上只训练一项，用时减半，其余保持不变："
            "“绘制”指人脸及其属性，“补笔”指绘制时漏掉的最不明显的属性细节（一步即可），"
            "“修补”指缺块与损伤，“划痕”指最细划痕的修补。",
        },
        choices={
            "all": {"en": "Drawing and filling", "zh": "绘制与修补"},
            "drawing": {"en": "Drawing alone", "zh": "仅绘制"},
            "touches": {"en": "Touches of attributes alone", "zh": "仅属性的补笔"},
            "filling": {"en": "Filling alone", "zh": "仅修补"},
            "scratches": {"en": "Scratches alone", "zh": "仅划痕"},
        },
        group=toolkit.TRAINING,
        advanced=True,
    )
    attribute_weight: float = parameter(
        1.0,
        {"en": "Weight of the attributes", "zh": "属性的权重"},
        help={
            "en": "Higher: faces show what is asked for more often, small things such as a mouth "
            "above all, and are a little less exact in everything else.",
            "zh": "越高：所要求的属性（尤其是嘴等细小之处）越常如愿呈现，其余部分略欠精确。",
        },
        minimum=0.0,
        maximum=10.0,
        step=0.5,
        group=toolkit.TRAINING,
        advanced=True,
    )
    scratches: float = parameter(
        0.35,
        {"en": "Scratches among the holes", "zh": "缺块中划痕的比例"},
        help={
            "en": "How many of the holes that it learns to fill are scratches alone; half of what "
            "is left are patches or more.",
            "zh": "学习修补时，仅含划痕的缺块所占的比例；其余以成片的缺块为主。",
        },
        minimum=0.0,
        maximum=1.0,
        step=0.05,
        group=toolkit.TRAINING,
        advanced=True,
    )
    flips: Flips = parameter(
        AUTO,
        {"en": "Mirror half of the pictures", "zh": "镜像一半图像"},
        help={
            "en": "Makes few pictures go further where left and right do not matter. Automatic "
            "does it for fewer than 1,000 pictures without attributes, unless mirrored ones look "
            "like another kind.",
            "zh": "左右无关时，可让少量图像更耐用。"
            "自动：少于 1000 张、无属性且镜像后不会混淆种类时启用。",
        },
        choices={
            AUTO: _AUTO,
            "yes": {"en": "Yes", "zh": "是"},
            "no": {"en": "No", "zh": "否"},
        },
        group=toolkit.TRAINING,
    )
    augmentation: float = parameter(
        -1.0,
        {"en": "Augmentation", "zh": "数据增强"},
        help={
            "en": "How strongly pictures are turned, stretched, moved and lit differently. Few "
            "pictures need it; 0 turns it off, -1 goes by their number.",
            "zh": "旋转、拉伸、平移和改变光照的强度。图像少时需要；0 为关闭，-1 按数量自动决定。",
        },
        minimum=-1.0,
        maximum=2.0,
        step=0.1,
        group=toolkit.TRAINING,
        advanced=True,
    )
    beta: float = parameter(
        1.0,
        {"en": "Weight of the divergence (β)", "zh": "KL 散度权重（β）"},
        help={
            "en": "Higher: points tell less, so that drawn faces are more plausible and "
            "reconstructions less exact (Higgins et al. 2017).",
            "zh": "越高：潜变量携带的信息越少，生成的脸更合理，"
            "重建则不那么精确（Higgins 等，2017）。",
        },
        minimum=0.01,
        maximum=100.0,
        scale="log",
        group=toolkit.TRAINING,
        advanced=True,
    )
    free_bits: float = parameter(
        0.01,
        {"en": "Free information", "zh": "自由比特（free bits）"},
        help={
            "en": "What each number of a point may tell at no cost, so that the divergence does "
            "not vanish (Kingma et al. 2016).",
            "zh": "潜变量中每个数可免费携带的信息量，防止散度消失（Kingma 等，2016）。",
        },
        unit={"en": "nats", "zh": "奈特"},
        minimum=0.0,
        maximum=2.0,
        step=0.01,
        group=toolkit.TRAINING,
        advanced=True,
    )
    learning_rate: float = toolkit.learning_rate(2e-3, most=1e-2)
    batch_size: int = toolkit.batch_size(16, _BATCH, unit=_PICTURES, least=4, most=256)
    width: int = parameter(
        0,
        {"en": "Network width", "zh": "网络宽度"},
        help={
            "en": "Channels of the widest picture. 0: automatic. Doubling it makes training about "
            "three times slower.",
            "zh": "最大一层的通道数。0：自动。加倍后训练约慢三倍。",
        },
        unit={"en": "channels", "zh": "通道"},
        minimum=0,
        maximum=64,
        step=4,
        group=toolkit.NETWORK,
        advanced=True,
    )
