"""People who are made up, all pictures of their statistics, and what a picture says."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

import appraise as ap
from appraise import statistics as st

LEVELS = ["I", "II", "III", "IV"]
Picture = Callable[..., Any]


class People:
    """Scores, rates, outcomes and times of people who are made up."""

    def __init__(self, n: int) -> None:
        draw = np.random.default_rng(11)
        self.score = np.clip(draw.normal(2.5, 2.4, n).round(), -3, 12)
        rate = 1 / (1 + np.exp(3 - 0.3 * (self.score - 2)))
        self.outcome = (draw.random(n) < rate).astype(int)
        self.predicted = 1 / (1 + np.exp(2.7 - 0.33 * (self.score - 2)))
        event, end = draw.exponential(-5 / np.log(1 - rate)), draw.uniform(2, 12, n)
        death = draw.exponential(60, n)
        self.time = np.minimum(np.minimum(event, end), death)
        self.event = np.where(event <= self.time, 1, np.where(death <= self.time, 2, 0))
        self.level = pd.Series(pd.Categorical.from_codes(np.digitize(self.score, [0, 3, 6]), LEVELS))
        self.group = np.array(["a group with a rather long name", "B", "C"])[draw.choice(3, n, p=[0.6, 0.38, 0.02])]
        self.second = np.clip(self.score + draw.integers(-1, 2, n), -3, 12)
        self.other = self.score + draw.normal(0, 2, n)

    def by_level(self, curve: Callable[..., st.Curve], events: Any) -> dict[str, st.Curve]:
        return {
            name: curve(self.time[at], events[at]) for name in LEVELS if (at := (self.level == name).to_numpy()).any()
        }

    def pictures(self) -> dict[str, Picture]:
        cuts, others = st.cuts(self.score, self.outcome), st.cuts(self.other, self.outcome)
        curve = st.calibration_curve(self.predicted, self.outcome)
        index = st.expected_observed(self.predicted, self.outcome, by=self.level)
        assert isinstance(index, st.ExpectedObservedTable)
        fair = st.fairness(self.score, self.outcome, self.group, predicted=self.predicted, cut=4)
        first = self.event == 1
        decisions = st.decision_curve(self.predicted, self.outcome)
        kappa = st.kappa(self.score, self.second, weights="quadratic")
        items = {f"item {k}": st.kappa(self.score > k, self.second > k) for k in range(-3, 4)}
        pooled = st.pool([0.7, 0.75, 0.6], [0.02, 0.05, 0.04], names=["one", "two", "a sample with a long name"])
        fit = st.logistic_regression({"score": self.score, "other": self.other}, self.outcome)
        return {
            "roc": lambda **given: ap.plot.roc(cuts, mark=[2], **given),
            "several roc": lambda **given: ap.plot.roc({"Static": cuts, "a score of long name": others}, **given),
            "calibration": lambda **given: ap.plot.calibration(curve, index, **given),
            "several calibration": lambda **given: ap.plot.calibration({"here": curve, "there": curve}, **given),
            "forest by level": lambda **given: ap.plot.forest(index, **given),
            "forest by group": lambda **given: ap.plot.forest(fair, "false_positive_rate", **given),
            "forest of samples": lambda **given: ap.plot.forest(pooled, of="AUC", **given),
            "forest of ratios": lambda **given: ap.plot.forest(fit, **given),
            "survival": lambda **given: ap.plot.survival(self.by_level(st.kaplan_meier, first), **given),
            "incidence": lambda **given: ap.plot.survival(self.by_level(st.aalen_johansen, self.event), **given),
            "hazard": lambda **given: ap.plot.survival(st.nelson_aalen(self.time, first), **given),
            "decision curve": lambda **given: ap.plot.decision_curve(decisions, **given),
            "agreement": lambda **given: ap.plot.agreement(kappa, **given),
            "agreement by item": lambda **given: ap.plot.agreement(items, **given),
        }


def texts(ax: Any) -> str:
    written = [ax.get_title(loc="left"), ax.get_xlabel(), ax.get_ylabel(), *(each.get_text() for each in ax.texts)]
    ticks = [each.get_text() for each in (*ax.get_xticklabels(), *ax.get_yticklabels())]
    legend = ax.get_legend()
    return "\n".join(written + ticks + ([each.get_text() for each in legend.get_texts()] if legend else []))


def said(ax: Any) -> str:
    return texts(ax).replace("\n", " ")
