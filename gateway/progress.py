"""Progress bars on a terminal, for work that tells how far it is."""

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)


class ProgressBars:
    """One bar for each step; drawn when the first step begins and closed when the last is done."""

    def __init__(self, console: Console) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
        )
        self._steps: dict[str, TaskID] = {}
        self._open: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def __call__(self, step: str, done: int, total: int | None, /) -> None:
        """Moves the bar of a step."""
        if step not in self._steps:
            self._steps[step] = self._progress.add_task(step, total=total)
        if not self._open:
            self._progress.start()
        self._open.add(step)
        self._progress.update(self._steps[step], completed=done, total=total)
        if total is not None and done >= total:
            self._open.discard(step)
            if not self._open:
                self._progress.stop()
