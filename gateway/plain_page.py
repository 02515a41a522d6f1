"""Plain pages: HTML with one style and no script, that any phone opens and prints."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Self

COMMON = Path(__file__).with_name("plain_page.css").read_text("utf-8")


@dataclass(frozen=True, slots=True)
class PlainStyle:
    """The style of a page, and the headers that allow it and nothing else."""

    text: str
    digest: str

    @classmethod
    def of(cls, *parts: str) -> Self:
        """The common style, and what a page adds to it."""
        text = "".join((COMMON, *parts))
        return cls(text, base64.b64encode(hashlib.sha256(text.encode()).digest()).decode())

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers of a page of this style."""
        return {
            "Cache-Control": "no-store",
            "Content-Security-Policy": (
                f"default-src 'none'; style-src 'sha256-{self.digest}'; img-src data:;"
                " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
            ),
            "Referrer-Policy": "no-referrer",
            "Vary": "Accept-Language",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
        }


def plain_document(style: PlainStyle, *, lang: str, title: str, body: str) -> str:
    """A whole page; the title is escaped here, the body is HTML."""
    return f"""<!doctype html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<link rel="icon" href="data:,">
<style>{style.text}</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""
