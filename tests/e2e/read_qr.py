"""Prints what the QR code on the first page of a PDF says; the PDF comes on stdin."""

import sys

import pypdfium2
import zxingcpp


def main() -> int:
    """Print the text of each code found."""
    document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
    try:
        picture = document[0].render(scale=2).to_pil()
    finally:
        document.close()
    found = zxingcpp.read_barcodes(picture)
    sys.stdout.write("".join(f"{code.text}\n" for code in found))
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main())
