"""A decision on access, in words."""

from schema.visibility import OVERSEERS, attribute, object_type


@object_type(to=OVERSEERS, description="Why something is allowed or refused (权限说明)")
class AccessExplanation:
    """An explanation; the objects are ``Explanation``."""

    allowed: bool = attribute(to=OVERSEERS, description="Whether it is allowed (是否允许)")
    because: str = attribute(
        to=OVERSEERS, description="Edge that grants, or what is missing (依据)"
    )
    steps: list[str] = attribute(to=OVERSEERS, description="Walk to the decision (判断过程)")
