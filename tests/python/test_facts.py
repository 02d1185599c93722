"""Definitions against the facts they were transcribed from, figure by figure: points, cuts, ranges, norms and marks.

The facts were gathered apart from the definitions and lie outside the repository; without them these tests are skipped.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
INSTRUMENTS = ROOT / "instruments"
FACTS = ROOT.parent / "shared" / "reference" / "facts"

pytestmark = pytest.mark.skipif(not FACTS.is_dir(), reason="the facts are not beside this checkout")

Json = dict[str, Any]


class Pair(NamedTuple):
    """A facts file and the definition made from it."""

    facts: str
    instrument: str
    edition: str
    prefix: str = ""  # of the items of this edition, in the facts
    strip: str = ""  # a pattern that the definition leaves out of the item names
    total: str = "total"
    levels: dict[str, str] = {}  # level scheme of the definition by scheme, or scale, of the facts  # noqa: RUF012


PAIRS = [
    Pair(
        "static-99r", "static-99r", "2016",
        levels={
            "standardised_2016": "standardised_2016",
            "original_2009_four_categories": "original_2009",
            "oregon_notification_levels": "oregon_notification",
        },
    ),
    Pair("static-99", "static-99", "2003", levels={"original_four_categories": "original_1999"}),
    Pair(
        "static-2002r", "static-2002r", "2016",
        levels={"standardised_2016": "standardised_2016", "original_five_categories": "original_2009"},
    ),
    Pair("rrasor", "rrasor", "1997"),
    Pair("stable-2007", "stable-2007", "2007", levels={"": "needs_2007"}),
    Pair(
        "acute-2007", "acute-2007", "2007",
        levels={"sex_violence": "sex_violence_2007", "general_recidivism": "general_recidivism_2007"},
    ),
    Pair("vrag", "vrag", "2006", levels={"": "bins"}),
    Pair("sorag", "sorag", "2006", levels={"": "bins"}),
    Pair("vrag-r", "vrag-r", "2013", levels={"": "bins"}),
    Pair("rm2000-s", "rm2000-s", "2007", total="points", levels={"": "step_one"}),
    Pair("rm2000-v", "rm2000-v", "2007", levels={"": "categories"}),
    Pair("rm2000-c", "rm2000-c", "2007", total="points", levels={"": "categories"}),
    Pair("mnsost-r", "mnsost-r", "2003", levels={"": "risk_levels"}),
    Pair("osp-c-2019", "osp-c-2019", "2019", total="points"),
    Pair("cport", "cport", "2015"),
    Pair("casic", "casic", "2017"),
    Pair("odara", "odara", "2004"),
    Pair("sotips", "sotips", "2012", levels={"": "need_levels"}),
    Pair("sotnps", "sotnps", "2003"),
    Pair("vrs-so", "vrs-so", "2003", strip="^[sd]_"),
    Pair("j-soap-ii", "j-soap-ii", "2003"),
    Pair("jsorrat-ii", "jsorrat-ii", "2005"),
    Pair("erasor-2", "erasor-2", "2.0"),
    Pair("profesor", "profesor", "2017"),
    Pair("svr-20", "svr-20", "1997"),
    Pair("rsvp", "rsvp", "2003"),
    Pair("hcr-20", "hcr-20", "2", prefix="v2_", strip="^v2_"),
    Pair("hcr-20", "hcr-20", "3", prefix="v3_", strip="^v3_"),
    Pair("saprof", "saprof", "2009"),
]  # fmt: skip
IDS = [f"{pair.instrument}-{pair.edition}" for pair in PAIRS]

# Items of the facts that a definition asks in another way.
RENAMED = {
    "age_under_25": "age_at_release",  # RRASOR
    "agg_male_victim": "male_victim",
    "agg_stranger_victim": "stranger_victim",
    "agg_noncontact": "noncontact_offence",
    "agg_single": "never_married",
}
# Instruments that take a result over, or read it from others: their items are not in the definition.
TAKEN_OVER = {"vrag-r", "rm2000-c", "sotnps", "jsorrat-ii"}


def read(path: Path) -> Json:
    document: Json = json.loads(path.read_text(encoding="utf-8"))
    return document


def facts_of(pair: Pair) -> Json:
    return read(FACTS / f"{pair.facts}.json")


def definition_of(pair: Pair) -> Json:
    return read(INSTRUMENTS / pair.instrument / pair.edition / "instrument.json")


def items_of(pair: Pair) -> Iterator[tuple[Json, Json]]:
    """Each item of the facts with the one of the definition; two columns of counts are two items."""
    items = {item["code"]: item for item in definition_of(pair)["items"]}
    for fact in facts_of(pair)["items"]:
        if not fact["id"].startswith(pair.prefix):
            continue
        code = re.sub(pair.strip, "", fact["id"]) if pair.strip else fact["id"]
        code = RENAMED.get(code, code)
        if fact.get("type") == "dual_count_band_max":
            for column, name in (("charges", "prior_sex_charges"), ("convictions", "prior_sex_convictions")):
                rows = [
                    {"points": row["points"], "min": row[column][0], "max": row[column][1]} for row in fact["options"]
                ]
                yield {**fact, "options": rows}, items[name]
        else:
            yield fact, items[code]


SPANS: list[tuple[str, Callable[[re.Match[str]], tuple[float | None, float | None]]]] = [
    (r"^(\d+)$", lambda m: (int(m[1]), int(m[1]))),
    (r"^(\d+)-(\d+)$", lambda m: (int(m[1]), int(m[2]))),
    (r"^(\d+)(?:\+| or more| or older)$", lambda m: (int(m[1]), None)),
    (r"^(\d+) or (?:younger|fewer)$", lambda m: (None, int(m[1]))),
    (r"^none$", lambda m: (0, 0)),
]


def span(option: Json) -> tuple[float | None, float | None]:
    """The whole years or counts of an option of the facts: first and last."""
    if "min_years_inclusive" in option:
        last = option["max_years_exclusive"]
        return option["min_years_inclusive"], None if last is None else last - 1
    if "min" in option:
        return option["min"], option["max"]
    for pattern, ends in SPANS:
        if found := re.match(pattern, option["label"]):
            return ends(found)
    raise AssertionError(f"no numbers in {option}")


def points_at(item: Json, response: float) -> float:
    for band in item["bands"]:
        below = band.get("below", None if band.get("to") is None else band["to"] + 1)
        if band["from"] <= response and (below is None or response < below):
            return float(band["points"])
    raise AssertionError(f"{item['code']} has no points for {response}")


def points_of(option: Json) -> float:
    """Points stand under `points`, or under `value` beside a label."""
    return float(option["points"] if "points" in option else option["value"])


def compare_bands(fact: Json, item: Json) -> None:
    years = item["kind"] == "number"
    lowest = item["bands"][0]["from"]
    for option in fact["options"]:
        first, last = span(option)
        responses = [lowest if first is None else first]
        responses.append((responses[0] + 50 if last is None else last) + (0.99 if years and last is not None else 0))
        for response in responses:
            if item["range"].get("to") is None or response <= item["range"]["to"]:
                assert points_at(item, response) == points_of(option), f"{item['code']} at {response}"


def plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", str(text).lower()).strip()


def compare_options(fact: Json, item: Json) -> None:
    wanted = [(plain(option.get("label", option["value"])), points_of(option)) for option in fact["options"]]
    if item["kind"] == "yes_no":
        points = item["points"]
        yes = "no deviant result" if "no deviant result" in dict(wanted) else None
        found = {"no": points["no"], "yes": points["yes"]}
        if yes:  # phallometry is asked as a question
            wanted = [("no" if label == yes else "yes", value) for label, value in wanted]
        assert found == dict(wanted), item["code"]
        return
    found_list = [(plain(option["label"]), float(option["points"])) for option in item["options"]]
    assert len(found_list) == len(wanted), item["code"]
    if {label for label, _ in found_list} == {label for label, _ in wanted}:
        assert dict(found_list) == dict(wanted), item["code"]
    else:  # other words for the same answers, in the same order
        assert [points for _, points in found_list] == [points for _, points in wanted], item["code"]


@pytest.mark.parametrize(
    "pair", [pair for pair in PAIRS if pair.instrument not in TAKEN_OVER], ids=lambda p: f"{p.facts}-{p.edition}"
)
def test_points_are_those_of_the_facts(pair: Pair) -> None:
    compared = 0
    for fact, item in items_of(pair):
        if "structured_judgment" in definition_of(pair):
            labels = {plain(option["label"]) for option in fact["options"]}
            assert len(item["options"]) == len(labels), item["code"]
            assert not any("points" in option for option in item["options"])
        elif "bands" in item:
            compare_bands(fact, item)
        else:
            compare_options(fact, item)
        compared += 1
    assert compared >= 3


# Marks raised after the facts were gathered: the public source that was seen, by instrument, edition and item.
SEEN_SINCE: dict[tuple[str, str], dict[str, str]] = {
    ("hcr-20", "3"): {"": "jaapl_means"},  # all items
    ("saprof", "2009"): {
        "self_control": "saprof_faq",
        "medication": "saprof_faq",
        "leisure_activities": "saprof_faq",
        "life_goals": "saprof_faq",
        "intimate_relationship": "saprof_faq",
        "professional_care": "saprof_faq",
        "coping": "lfpc",
    },
}


def seen_since(pair: Pair, code: str) -> set[str]:
    """The source that raised the mark of an item; SOURCE.md must tell of it."""
    raised = SEEN_SINCE.get((pair.instrument, pair.edition), {})
    source = raised.get(code, raised.get(""))
    if source is None:
        return set()
    assert source in (INSTRUMENTS / pair.instrument / pair.edition / "SOURCE.md").read_text(encoding="utf-8")
    return {source}


def confidence_of(fact: Json) -> str:
    confidence: Any = fact.get("points_confidence", fact.get("confidence"))
    return str(confidence["options_and_points"] if isinstance(confidence, dict) else confidence)


@pytest.mark.parametrize(
    "pair", [pair for pair in PAIRS if pair.instrument not in TAKEN_OVER], ids=lambda p: f"{p.facts}-{p.edition}"
)
def test_no_mark_is_better_than_the_facts_allow(pair: Pair) -> None:
    definition = definition_of(pair)
    guide = "structured_judgment" in definition
    for fact, item in items_of(pair):
        confidence = str(fact["label_confidence"]) if guide else confidence_of(fact)
        evidence: Json = item.get("evidence") or definition["evidence"]
        mark = evidence["mark"]
        if seen_since(pair, item["code"]) & set(evidence.get("sources", [])):
            continue
        if not confidence.startswith("verified"):
            assert mark in ("unverified", "structure_only"), f"{item['code']} is {confidence}, and marked {mark}"


def schemes(facts: Json) -> dict[str, list[tuple[float, float, str]]]:
    """The level bands of the facts, by scheme or scale."""
    found: dict[str, list[tuple[float, float, str]]] = {}
    for level in facts["levels"]:
        if "bands" in level:
            found[level["scheme"]] = [(band["min"], band["max"], band["level"]) for band in level["bands"]]
        elif "min" in level and "overlaps" not in level:
            code = str(level.get("id", level.get("bin")))
            found.setdefault(level.get("scale", ""), []).append(
                (level["min"], level["max"], code.removeprefix("level_"))
            )
    return {name: bands for name, bands in found.items() if bands}


@pytest.mark.parametrize("pair", [pair for pair in PAIRS if pair.levels], ids=lambda p: f"{p.facts}-{p.edition}")
def test_cuts_are_those_of_the_facts(pair: Pair) -> None:
    definition = definition_of(pair)
    found = schemes(facts_of(pair))
    assert set(found) == set(pair.levels)
    for name, bands in found.items():
        scheme = definition["levels"][pair.levels[name]]
        stored = [(band["from"], band["to"], band["code"]) for band in scheme["bands"]]
        if stored[0][0] is None:  # open ends, where the range is another definition's
            stored[0], stored[-1] = (bands[0][0], *stored[0][1:]), (stored[-1][0], bands[-1][1], stored[-1][2])
        assert stored == bands, name


def test_thresholds_that_overlap_are_schemes_of_their_own() -> None:
    review = [level for level in read(FACTS / "mnsost-r.json")["levels"] if "overlaps" in level]
    bands = read(INSTRUMENTS / "mnsost-r" / "2003" / "instrument.json")["levels"]["commitment_review"]["bands"]
    assert [(bands[1]["from"], bands[1]["to"])] == [(level["min"], level["max"]) for level in review]
    substitute = read(FACTS / "casic.json")["levels"][0]
    bands = read(INSTRUMENTS / "casic" / "2017" / "instrument.json")["levels"]["for_cport"]["bands"]
    assert (bands[1]["from"], bands[1]["to"]) == (substitute["min"], substitute["max"])


@pytest.mark.parametrize("pair", PAIRS, ids=IDS)
def test_ranges_are_those_of_the_facts(pair: Pair) -> None:
    published = facts_of(pair).get("total_range") or {}
    ends = published.get("step1") or (
        [published["min"], published["max"]] if published.get("min") is not None else None
    )
    definition = definition_of(pair)
    scales = {scale["code"]: scale for scale in definition["scales"]}
    if ends is None or "structured_judgment" in definition:
        pytest.skip("no range is known")
    declared = scales[pair.total].get("range")
    if declared is None:  # left to the levels, which cover it
        bands = definition["levels"][scales[pair.total]["levels"]]["bands"]
        declared = {"from": bands[0]["from"], "to": bands[-1]["to"]}
        if declared["from"] is None:
            pytest.skip("the range is that of the instruments used")
    assert [declared["from"], declared["to"]] == ends


# Norms: the printed table of each set, by score

Rows = dict[int, dict[str, Any]]


def column(facts: Json, table: int, place: int, highest: int) -> Rows:
    """A column of a table of rows; a last row such as 6+ stands for all scores from there."""
    rows: Rows = {}
    for row in facts["norms"][table]["table"]:
        first = int(str(row[0]).rstrip("+"))
        last = highest if str(row[0]).endswith("+") else first
        rows |= {score: {"rate": row[place]} for score in range(first, last + 1)}
    return rows


def of_bins(facts: Json, key: str) -> Rows:
    return {score: {"rate": b[key]} for b in facts["levels"] for score in range(b["min"], b["max"] + 1)}


def by_score(table: list[Json], **columns: str) -> Rows:
    """Columns of a table of objects, without what is not known."""
    rows: Rows = {}
    for row in table:
        known = {name: row[key] for name, key in columns.items() if row.get(key) is not None}
        if known:
            rows[row["score"]] = known
    return rows


NORMS: dict[str, dict[str, Callable[[Json], Rows]]] = {
    "static-99": {
        "original-2000-sexual-5y": lambda f: column(f, 0, 2, 12),
        "original-2000-sexual-10y": lambda f: column(f, 0, 3, 12),
        "original-2000-sexual-15y": lambda f: column(f, 0, 4, 12),
        "original-2000-violent-5y": lambda f: column(f, 0, 5, 12),
        "original-2000-violent-10y": lambda f: column(f, 0, 6, 12),
        "original-2000-violent-15y": lambda f: column(f, 0, 7, 12),
    },
    "rrasor": {
        "original-1997-5y": lambda f: column(f, 0, 2, 6),
        "original-1997-10y": lambda f: column(f, 0, 3, 6),
    },
    "vrag": {
        "development-7y": lambda f: of_bins(f, "p7"),
        "development-10y": lambda f: of_bins(f, "p10"),
    },
    "sorag": {
        "development-7y": lambda f: of_bins(f, "p7"),
        "development-10y": lambda f: of_bins(f, "p10"),
    },
    "static-99r": {
        "routine-2015-5y": lambda f: by_score(f["norms"][0]["table"], rate="rate_pct", interval="ci95_pct"),
        "canada-2012-percentiles": lambda f: by_score(f["percentiles"]["table"], percentile="percentile"),
        "risk-ratios-2013": lambda f: by_score(f["relative_risk"]["table"], risk_ratio="ratio"),
    },
}
SETS = [(instrument, name) for instrument, sets in NORMS.items() for name in sets]


@pytest.mark.parametrize(("instrument", "name"), SETS)
def test_norms_are_those_of_the_facts(instrument: str, name: str) -> None:
    expected = NORMS[instrument][name](read(FACTS / f"{instrument}.json"))
    stored = read(INSTRUMENTS / instrument / "norms" / f"{name}.json")
    columns = ("rate", "interval", "percentile", "risk_ratio")
    found = {row["score"]: {key: row[key] for key in columns if key in row} for row in stored["rows"]}
    assert found == expected


def test_every_set_of_the_compared_instruments_is_compared_or_known() -> None:
    """Sets that hold a part of a table, or a base rate alone, have tests of their own in the definitions."""
    parts = {
        "routine-2015-5y-verified",
        "hrhn-2015-5y",
        "hrhn-2015-10y",
        "routine-2021-5y-base",
        "routine-2021-10y-base",
    }
    for pair in PAIRS:
        stored = {path.stem for path in (INSTRUMENTS / pair.instrument / "norms").glob("*.json")}
        assert stored - parts == set(NORMS.get(pair.instrument, {})), pair.instrument


def test_the_five_standard_levels_are_those_of_the_facts() -> None:
    facts = read(FACTS / "static-standardised-risk-levels.json")
    names = {level["level"]: level["label"] for level in facts["levels"]}
    for instrument, edition in (("static-99r", "2016"), ("static-2002r", "2016")):
        scheme = read(INSTRUMENTS / instrument / edition / "instrument.json")["levels"]["standardised_2016"]
        found = {band["standard"]: [band["from"], band["to"]] for band in scheme["bands"]}
        assert found == facts["bands"][instrument]
        assert {band["standard"]: band["label"] for band in scheme["bands"]} == names
        assert scheme["evidence"]["mark"] == "unverified"  # the bands are recalled


# Blocks that must not ship


def test_what_must_not_ship_does_not() -> None:
    assert not (INSTRUMENTS / "barr-2002r").exists()
    matrix = read(INSTRUMENTS / "static-99r-stable-2007" / "2017" / "instrument.json")["tables"]["matrix_2017"]
    assert {cell for row in matrix["cells"] for cell in row} == {None}


@pytest.mark.parametrize("instrument", ["j-soap-ii", "jsorrat-ii"])
def test_no_level_is_attached_where_none_is_known(instrument: str) -> None:
    (path,) = (INSTRUMENTS / instrument).glob("*/instrument.json")
    definition = read(path)
    assert "levels" not in definition
    assert not any("levels" in scale for scale in definition["scales"])


# Particular figures


def test_parameters_of_osp_c_are_those_of_the_facts() -> None:
    parameters = read(FACTS / "osp-c-2019.json")["model_parameters"]
    definition = read(INSTRUMENTS / "osp-c-2019" / "2019" / "instrument.json")
    scales = {scale["code"]: scale for scale in definition["scales"]}
    for year, key in (("one", "contact_year1"), ("two", "contact_year2")):
        logit = scales[f"logit_{year}"]["weighted_sum"]
        assert logit["intercept"] == parameters[key]["a"]
        assert logit["terms"][0]["weight"] == parameters[key]["b"]
        assert scales[f"contact_{year}"]["choose"]["rows"][0]["take"] == 1 / 193
        assert parameters["contact_female"] == "1/193 both years"
    men = parameters["images_male"]
    order = ("no_sexual_sanctions", "images_2plus", "images_1", "child_contact_2plus", "child_contact_1")
    for place, year in enumerate(("one", "two")):
        rules = scales[f"images_{year}"]["rules"]
        assert [row["then"] for row in rules["rows"]] == [
            parameters["images_female"],
            *(men[name][place] for name in order),
        ]
        assert rules["otherwise"] == men["other"][place]


def test_recodings_of_static_2002r_are_those_of_the_facts() -> None:
    parts = {part["id"]: part["recode"] for part in read(FACTS / "static-2002r.json")["scoring"]["subscores"]}
    definition = read(INSTRUMENTS / "static-2002r" / "2016" / "instrument.json")
    scales = {scale["code"]: scale for scale in definition["scales"]}
    for name in ("persistence", "general_criminality"):
        bands = scales[name]["lookup"]["bands"]
        found = [{"raw": [band["from"], band["to"]], "score": band["value"]} for band in bands]
        assert found == parts[name]


def test_parts_of_scales_are_those_of_the_facts() -> None:
    for facts, instrument, edition in (("sotips", "sotips", "2012"), ("acute-2007", "acute-2007", "2007")):
        definition = read(INSTRUMENTS / instrument / edition / "instrument.json")
        scales = {scale["code"]: scale for scale in definition["scales"]}
        for part in read(FACTS / f"{facts}.json")["subscales"]:
            assert scales[part["id"]]["sum"] == part["items"], part["id"]
    jsoap = read(FACTS / "j-soap-ii.json")
    definition = read(INSTRUMENTS / "j-soap-ii" / "2003" / "instrument.json")
    scales = {scale["code"]: scale for scale in definition["scales"]}
    codes = [item["id"] for item in jsoap["items"]]
    for part in jsoap["subscales"]:
        first, last = part["items"]
        assert scales[part["id"]]["sum"] == codes[first - 1 : last], part["id"]
        assert [scales[part["id"]]["range"][end] for end in ("from", "to")] == part["range"]


def test_the_matrix_of_2007_is_that_of_the_facts() -> None:
    legacy = read(FACTS / "static99r-stable2007-composite.json")["model_parameters"]["matrix_2007_legacy"]
    table = read(INSTRUMENTS / "static-99-stable-2007" / "2007" / "instrument.json")["tables"]["matrix_2007"]
    assert table["keys"][1] == legacy["stable_categories"]
    assert dict(zip(table["keys"][0], table["cells"], strict=True)) == legacy["table"]
