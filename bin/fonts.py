"""Makes the fonts of PDFs: the WOFF2 files of the design system as TTF, which WeasyPrint reads much faster."""

from pathlib import Path

from fontTools.ttLib import TTFont

PROJECT = Path(__file__).resolve().parents[1]
SOURCE = PROJECT / "node_modules/@kern-ux/native/dist/fonts/fira-sans"
TARGET = PROJECT / "build/fonts"
FACES = ("Regular", "Italic", "SemiBold", "Bold")


def main() -> None:
    """Writes build/fonts/FiraSans-*.ttf."""
    TARGET.mkdir(parents=True, exist_ok=True)
    for face in FACES:
        font = TTFont(SOURCE / f"FiraSans-{face}.woff2")
        font.flavor = None
        font.save(TARGET / f"FiraSans-{face}.ttf")


if __name__ == "__main__":
    main()
