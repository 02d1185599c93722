"""What scripts/mutation changes: each figure of a definition once, and the two ends of a cut together."""

import copy
import json
import pickle

from mutation.changes import of_norms, shifts
from mutation.definition import Definition, parse
from mutation.operations import of_instrument

YES_NO = {"kind": "yes_no", "points": {"no": 0, "yes": 1}}
DOCUMENT = {
    "items": [
        {"code": "a", **YES_NO},
        {"code": "b", **YES_NO, "applies_when": {"of": "a", "equals": "yes"}, "points_if_not_applicable": 0},
        {
            "code": "age",
            "kind": "number",
            "range": {"from": 18, "below": 120},
            "bands": [{"from": 18, "below": 35, "points": 1}, {"from": 35, "below": 120, "points": 0}],
        },
    ],
    "scales": [{"code": "total", "sum": ["a", "b", "age"]}],
}
FILES = {"x/1/instrument.json": json.dumps(DOCUMENT)}


def changes() -> dict[tuple[str, str], dict]:  # type: ignore[type-arg]
    """The changed documents by address and change."""
    changed = {}
    for change in of_instrument(Definition(FILES, "x/1/instrument.json")):
        document = parse(FILES["x/1/instrument.json"])
        change.apply(document)
        changed[change.address, change.what] = document
    return changed


def test_no_change_leaves_the_definition_as_it_was() -> None:
    assert all(document != DOCUMENT for document in changes().values())


def test_a_number_keeps_its_printed_decimals_in_copies() -> None:
    number = parse("1.250")
    for copied in (copy.deepcopy(number), pickle.loads(pickle.dumps(number))):
        assert (copied, copied.step) == (1.25, 0.001)


def test_points_go_up_and_down_by_one() -> None:
    assert changes()["items/0/points/yes", "1 -> 2"]["items"][0]["points"]["yes"] == 2
    assert changes()["items/0/points/yes", "1 -> 0"]["items"][0]["points"]["yes"] == 0


def test_the_two_ends_of_a_cut_move_together() -> None:
    bands = changes()["items/2/bands/1/from", "cut 35 -> 36"]["items"][2]["bands"]
    assert (bands[0]["below"], bands[1]["from"]) == (36, 36)


def test_an_outer_end_moves_with_the_range() -> None:
    item = changes()["items/2/bands/0/from", "cut 18 -> 17"]["items"][2]
    assert (item["bands"][0]["from"], item["range"]["from"]) == (17, 17)


def test_conditions_are_negated_exchanged_and_removed() -> None:
    changed = changes()
    negated = changed["items/1/applies_when", "negated"]["items"][1]
    assert negated["applies_when"] == {"not": {"of": "a", "equals": "yes"}}
    assert changed["items/1/applies_when/equals", "yes -> no"]["items"][1]["applies_when"]["equals"] == "no"
    assert "applies_when" not in changed["items/1/applies_when", "removed"]["items"][1]


def test_references_are_removed_from_sums() -> None:
    assert changes()["scales/0/sum/1", "b removed"]["scales"][0]["sum"] == ["a", "age"]


def test_real_numbers_move_by_their_last_printed_decimal_where_a_result_can_show_it() -> None:
    assert shifts(parse("0.9")) == [0.9 * (1 + 1e-5), 1.0, 0.8]
    assert shifts(parse("0.0762086223169624")) == [0.0762086223169624 * (1 + 1e-5)]


def test_each_figure_of_a_norm_row_is_changed() -> None:
    row = {"score": 1, "rate": 0.5, "interval": [0.4, 0.6], "percentile": None}
    addresses = {change.address for change in of_norms({"rate_unit": "percent", "rows": [row]})}
    assert addresses == {"rate_unit", "rows/0/score", "rows/0/rate", "rows/0/interval/0", "rows/0/interval/1"}
