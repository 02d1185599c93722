"""Every verb of appraise.statistics on input that has no answer: a status that says why, or an error that says where.

The verbs are those of `__all__`: a new one without a line in `CALLS` fails.
"""

import inspect
import itertools
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
import pytest

from appraise import UsageError, _statistics
from appraise import statistics as st
from appraise.statistics import Estimate, Sample, Test

Data = dict[str, Any]
N = 24


def ordinary() -> Data:
    """People, raters and items on which every verb has an answer."""
    rows = range(N)
    return {
        "score": [float(k * 7 % 10) for k in rows],
        "second": [float(k * 5 % 8) for k in rows],
        "rate": [0.05 + 0.03 * (k * 7 % 10) for k in rows],
        "new_rate": [0.06 + 0.02 * (k * 5 % 8) for k in rows],
        "outcome": [int(k % 3 == 0) for k in rows],
        "time": [1 + k * 11 % 17 / 2 for k in rows],
        "event": [int(k % 3 == 0) for k in rows],
        "weight": [1.0 + k % 3 for k in rows],
        "group": ["A" if k % 2 else "B" for k in rows],
        "raters": [
            [float(k * 7 % 4) for k in rows],
            [float((k * 7 + k % 3) % 4) for k in rows],
            [k % 4.0 for k in rows],
        ],
        "estimate": [0.1 * k for k in rows],
        "error": [0.1 + 0.01 * k for k in rows],
    }


def changed(**columns: Any) -> Data:
    return ordinary() | columns


def first(rows: int) -> Data:
    return {
        name: column[:rows] if name != "raters" else [c[:rows] for c in column] for name, column in ordinary().items()
    }


def each_value(change: Callable[[int, Any], Any]) -> Data:
    """Every number changed; groups stay."""
    data = {}
    for name, column in ordinary().items():
        if name == "raters":
            data[name] = [[change(k, value) for k, value in enumerate(c)] for c in column]
        elif name != "group":
            data[name] = [change(k, value) for k, value in enumerate(column)]
        else:
            data[name] = column
    return data


def with_infinity(sign: float) -> Data:
    outcomes = {name: column for name, column in ordinary().items() if name in ("outcome", "event")}
    return each_value(lambda k, value: sign * math.inf if k == 5 else value) | outcomes


