"""Small files of every kind that is taken."""

import io

from PIL import Image

PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\nstartxref\n9\n%%EOF\n"


def picture(kind: str, *, size: tuple[int, int] = (40, 30), shade: int = 90) -> bytes:
    """A picture of noise, so that half of its bytes are not enough."""
    image = Image.effect_noise(size, 60).convert("RGB").point(lambda value: (value + shade) % 256)
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()
