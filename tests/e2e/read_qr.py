"""Prints what the QR codes on the pages of a PDF say; the PDF comes on stdin."""

import sys

import pypdfium2
import zxingcpp


def main() -> int:
    """Print the text of each code found."""
    document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
    try:
        pictures = [page.render(scale=2).to_pil() for page in document]
    finally:
        document.close()
    found = [code.text for picture in pictures for code in zxingcpp.read_barcodes(picture)]
    sys.stdout.write("".join(f"{text}\n" for text in found))
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main())
