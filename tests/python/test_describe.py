"""Codebooks and score sheets: they hold everything that a definition says, in every form, for any definition."""

import csv
import io
import json
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import appraise as ap
from appraise._describe import reads, words
from appraise._describe.codebook import codebook
from appraise._describe.dictionary import FIELDS, to_csv
from appraise._describe.sheet import score_sheet
from appraise._document import Document, Section, Table, to_data, to_html, to_markdown
from conftest import SAMPLE, Run

BUILT_IN = [(each.id, each.edition) for each in ap.instruments()]
VOID = {"meta", "br", "hr", "wbr", "img", "input", "link"}


class Page(HTMLParser):
    """Fails on what is not closed; keeps what stands in the page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def pages(instrument: ap.Instrument) -> list[Page]:
    return [Page(to_html(codebook(instrument))), Page(score_sheet(instrument))]


@pytest.fixture(params=BUILT_IN, ids="-".join)
def built_in(request: pytest.FixtureRequest) -> ap.Instrument:
    return ap.load(*request.param)


def test_pages_need_no_network_and_can_be_read_without_eyes(built_in: ap.Instrument) -> None:
    for page in pages(built_in):
        names = [name for name, _ in page.tags]
        assert page.all("html")[0]["lang"] == "en"
        assert "script" not in names
        assert "link" not in names
        assert not any("src" in attributes for _, attributes in page.tags)
        assert all(str(each["href"]).startswith("#") for each in page.all("a"))
        assert all(each.get("scope") in ("col", "row") for each in page.all("th"))
        headings = [int(name[1]) for name in names if re.fullmatch("h[1-6]", name)]
        assert headings.count(1) == 1
        assert all(after - before <= 1 for before, after in pairwise(headings))
        ids = [str(attributes["id"]) for _, attributes in page.tags if "id" in attributes]
        assert len(ids) == len(set(ids))
        assert {str(each["href"])[1:] for each in page.all("a")} <= set(ids)


def test_codebook_holds_every_part(built_in: ap.Instrument) -> None:
    book = to_markdown(codebook(built_in))
    plain = book.replace("\\", "")
    for item in built_in.items:
        assert item.label in plain
        assert f"(`{item.code}`)" in book
        assert all(option.label in plain for option in item.options if item.kind == "choice")
    for scale in built_in.scales:
        assert f"(`{scale.code}`)" in book
    for scheme in built_in.levels:
        assert all(band.label in plain for band in scheme.bands)
    for norms in built_in.norms:
        assert norms.title in plain
        assert norms.digest in plain
        assert all(source.citation in plain for source in norms.sources)
    for rule in [*built_in.applies_when, *built_in.valid_when, *built_in.cautions]:
        assert rule.reason in plain
    assert all(part.digest in plain for part in built_in.parts)
    assert all(source.citation in plain for source in built_in.sources)
    assert built_in.notice in plain


def test_every_block_carries_its_evidence(built_in: ap.Instrument) -> None:
    marks = {mark.replace("_", " ") for mark in words.MARKS}

    def blocks(section: Section) -> list[Section]:
        return [section, *(each for inner in section.sections for each in blocks(inner))]

    for top in codebook(built_in).sections:
        if top.title in ("Items", "Scales", "Levels", "Tables", "Norms"):
            for block in blocks(top)[1:]:
                assert block.evidence is not None
                assert block.evidence.words in marks
    if built_in.reassess_events:
        (again,) = (each for each in codebook(built_in).sections if each.title == "Reassessment")
        assert again.evidence is not None


def test_dictionary_is_one_flat_table(built_in: ap.Instrument) -> None:
    lines = list(csv.DictReader(io.StringIO(to_csv(built_in))))
    assert tuple(csv.DictReader(io.StringIO(to_csv(built_in))).fieldnames or ()) == FIELDS
    assert [each["name"] for each in lines if each["block"] == "item"] == [item.code for item in built_in.items]
    for item in built_in.items:
        points = [each["value"] for each in lines if each["block"] in ("option", "band") and each["name"] == item.code]
        assert points == [
            "" if value is None else f"{value:g}"
            for value in [*(option.points for option in item.options), *(band.value for band in item.bands)]
        ]
    rates = [float(each["value"]) for each in lines if each["kind"] == "rate"]
    assert rates == [row.rate for norms in built_in.norms for row in norms.rows if row.rate is not None]


def test_score_sheet_asks_for_every_response_once(built_in: ap.Instrument) -> None:
    page = Page(score_sheet(built_in))
    for item in built_in.items:
        assert page.text.count(f" {item.code}") >= 1
    boxes = [item for item in built_in.items if item.has_points]
    assert sum(each.get("class") == "cell" for each in page.all("span")) == len(boxes)
    assert built_in.parts[0].digest[:16] in page.text
    assert f"edition {built_in.edition}" in page.text


def test_sums_are_told_by_the_numbers_of_the_form() -> None:
    page = Page(score_sheet(ap.load("static-99r")))
    assert "sum of 1 to 4, A, 7 to 11; 2 may be left out and counts 0" in page.text
    assert "highest of 5, 6" in page.text


def test_what_needs_a_program_is_not_asked_of_a_pencil() -> None:
    hand = reads.by_hand(ap.load("oasys-arp"))
    assert "offence_free_months" in hand
    assert not hand & {"static_log_odds", "probability", "percent"}


def test_a_table_without_figures_marks_what_is_read_from_it() -> None:
    page = Page(score_sheet(ap.load("static-99r-stable-2007")))
    assert "structure only" in [attributes.get("title") for attributes in page.all("abbr")]


@pytest.mark.parametrize(
    ("instrument", "scale", "says"),
    [
        ("sorna", "period_years", "A decision table; the first row that holds decides."),
        ("oasys-arp", "age_at_start_of_followup", "Whole years from date_of_birth to start_of_followup."),
        ("oasys-arp", "sanction_rate", "The natural logarithm of sanctions_per_year."),
        ("oasys-arp", "offence_free_months", "months_since_start_of_followup, but not below 0 and not above 36."),
        ("oasys-arp", "years_since_first_sanction", "age_at_current_conviction minus age_at_first_sanction."),
        ("oasys-arp", "static_offence_category_weight", "Looked up by offence_category in the table"),
        ("oasys-ogp", "weighted_ogrs3", "0.6 times ogrs3_percent_two_years."),
        ("oasys-svrp", "boosted_violent_career", "30 plus years_since_first_sanction."),
        ("static-99r-stable-2007", "static_total", "The value of static.total."),
        ("static-99r", "prior_sex_offences", "The highest of prior_sex_charges and prior_sex_convictions."),
        ("static-99r-stable-2007", "composite", "Looked up by the level of static.total and the level of stable.total"),
    ],
)
def test_operations_are_spelt_out(instrument: str, scale: str, says: str) -> None:
    (found,) = (each for each in ap.load(instrument).scales if each.code == scale)
    assert says in words.calculation(found)


def test_every_operation_of_every_instrument_has_words(built_in: ap.Instrument) -> None:
    for scale in built_in.scales:
        assert words.calculation(scale)[-1] == "."
        for table in words.tables(scale):
            assert all(len(row) == len(table.heads) for row in table.rows)


def test_conditions_are_spelt_out(sample: ap.Instrument) -> None:
    assert words.condition(sample.applies_when[0].condition) == "age is at least 21"
    rows = next(scale for scale in ap.load("sorna").scales if scale.operation == "rules").calculation
    assert isinstance(rows, ap._core.Rules)
    assert all(words.condition(row.when) for row in rows.rows)
    assert words.listed(["a", "b", "c"], "or") == "a, b or c"


def test_text_of_a_definition_is_never_markup(sample: ap.Instrument) -> None:
    for page in (to_html(codebook(sample)), score_sheet(sample)):
        assert "Sample <b>scale</b>" not in page
        assert "Sample &lt;b&gt;scale&lt;/b&gt;" in page
    assert "# Sample \\<b>scale\\</b>" in to_markdown(codebook(sample))


def test_markdown_keeps_tables_whole() -> None:
    document = Document("T", "", [Section("S", [Table(("a|b", "c"), [("x|y\nz", "-3")])])])
    lines = [line for line in to_markdown(document).splitlines() if line.startswith("|")]
    assert lines == ["| a\\|b | c |", "| --- | --- |", "| x\\|y z | -3 |"]


def test_document_as_data_is_json(sample: ap.Instrument) -> None:
    data: dict[str, Any] = json.loads(json.dumps(to_data(codebook(sample))))
    assert data["title"] == sample.title
    assert [each["title"] for each in data["sections"]][:2] == ["About", "Rules of use"]


@pytest.mark.parametrize("name", ["book.md", "book.html", "book.csv", "book.json"])
def test_describe_writes_what_the_name_says(run: Run, tmp_path: Path, name: str) -> None:
    assert run("describe", SAMPLE, "-o", tmp_path / name) == (0, "")
    text = (tmp_path / name).read_text(encoding="utf-8")
    assert text.startswith({"md": "# ", "html": "<!DOCTYPE html>", "csv": "block,", "json": "{"}[name.split(".")[1]])


def test_describe_prints_and_makes_sheets(run: Run, tmp_path: Path) -> None:
    assert run("describe", SAMPLE).output.startswith("# Sample")
    assert json.loads(run("describe", SAMPLE, "--json").output)["title"] == "Sample <b>scale</b>"
    assert run("describe", SAMPLE, "--sheet", "-o", tmp_path / "sheet.html").exit_code == 0
    assert "Score sheet" in (tmp_path / "sheet.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("static-98r",), "nearest: static-99r"),
        (("static-99r", "--edition", "2061"), "nearest: 2016"),
        (("static-99r", "-o", "book.pdf"), "the name ends in .md"),
        (("static-99r", "--sheet", "-o", "sheet.md"), "a score sheet is written as HTML"),
        (("static-99r", "-o", "/nowhere/at/all.md"), "cannot write"),
    ],
)
def test_describe_says_what_is_wrong(run: Run, arguments: tuple[str, ...], says: str) -> None:
    ended = run("describe", *arguments)
    assert ended.exit_code == 2
    assert says in ended.output
