"""Makes a synthetic cohort: people of a caseload who were followed after release, for the statistics.

No real person stands behind any row, and the outcomes are made up as well: README.md beside this file says how.
The answers are those of generate_caseload.py. Whether and when somebody reoffends is drawn from the published rate of
the Static-99R score, which in group B is wrong on purpose: the odds there are `TRUE_ODDS` times those of the norms.

    python generate_cohort.py --rows 2400 --seed 5 --out .
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from generate_caseload import NOT_ANSWERED, PARTNER_NOT_ANSWERED, STABLE, Answers, Caseload, Numbers, write_csv

import appraise as ap

NORMS = "routine-2015-5y"
MEDIAN_SCORE = 2.0
HORIZON = 5.0  # years that the norms are for
GROUPS = {"A": 0.647, "B": 0.35, "C": 0.003}  # shares
TRUE_ODDS = {"A": 1.0, "B": 2.0, "C": 1.0}  # of the outcome, beside the norms at the same score
FADING = 0.15  # a year: how fast the hazard falls with time without an offence
DEATHS = ((40, 0.004), (60, 0.010), (200, 0.035))  # below this age: a year

FIRST_RELEASE, LAST_RELEASE = np.datetime64("2014-07-01"), np.datetime64("2023-06-30")
END_OF_STUDY = np.datetime64("2026-06-30")
YEAR = 365.25

RATED_TWICE = 250  # people whom a second rater scored on STABLE-2007
SAME_RATING = 0.85  # of an item by both raters
SELDOM_THE_SAME = {"capacity_relationship_stability": 0.55}


class Cohort:
    """Draws `rows` people, what became of them, and second ratings."""

    def __init__(self, rows: int, seed: int) -> None:
        self.people = Caseload(rows, seed)
        self.key = np.char.add("C", np.char.zfill(np.arange(1, rows + 1).astype(str), 5))
        self.group = np.array(list(GROUPS))[
            np.searchsorted(np.cumsum(list(GROUPS.values()))[:-1], self.people.uniform(), side="right")
        ]
        days = int((LAST_RELEASE - FIRST_RELEASE).astype(int))
        self.released = FIRST_RELEASE + (self.people.uniform() * days).astype(int)
        self.answers = self.people.static_99r() | self.people.stable_2007()

    def caseload(self) -> dict[str, Answers]:
        """Answers as they would be recorded: some are missing."""
        recorded = {}
        for code, column in self.answers.items():
            share = PARTNER_NOT_ANSWERED if code == "ever_lived_with_partner" else NOT_ANSWERED
            recorded[code] = np.where(self.people.chance(share), "", column)
        return {"person": self.key, "group": self.group, "released_on": self.released.astype(str), **recorded}

    def true_rates(self) -> Numbers:
        """The rate within the horizon: the published one of the score, or in some groups more."""
        instrument = ap.load("static-99r")
        asked = [item.code for item in instrument.items if item.code in self.answers]
        complete = {code: [int(each) if each.isdigit() else each for each in self.answers[code]] for code in asked}
        scores = ap.score(instrument, complete, accept_unverified=True)
        total = np.ma.filled(scores["total"].astype(float), MEDIAN_SCORE)  # women and minors have no score
        norms = next(each for each in instrument.norms if each.id == NORMS)
        published = {row.score: row.rate for row in norms.rows if row.rate is not None}
        rate = np.array([published[each] for each in np.clip(total, min(published), max(published))])
        odds = rate / (1 - rate) * np.array([TRUE_ODDS[group] for group in self.group])
        return odds / (1 + odds)

    def outcomes(self) -> dict[str, Answers]:
        """Until when each person was followed, and why it ended."""
        reoffends = self._years_to_offence(self.true_rates())
        ages = self.answers["age_at_release"].astype(int)
        dying = np.select([ages < below for below, _ in DEATHS], [yearly for _, yearly in DEATHS])
        dies = -np.log(1 - self.people.uniform()) / dying
        ends = (END_OF_STUDY - self.released).astype(int) / YEAR
        years = np.minimum(np.minimum(reoffends, dies), ends)
        why = np.where(years == reoffends, "sexual reoffence", np.where(years == dies, "death", "end of study"))
        until = self.released + np.ceil(years * YEAR).astype(int)
        return {"person": self.key, "followed_until": until.astype(str), "ended_by": why}

    def _years_to_offence(self, rate: Numbers) -> Numbers:
        """Times whose distribution reaches the rate at the horizon, with a hazard that fades; many never come."""
        within = -np.log(1 - rate)
        spent = -np.log(1 - self.people.uniform()) / within * (1 - np.exp(-FADING * HORIZON))
        never = spent >= 1
        return np.where(never, np.inf, -np.log(1 - np.where(never, 0, spent)) / FADING)

    def second_ratings(self) -> dict[str, Answers]:
        """STABLE-2007 by a second rater, of the first people for whom it was done."""
        done = np.flatnonzero(self.answers["impulsive_acts"] != "")[:RATED_TWICE]
        columns: dict[str, Answers] = {"person": self.key[done]}
        for code in STABLE:
            first = self.answers[code][done]
            points = np.where(first == "", "0", first).astype(int)
            same = self.people.chance(SELDOM_THE_SAME.get(code, SAME_RATING))[done]
            up = self.people.chance(0.5)[done]
            moved = np.where(points == 0, 1, np.where(points == 2, 1, np.where(up, 2, 0)))
            columns[code] = np.where(first == "", "", np.where(same, points, moved).astype(str))
        return columns


def main() -> None:
    parser = argparse.ArgumentParser(description="Makes a synthetic cohort; see README.md beside this file.")
    parser.add_argument("--rows", type=int, default=2400)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--out", type=Path, default=Path(), help="a folder; three files are written")
    arguments = parser.parse_args()
    cohort = Cohort(arguments.rows, arguments.seed)
    write_csv(cohort.caseload(), arguments.out / "cohort.csv")
    write_csv(cohort.outcomes(), arguments.out / "cohort_outcomes.csv")
    write_csv(cohort.second_ratings(), arguments.out / "cohort_second_ratings.csv")


if __name__ == "__main__":
    main()
