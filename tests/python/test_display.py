"""What notebooks and terminals show."""

import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import appraise as ap
from appraise._display import answers
from conftest import SAMPLE

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


def test_scores_are_shown_with_counts_and_first_rows(sample: ap.Instrument, rows: Rows) -> None:
    scores = ap.score(sample, {name: values * 3 for name, values in rows.items()})
    html = scores._repr_html_()
    assert parsed(html).tags.isdisjoint({"script", "img", "link", "b"})
    assert "Sample &lt;b&gt;scale&lt;/b&gt; 1: 15 rows" in html
    assert "The first 10 rows" in html
    assert html.count('<th scope="row"') == 4 + 3 + 10  # scales, levels, rows
    text = str(scores)
    assert "Evidence: verified" in text
    assert re.search(r"total +3 +3 +3 +3 +3", text)
    assert re.search(r"high +3 +50.0%", text)


def test_scores_say_that_figures_are_unverified(sample: ap.Instrument, rows: Rows) -> None:
    scores = ap.score(sample, rows, levels={"total": "guess"}, accept_unverified=True)
    for shown in (str(scores), scores._repr_html_()):
        assert "no public source confirms" in shown
        assert "(guess)" in shown


def test_no_rows_are_shown_too(sample: ap.Instrument, rows: Rows) -> None:
    assert "0 rows" in ap.score(sample, {name: [] for name in rows})._repr_html_()


def test_tables_have_heads_for_readers_that_do_not_see_them(sample: ap.Instrument) -> None:
    html = sample._repr_html_()
    assert html.count("<caption>") == html.count("<table>") - 1  # all but the facts at the top
    assert '<th scope="col">' in html
    assert '<th scope="row">' in html


def test_a_verification_is_shown(sample: ap.Instrument, tmp_path: Path) -> None:
    assert str(ap.verify(sample)) == "2 cases, 5 comparisons: all as expected"
    shutil.copytree(SAMPLE.parent, tmp_path / "sample")
    file = tmp_path / "sample" / "1" / "cases.json"
    file.write_text(file.read_text(encoding="utf-8").replace('"total": 5', '"total": 4'), encoding="utf-8")
    wrong = ap.verify(tmp_path / "sample" / "1")
    parsed(wrong._repr_html_())
    for shown in (str(wrong), wrong._repr_html_()):
        for part in ("1 not as expected", "high", "total", "worked by hand", "cases.json:"):
            assert part in shown


def test_diagnostics_are_shown_all(tmp_path: Path) -> None:
    shutil.copytree(SAMPLE.parent, tmp_path / "sample")
    file = tmp_path / "sample" / "1" / "instrument.json"
    text = file.read_text(encoding="utf-8")
    for number in range(9):
        text = text.replace('"code":', f'"unknown{number}": "<i>", "code":', number + 1)
    file.write_text(text, encoding="utf-8")
    checked = ap.check(file)
    assert len(checked) > 8
    with pytest.raises(ap.DefinitionError) as caught:
        ap.load(file)
    parsed(checked._repr_html_())
    assert caught.value.diagnostics._repr_html_() == checked._repr_html_()  # type: ignore[attr-defined]
    for each in checked:
        assert str(each) in str(checked)
        assert str(each) in str(caught.value)
        assert f"{each.file}:{each.line}:{each.column}" in checked._repr_html_()


def test_terms_that_are_no_answers_are_not_called_missing(sample: ap.Instrument, rows: Rows) -> None:
    omitted = str(ap.explain(sample, rows, 3))
    assert re.search(r"First time +missing", omitted)
    cases = Path(__file__).parents[2] / "instruments" / "oasys-arp" / "1.0" / "cases.json"
    responses = json.loads(cases.read_text(encoding="utf-8"))["cases"][0]["responses"]
    plan = ap.compile("oasys-arp")
    table = {name: [responses.get(name)] for name in plan.items}
    (line,) = re.findall(r"^ +(secondsanction .*)", str(ap.explain(plan, table, scale="static_log_odds")), re.M)
    assert re.fullmatch(r"secondsanction +-3\.06\d+ +-3\.06\d+", line)
