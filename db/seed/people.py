"""Persons that do not exist: names of common characters, mobiles of a block nobody has."""

from dataclasses import dataclass
from random import Random

from db.enums import Sex

# By frequency, roughly as in the 2020 report on names: the front ones come up more often.
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏"
    "吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万"
    "覃武钱戴严莫孔向常汤"
)
MALE = "伟强磊军勇杰涛超明刚平辉鹏华飞鑫波斌宇浩凯健俊帆帅旭宁龙林阳建国志文海东晨天宏毅峰成"
FEMALE = "芳娜敏静丽艳娟霞秀燕玲桂婷雪梅琳洁莹颖倩欣悦佳怡蕾红英华兰凤丹萍慧琴云莉嘉思雨晓"

# 154 is given to no subscriber.
MOBILE_PREFIX = "154"


@dataclass(frozen=True, slots=True)
class People:
    """A source of persons; the same numbers give the same persons."""

    random: Random

    def sex(self) -> Sex:
        """Slightly more women volunteer."""
        return Sex.FEMALE if self.random.random() < 0.55 else Sex.MALE  # noqa: PLR2004

    def name(self, sex: Sex | None = None) -> str:
        """A name of two or three characters."""
        draw = self.random.random
        given = FEMALE if (sex or self.sex()) is Sex.FEMALE else MALE
        # The square draws from the front.
        surname = SURNAMES[int(draw() ** 2 * len(SURNAMES))]
        first = given[int(draw() * len(given))]
        return surname + first + (given[int(draw() * len(given))] if draw() < 0.75 else "")  # noqa: PLR2004

    def mobile(self) -> str:
        """A mobile number of the right form that rings nowhere."""
        return f"{MOBILE_PREFIX}{int(self.random.random() * 10**8):08d}"
