"""What a file is, by its bytes and nothing that was said of it.

Images are decoded whole, so that a truncated one is refused. A PDF is known by its head and its
end: a parser of hostile documents would be a greater danger here than what it could find.
"""

import io
import re
from collections.abc import Mapping

from PIL import Image

MOST_PIXELS = 40_000_000
SIGNATURES: Mapping[str, re.Pattern[bytes]] = {
    "image/jpeg": re.compile(rb"\xff\xd8\xff"),
    "image/png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "image/webp": re.compile(rb"RIFF....WEBP", re.DOTALL),
    "application/pdf": re.compile(rb"%PDF-[12]\.[0-9]"),
}
DECODERS: Mapping[str, str] = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
ENDINGS: Mapping[str, str] = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "application/pdf": "pdf",
}
PDF_END = re.compile(rb"startxref\s+[0-9]+\s+%%EOF\s*$")
PDF_TAIL = 1024


class NotTaken(Exception):
    """A file of a kind that is not taken, or one that is broken; the message is for its sender."""


def media_type_of(data: bytes) -> str:
    """The media type of a whole file of a kind that is taken.

    Raises:
        NotTaken: it is of another kind, broken, or too large a picture.
    """
    found = (name for name, signature in SIGNATURES.items() if signature.match(data))
    media_type = next(found, None)
    if media_type is None:
        raise NotTaken("Send a JPEG, PNG or WebP picture, or a PDF.")
    if media_type in DECODERS:
        _decode(data, DECODERS[media_type])
    elif not PDF_END.search(data[-PDF_TAIL:]):
        raise NotTaken("The PDF is not whole.")
    return media_type


def _decode(data: bytes, decoder: str) -> None:
    try:
        with Image.open(io.BytesIO(data), formats=[decoder]) as image:
            width, height = image.size
            if width * height > MOST_PIXELS:
                raise NotTaken(f"A picture has at most {MOST_PIXELS // 10**6} million pixels.")
            image.load()
    except Image.DecompressionBombError:
        raise NotTaken(f"A picture has at most {MOST_PIXELS // 10**6} million pixels.") from None
    except (OSError, SyntaxError, ValueError, IndexError, EOFError):
        raise NotTaken("The picture is broken.") from None
