"""An argon2 hasher that counts, for tests of what a refusal costs."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError


class CountingHasher(PasswordHasher):
    """As cheap as argon2 allows; ``computed`` counts its computations, failed ones too."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=64, parallelism=1)
        self.computed = 0

    def hash(self, *args: object, **kwargs: object) -> str:
        self.computed += 1
        return super().hash(*args, **kwargs)  # type: ignore[arg-type]

    def verify(self, *args: object, **kwargs: object) -> bool:
        self.computed += 1
        try:
            return super().verify(*args, **kwargs)  # type: ignore[arg-type]
        except InvalidHashError:
            self.computed -= 1  # refused by its form, before any work
            raise
