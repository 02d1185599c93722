"""What notebooks and terminals show."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest

import appraise as ap
from appraise._display import answers

Rows = dict[str, list[Any]]
VOID = {"br"}


class Balanced(HTMLParser):
    """Fails where tags do not pair."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def parsed(html: str) -> Balanced:
    parser = Balanced()
    parser.feed(html)
    assert not parser.open
    return parser


def test_an_instrument_is_shown_escaped_and_without_scripts(sample: ap.Instrument) -> None:
    html = sample._repr_html_()
    assert parsed(html).tags.isdisjoint({"script", "img", "link", "iframe", "b"})
    assert "Sample &lt;b&gt;scale&lt;/b&gt;" in html
    for text in ("none = 0; some = 1; much = 3", "18 to below 120", "3 to 100 = 2", "1900-01-01 to 2020-12-31"):
        assert text in html
    for text in ("middle risk", "verified", "everybody (n = 100)", "5 years", "Made up: not for use."):
        assert text in html
    assert sample.parts[0].digest in html


def test_every_built_in_instrument_can_be_shown() -> None:
    for listed in ap.instruments():
        parsed(ap.load(listed.id, listed.edition)._repr_html_())


@pytest.mark.parametrize("row", range(5))
def test_an_explanation_is_shown_in_every_status(sample: ap.Instrument, rows: Rows, row: int) -> None:
    explanation = ap.explain(sample, rows, row)
    assert parsed(explanation._repr_html_()).tags.isdisjoint({"script", "b"})
    assert explanation.status.replace("_", " ") in str(explanation)


def test_an_explanation_in_plain_text(sample: ap.Instrument, rows: Rows) -> None:
    text = str(ap.explain(sample, rows))
    assert text.startswith("Total: 5, level high (high risk)\n")
    assert re.search(r"Severity +much +\+3 +\+3", text)
    assert re.search(r"severity +much +some +3 +middle", text)
    assert "standard level: V" in text


def test_an_explanation_tells_what_is_possible(sample: ap.Instrument, rows: Rows) -> None:
    text = str(ap.explain(sample, rows, 2))
    assert "lowest possible: 1, level low" in text
    assert "highest possible: 5, level high" in text
    assert "missing: severity" in text
    assert "Cautions\n  old" in text


def test_repr_names_the_edition(sample: ap.Instrument) -> None:
    assert repr(sample) == "<Instrument sample 1: Sample <b>scale</b>>"


def test_intervals_in_words(sample: ap.Instrument) -> None:
    words = {each.split(" = ")[0] for item in sample.items for each in answers(item).split("; ")}
    assert {"0", "1 to 2", "3 to 100", "18 to below 120", "none", "no"}.issubset(words)