DEGENERATE: dict[str, Data] = {
    "ordinary": ordinary(),
    "empty": first(0),
    "one row": first(1),
    "two rows": first(2),
    "three rows": first(3),
    "nobody had the outcome": changed(outcome=[0] * N, event=[0] * N),
    "everybody had the outcome": changed(outcome=[1] * N, event=[1] * N),
    "one had the outcome": changed(outcome=[1] + [0] * (N - 1), event=[1] + [0] * (N - 1)),
    "constant": each_value(lambda k, value: 1.0) | {"outcome": ordinary()["outcome"], "event": ordinary()["event"]},
    "all the same": each_value(lambda k, value: 0.0),
    "one rater": changed(raters=ordinary()["raters"][:1]),
    "no rater": changed(raters=[]),
    "raters who agree": changed(raters=[ordinary()["raters"][0]] * 3),
    "raters of opposite opinion": changed(raters=[[0.0, 1.0] * (N // 2), [1.0, 0.0] * (N // 2)]),
    "group of three": changed(group=["A"] * 3 + ["B"] * (N - 3)),
    "one group": changed(group=["A"] * N),
    "no group known": changed(group=[None] * N),
    "all missing": each_value(lambda k, value: None) | {"group": [None] * N},
    "all but one missing": each_value(lambda k, value: value if k == 7 else None),
    "some missing": each_value(lambda k, value: None if k % 5 == 0 else value),
    "NaN": each_value(lambda k, value: math.nan if k == 5 else value),
    "infinite": with_infinity(1),
    "minus infinite": with_infinity(-1),
    "negative": each_value(lambda k, value: -value),
    "negative times": changed(time=[-1.0] * N),
    "times of nothing": changed(time=[0.0] * N),
    "one time": changed(time=[2.0] * N),
    "separated": changed(score=list(range(N)), rate=[0.02 + 0.04 * k for k in range(N)], outcome=[0] * 12 + [1] * 12),
    "first who scores highest": changed(score=list(range(N)), time=list(range(N, 0, -1)), event=[1] * N),
    "huge": each_value(lambda k, value: value * 1e300)
    | {"outcome": ordinary()["outcome"], "event": ordinary()["event"]},
    "tiny": each_value(lambda k, value: value * 1e-300)
    | {"outcome": ordinary()["outcome"], "event": ordinary()["event"]},
    "extreme weights": changed(weight=[10.0 ** (12 * (k % 5) - 24) for k in range(N)]),
    "weights of nothing": changed(weight=[0.0] * N),
    "rates of 0 and 1": changed(rate=[float(k % 2) for k in range(N)], new_rate=[float(k % 2) for k in range(N)]),
    "rates in percent": changed(rate=[10.0 + k for k in range(N)], new_rate=[10.0 + k for k in range(N)]),
    "errors of nothing": changed(error=[0.0] * N),
    "words": each_value(lambda k, value: "high"),
    "codes that nobody knows": changed(outcome=[7] * N, event=[7] * N),
    "two dimensions": changed(
        score=np.ones((2, 2)), outcome=np.ones((2, 2)), time=np.ones((2, 2)), rate=np.ones((2, 2))
    ),
}


def fits(d: Data) -> tuple[st.Regression, st.Regression]:
    """Two nested fits; of good data where these have none to be made of."""
    return (
        st.logistic_regression({"score": d["score"], "second": d["second"]}, d["outcome"]),
        st.logistic_regression({"score": d["score"]}, d["outcome"]),
    )


def mean_of(d: Data) -> Callable[[Any], float]:
    scores = np.array([value if isinstance(value, float) else math.nan for value in d["score"]])
    return lambda rows: float(scores[rows].mean()) if len(rows) else math.nan


def auc_of(d: Data) -> Callable[[Any], st.Estimate]:
    """The AUC of some rows; errors of a caller's function are the caller's."""

    def rows_of(column: str, rows: Any) -> list[Any]:
        return [d[column][row] for row in rows]

    return lambda rows: st.auc(rows_of("score", rows), rows_of("outcome", rows)).auc


def figure_call(figure: str, against: bool = False) -> Callable[[Data], Any]:
    """A few replicates of a figure with a name."""
    arguments, horizon = _statistics.FIGURES[figure]
    columns = {
        "scores": "score",
        "predicted": "rate",
        "times": "time",
        "outcomes": "outcome",
        "events": "event",
        "first": "score",
        "second": "second",
        "ratings": "raters",
        "items": "raters",
    }

    def call(d: Data) -> Any:
        given = [d[columns[name]] for name, _ in arguments]
        other = d["second"] if against else None
        return st.bootstrap_figure(figure, *given, against=other, horizon=4 if horizon else None, replicates=8)

    return call


PRIOR = {"centre": 2, "intercept": -2, "intercept_error": 0.15, "slope": 0.3, "slope_error": 0.04}

# How each verb is called: one or more ways, each a function of the data.
CALLS: dict[str, list[Callable[[Data], Any]]] = {
    "aalen_johansen": [lambda d: st.aalen_johansen(d["time"], d["event"])],
    "added_value": [
        lambda d: st.added_value(d["score"], d["second"], d["outcome"]),
        lambda d: st.added_value(None, d["second"], d["event"], times=d["time"]),
    ],
    "agreement": [lambda d: st.agreement(d["score"], d["second"])],
    "agreement_by_item": [lambda d: st.agreement_by_item(d["raters"], d["raters"])],
    "agreement_by_pair": [lambda d: st.agreement_by_pair(d["raters"])],
    "auc": [lambda d: st.auc(d["score"], d["outcome"]), lambda d: st.auc(d["score"], d["outcome"], interval="logit")],
    "auc_at_horizon": [lambda d: st.auc_at_horizon(d["score"], d["time"], d["event"], 4)],
    "auc_difference": [lambda d: st.auc_difference(d["score"], d["second"], d["outcome"])],
    "auc_difference_unpaired": [
        lambda d: st.auc_difference_unpaired(d["score"], d["outcome"], d["second"], d["outcome"])
    ],
    "bootstrap": [
        lambda d: st.bootstrap(len(d["score"]), mean_of(d), replicates=50),
        lambda d: st.bootstrap(len(d["score"]), lambda rows: math.nan, replicates=50),
    ],
    "bootstrap_auc": [
        lambda d: st.bootstrap_auc(d["score"], d["outcome"], replicates=50),
        lambda d: st.bootstrap_auc(d["score"], d["outcome"], replicates=50, strata=d["outcome"]),
    ],
    "bootstrap_figure": [*map(figure_call, st.FIGURES), figure_call("auc", against=True)],
    "brier": [lambda d: st.brier(d["rate"], d["outcome"])],
    "by_group": [
        lambda d: st.by_group(auc_of(ordinary()), d["group"]),
        lambda d: st.by_group(auc_of(ordinary()), d["group"], smallest=1),
    ],
    "calibration_curve": [lambda d: st.calibration_curve(d["rate"], d["outcome"])],
    "calibration_line": [lambda d: st.calibration_line(d["rate"], d["outcome"])],
    "calibration_slope_followed": [lambda d: st.calibration_slope_followed(d["rate"], d["time"], d["event"])],
    "cohens_d": [lambda d: st.cohens_d(d["score"], d["outcome"])],
    "cox_regression": [
        lambda d: st.cox_regression(d["score"], d["time"], d["event"]),
        lambda d: st.cox_regression([d["score"], d["second"]], d["time"], d["event"], weights=d["weight"]),
    ],
    "cuts": [lambda d: st.cuts(d["score"], d["outcome"])],
    "decision_curve": [
        lambda d: st.decision_curve(d["rate"], d["outcome"]),
        lambda d: st.decision_curve(d["rate"], d["event"], times=d["time"], horizon=4),
    ],
    "disagreements": [lambda d: st.disagreements(d["raters"], d["raters"])],
    "expected_observed": [
        lambda d: st.expected_observed(d["rate"], d["outcome"]),
        lambda d: st.expected_observed(d["rate"], d["outcome"], by=d["group"]),
        lambda d: st.expected_observed(d["rate"], d["event"], times=d["time"], horizon=4),
    ],
    "expected_observed_at": [lambda d: st.expected_observed_at(d["rate"], d["time"], d["event"], 4)],
    "expected_observed_counts": [
        lambda d: st.expected_observed_counts(3, 0),
        lambda d: st.expected_observed_counts(0, 0),
        lambda d: st.expected_observed_counts(math.nan, 1),
        lambda d: st.expected_observed_counts(1, -1),
        lambda d: st.expected_observed_counts(1, math.inf),
    ],
    "expected_observed_ratio": [
        lambda d: st.expected_observed_ratio(st.expected_observed_counts(3, 0), st.expected_observed_counts(2, 0)),
        lambda d: st.expected_observed_ratio(st.expected_observed_counts(3, 5), st.expected_observed_counts(2, 0)),
    ],
    "fairness": [
        lambda d: st.fairness(d["score"], d["outcome"], d["group"], predicted=d["rate"], cut=4),
        lambda d: st.fairness(d["score"], d["outcome"], d["group"], smallest=1),
    ],
    "harrells_c": [lambda d: st.harrells_c(d["score"], d["time"], d["event"])],
    "hazard_by_time_free": [
        lambda d: st.hazard_by_time_free(d["time"], d["event"], [0, 1, 2, 5, 100]),
        lambda d: st.hazard_by_time_free(d["time"], d["event"], d["score"]),
    ],
    "hazard_ratio_per_point": [lambda d: st.hazard_ratio_per_point(d["score"], d["time"], d["event"])],
    "hosmer_lemeshow": [
        lambda d: st.hosmer_lemeshow(d["rate"], d["outcome"]),
        lambda d: st.hosmer_lemeshow(d["rate"], d["outcome"], groups=2, fitted=True),
    ],
    "icc": [lambda d: st.icc(d["raters"])],
    "kaplan_meier": [
        lambda d: st.kaplan_meier(d["time"], d["event"]),
        lambda d: st.kaplan_meier(d["time"], d["event"], interval="log_log", weights=d["weight"]),
        lambda d: st.kaplan_meier(d["time"], d["event"]).at(3),
        lambda d: st.kaplan_meier(d["time"], d["event"]).time_until(0.5),
    ],
    "kappa": [
        lambda d: st.kappa(d["score"], d["second"]),
        lambda d: st.kappa(d["score"], d["second"], weights="quadratic"),
    ],
    "krippendorffs_alpha": [
        lambda d: st.krippendorffs_alpha(d["raters"]),
        lambda d: st.krippendorffs_alpha(d["raters"], measurement="ratio"),
    ],
    "likelihood_ratio_test": [lambda d: st.likelihood_ratio_test(*fits(d))],
    "local_norms": [
        lambda d: st.local_norms(d["score"], d["outcome"]),
        lambda d: st.local_norms(d["score"], d["outcome"], updating="pooled", prior=PRIOR),
        lambda d: st.local_norms(d["score"], d["outcome"], updating="intercept"),
        lambda d: st.local_norms(d["score"], d["event"], times=d["time"], horizon=4),
    ],
    "logistic_regression": [
        lambda d: st.logistic_regression(d["score"], d["outcome"]),
        lambda d: st.logistic_regression([d["score"], d["second"]], d["outcome"], weights=d["weight"]),
        lambda d: st.logistic_regression([d["score"], d["score"]], d["outcome"]),
    ],
    "measurement_error": [
        lambda d: st.measurement_error(1, 1),
        lambda d: st.measurement_error(0, 0.5),
        lambda d: st.measurement_error(-1, 0.5),
        lambda d: st.measurement_error(1, math.nan),
        lambda d: st.measurement_error(math.inf, 0.5),
    ],
    "nelson_aalen": [lambda d: st.nelson_aalen(d["time"], d["event"])],
    "numbers_needed": [
        lambda d: st.numbers_needed(d["score"], d["outcome"]),
        lambda d: st.numbers_needed(d["score"], d["outcome"], effect=0),
        lambda d: st.numbers_needed(d["score"], d["outcome"], effect=math.nan),
    ],
    "odds_ratio_per_point": [lambda d: st.odds_ratio_per_point(d["score"], d["outcome"])],
    "pool": [lambda d: st.pool(d["estimate"], d["error"])],
    "proportion_difference": [
        lambda d: st.proportion_difference(0, 0, 0, 0),
        lambda d: st.proportion_difference(0, 5, 5, 5),
        lambda d: st.proportion_difference(6, 5, 1, 5),
        lambda d: st.proportion_difference(-1, 5, 1, 5),
    ],
    "reclassification": [
        lambda d: st.reclassification(d["rate"], d["new_rate"], d["outcome"]),
        lambda d: st.reclassification(d["rate"], d["new_rate"], d["outcome"], cuts=[0.1, 0.2]),
        lambda d: st.reclassification(d["rate"], d["new_rate"], d["outcome"], cuts=d["score"]),
    ],
    "reliability": [lambda d: st.reliability(d["raters"])],
    "reliable_change": [
        lambda d: st.reliable_change(d["score"], d["second"], 2.5),
        lambda d: st.reliable_change(d["score"], d["second"], 0),
        lambda d: st.reliable_change(d["score"], d["second"], math.nan),
    ],
    "unos_c": [
        lambda d: st.unos_c(d["score"], d["time"], d["event"]),
        lambda d: st.unos_c(d["score"], d["time"], d["event"], horizon=0.5),
        lambda d: st.unos_c(d["score"], d["time"], d["event"], horizon=-1),
    ],
}
VERBS = [name for name in st.__all__ if inspect.isfunction(getattr(st, name))]


WITHOUT_STANDARD_ERROR = ("icc", "reliability", "kaplan_meier", "local_norms")
"""Their intervals are not made of one: F distributions, quantiles of a curve, ends of a logit."""


def unexplained(result: object, place: str) -> Iterator[str]:
    """Figures that are NaN with no status that says why, and statuses that say why of figures that are there."""
    if isinstance(result, Estimate):
        if math.isnan(result.value) == (result.status == "estimated"):
            yield f"{place}: value {result.value}, status {result.status}"
        for end in ("standard_error", "low", "high"):
            if end == "standard_error" and place.startswith(WITHOUT_STANDARD_ERROR):
                continue
            if math.isnan(getattr(result, end)) and result.interval == "estimated":
                yield f"{place}: {end} is NaN, interval {result.interval}"
        if result.interval == "estimated" and not result.low <= result.high:
            yield f"{place}: from {result.low} to {result.high}"
    elif isinstance(result, Test):
        for figure in ("statistic", "degrees_of_freedom", "p_value"):
            if math.isnan(getattr(result, figure)) == (result.status == "estimated"):
                yield f"{place}: {figure} {getattr(result, figure)}, status {result.status}"
    elif isinstance(result, Sample):
        if min(result.n, result.events, result.left_out) < 0:
            yield f"{place}: {result}"
    elif is_dataclass(result):
        why = [value for value in says_why(result) if value != "estimated"]
        for field in fields(result):
            value = getattr(result, field.name)
            if isinstance(value, float) and math.isnan(value) and not why:
                yield f"{place}.{field.name}: NaN without a status"
            elif field.name == "replicates":
                lacking, counted = int((~np.isfinite(value)).sum()), getattr(result, "failed", 0)
                if lacking != counted:
                    yield f"{place}: {lacking} replicates without a figure, {counted} counted"
            elif field.name == "columns":
                yield from unexplained_columns(value, place, bool(why))
            elif isinstance(value, np.ndarray) and value.dtype.kind == "f" and np.isnan(value).any() and not why:
                yield f"{place}.{field.name}: NaN without a status"
            elif isinstance(value, dict):
                for name, inner in value.items():
                    yield from unexplained(inner, f"{place}.{field.name}[{name}]")
            elif is_dataclass(value):
                yield from unexplained(value, f"{place}.{field.name}")


def says_why(result: Any) -> Iterator[str]:
    """The statuses of a result and of its figures."""
    for field in fields(result):
        value = getattr(result, field.name)
        if field.name == "status":
            yield value
        elif isinstance(value, Estimate):
            yield from (value.status, value.interval)
        elif isinstance(value, Test):
            yield value.status
        elif is_dataclass(value):
            yield from says_why(value)


def unexplained_columns(columns: dict[str, Any], place: str, explained: bool) -> Iterator[str]:
    """NaN in a column needs the status of its own row, or one of the whole result."""
    for name, column in columns.items():
        if column.dtype.kind != "f" or (name.endswith("_error") and place.startswith(WITHOUT_STANDARD_ERROR)):
            continue
        stem = re.sub("_(low|high|error)$", "", name)
        of_interval = stem != name and stem in columns
        for row in np.flatnonzero(np.isnan(column)):
            keys = [f"{stem}_status", *([f"{stem}_interval"] if of_interval else []), "status"]
            known = [columns[key][row] for key in keys if key in columns]
            beside = [columns[key][row] for key in columns if key.endswith(("_status", "_interval"))]
            why = [status for status in known or beside if status != "estimated"]
            if not why and (known or not explained):
                yield f"{place}: {name} is NaN in row {row}; statuses {known}"
                break


def test_every_verb_has_a_case() -> None:
    assert sorted(CALLS) == sorted(VERBS)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", DEGENERATE)
@pytest.mark.parametrize("verb", VERBS)
def test_says_why_or_where(verb: str, name: str) -> None:
    wrong: list[str] = []
    for number, call in enumerate(CALLS[verb]):
        try:
            result = call(DEGENERATE[name])
        except UsageError as error:
            wrong += [f"call {number}: {each}" for each in unclear(verb, str(error))]
        else:
            wrong += [f"call {number}: {each}" for each in unexplained(result, verb)]
            repr(result)
    assert not wrong, "\n".join(wrong)


def names_of(verb: str) -> set[str]:
    """What a caller of the verb can have written."""
    names = set(inspect.signature(getattr(st, verb)).parameters)
    if verb == "bootstrap_figure":
        names |= {name for arguments, _ in _statistics.FIGURES.values() for name, _ in arguments}
    return names


def unclear(verb: str, text: str) -> Iterator[str]:
    """An error says where (an argument that the caller wrote), what is there and what was expected."""
    verbs = (verb, "logistic_regression") if verb == "likelihood_ratio_test" else (verb,)
    where, *said = text.split(": ")
    if where in verbs and said:
        where, *said = said
    if not said or not re.search("; expected .", text):
        yield f"says too little: {text}"
    elif where not in {name for each in verbs for name in names_of(each)}:
        yield f"names what the caller did not write: {text}"
    if len(text) > 200:
        yield f"goes on for long: {text}"


COLUMNS = ("score", "second", "rate", "new_rate", "outcome", "time", "event", "weight", "group", "estimate", "error")


@pytest.mark.parametrize("verb", VERBS)
def test_refuses_columns_of_different_lengths(verb: str) -> None:
    """Each column of each call in turn is one row shorter than the others."""
    for (number, call), column in itertools.product(enumerate(CALLS[verb]), (*COLUMNS, "raters")):
        data = ordinary()
        used = Used(data)
        try:
            call(used)
        except UsageError:
            continue
        if column not in used.seen or len(used.seen - {"group"}) + (column == "raters") < 2:
            continue
        shorter = data[column][:-1] if column != "raters" else [data[column][0][:-1], *data[column][1:]]
        if verb == "auc_difference_unpaired" or (verb == "bootstrap" and column == "score"):
            continue  # two samples; one column
        if column in ("score", "cuts") and verb in ("hazard_by_time_free", "reclassification"):
            continue  # cuts
        with pytest.raises(UsageError) as error:
            call(data | {column: shorter})
        assert not list(unclear(verb, str(error.value))), f"call {number}, {column}"


class Used(dict[str, Any]):
    """Data that knows which columns were asked for."""

    def __init__(self, data: Data) -> None:
        super().__init__(data)
        self.seen: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.seen.add(name)
        return super().__getitem__(name)
