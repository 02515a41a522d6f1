"""The fonts of certificates, and which characters they lack."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, TypeVar

import pylopdf_fonts_zh_cn as package
import uharfbuzz

T = TypeVar("T")

SHOWN_INSTEAD = "〓"  # what printers set for a character that they have no type for


@dataclass(frozen=True, slots=True)
class Fonts:
    """The faces in the order in which they are tried, and the folder that holds them."""

    folder: Path
    faces: Sequence[uharfbuzz.Font]

    @classmethod
    def load(cls) -> Self:
        """Noto Serif SC, and Noto Sans SC for what it lacks; the files are mapped, not read."""
        files = (package.serif_path(), package.sans_path())
        blobs = (uharfbuzz.Blob.from_file_path(str(file)) for file in files)
        return cls(files[0].parent, [uharfbuzz.Font(uharfbuzz.Face(blob)) for blob in blobs])

    def lacks(self, character: str) -> bool:
        """Whether no face has the character."""
        return not any(face.get_nominal_glyph(ord(character)) for face in self.faces)

    def replace_lacking(self, words: T) -> tuple[T, list[str]]:
        """The words with a mark for each character that cannot be set, and those in order."""
        lacking: list[str] = []

        def replaced(value: Any) -> Any:
            match value:
                case str():
                    return "".join(map(shown, value))
                case list():
                    return [replaced(each) for each in value]
                case dict():
                    return {key: replaced(each) for key, each in value.items()}
                case _:
                    return value

        def shown(character: str) -> str:
            if not self.lacks(character):
                return character
            lacking.append(character)
            return SHOWN_INSTEAD

        return replaced(words), lacking
