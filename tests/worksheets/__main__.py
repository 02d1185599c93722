"""Writes boundaries.json of the instruments that have a worksheet: python -m worksheets [ids], from tests/."""

import sys
from pathlib import Path

from .forms import FORMS
from .text import text_of

INSTRUMENTS = Path(__file__).parents[2] / "instruments"

for form in FORMS:
    if len(sys.argv) == 1 or form.instrument in sys.argv[1:]:
        path = INSTRUMENTS / form.instrument / form.edition / "boundaries.json"
        path.write_text(text_of(form.document()), encoding="utf-8")
        print(path.relative_to(INSTRUMENTS.parent))
