"""Makes a synthetic caseload: responses to Static-99R and STABLE-2007 as an agency might hold them.

No real person stands behind any row. README.md beside this file documents the distributions.
The same rows and seed give the same file, whatever the version of NumPy: only its uniform random numbers are used.

    python generate_caseload.py --rows 200 --seed 99 --out caseload.csv
    python generate_caseload.py --rows 1000000 --seed 1 --out caseload.parquet
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import numpy as np
import numpy.typing as npt

Answers = npt.NDArray[np.str_]
Numbers = npt.NDArray[np.float64]

AGES = (18, 25, 35, 40, 60, 82)
AGE_SHARES = (0.14, 0.27, 0.14, 0.33, 0.12)  # of the bands between these ages

# Item: shares of its answers in ascending order of risk, and the share of people whose answer follows their risk.
YES_NO = {
    "ever_lived_with_partner": (("yes", 0.57), ("no", 0.43), 0.2),
    "index_nonsexual_violence": (("no", 0.91), ("yes", 0.09), 0.2),
    "prior_nonsexual_violence": (("no", 0.73), ("yes", 0.27), 0.5),
    "noncontact_sex_conviction": (("no", 0.88), ("yes", 0.12), 0.3),
    "any_unrelated_victim": (("no", 0.38), ("yes", 0.62), 0.3),
    "any_male_victim": (("no", 0.82), ("yes", 0.18), 0.1),
}
STRANGER_IF_UNRELATED = 0.38
COUNTS = {  # shares of 0, 1, 2, ...
    "prior_sex_charges": ((0.70, 0.11, 0.06, 0.04, 0.03, 0.02, 0.02, 0.01, 0.01), 0.4),
    "prior_sentencing_dates": ((0.36, 0.14, 0.10, 0.08, 0.07, 0.06, 0.05, 0.04, 0.03, 0.02, 0.02, 0.02, 0.01), 0.5),
}
CONVICTED_IF_CHARGED = 0.7
STABLE = {  # shares of 0, 1, 2
    "significant_social_influences": (0.42, 0.39, 0.19),
    "capacity_relationship_stability": (0.24, 0.44, 0.32),
    "emotional_identification_children": (0.66, 0.25, 0.09),
    "hostility_toward_women": (0.59, 0.31, 0.10),
    "social_rejection_loneliness": (0.43, 0.40, 0.17),
    "lack_of_concern_for_others": (0.55, 0.33, 0.12),
    "impulsive_acts": (0.46, 0.36, 0.18),
    "poor_problem_solving": (0.37, 0.42, 0.21),
    "negative_emotionality": (0.48, 0.36, 0.16),
    "sexual_preoccupation": (0.57, 0.30, 0.13),
    "sex_as_coping": (0.60, 0.29, 0.11),
    "deviant_sexual_preference": (0.52, 0.30, 0.18),
    "cooperation_with_supervision": (0.55, 0.31, 0.14),
}
STABLE_FOLLOWS_RISK = 0.45
CHILD_VICTIM = 0.48

WOMEN = 0.02  # out of population
MINORS = 0.01  # out of population
NOT_ANSWERED = 0.01  # of each item
PARTNER_NOT_ANSWERED = 0.05
STABLE_NOT_DONE = 0.06  # of people: none of its items answered
WRONG = 0.004  # of each of these items, the answer that a careless form lets through
WRONG_ANSWERS = {
    "age_at_release": "999",
    "prior_sex_charges": "-1",
    "prior_sentencing_dates": "-1",
    "any_male_victim": "unknown",
    "impulsive_acts": "3",
}

FIRST_DAY = np.datetime64("2019-01-01")
DAYS = 5 * 365


class Caseload:
    """Draws answers for `rows` people, column by column."""

    def __init__(self, rows: int, seed: int) -> None:
        self.rows = rows
        self.random = np.random.default_rng(seed)
        self.risk = self.uniform()

    def uniform(self) -> Numbers:
        return self.random.random(self.rows)

    def chance(self, share: float) -> npt.NDArray[np.bool_]:
        return self.uniform() < share

    def rank(self, follows_risk: float) -> Numbers:
        """A rank between 0 and 1: for a share of people that of their general risk, for the others any."""
        return np.where(self.chance(follows_risk), self.risk, self.uniform())

    def drawn(self, shares: tuple[float, ...], follows_risk: float) -> npt.NDArray[np.int64]:
        """Positions 0, 1, 2, ... with the given shares."""
        cumulative = np.cumsum(shares)[:-1]
        return np.searchsorted(cumulative, self.rank(follows_risk), side="right")

    def static_99r(self) -> dict[str, Answers]:
        ages = np.interp(1 - self.rank(0.3), np.cumsum((0.0, *AGE_SHARES)), AGES).astype(int)
        ages = np.where(self.chance(MINORS), 17, ages)
        columns = {"sex": np.where(self.chance(WOMEN), "female", "male"), "age_at_release": ages.astype(str)}
        counts = {code: self.drawn(*table) for code, table in COUNTS.items()}
        charges = counts["prior_sex_charges"]
        convictions = np.minimum(charges, np.floor(charges * CONVICTED_IF_CHARGED + self.uniform()).astype(int))
        for code, (first, second, follows_risk) in YES_NO.items():
            position = self.drawn((first[1], second[1]), follows_risk)
            columns[code] = np.where(position == 0, first[0], second[0])
        unrelated = columns["any_unrelated_victim"] == "yes"
        columns["any_stranger_victim"] = np.where(unrelated & self.chance(STRANGER_IF_UNRELATED), "yes", "no")
        columns |= {code: count.astype(str) for code, count in counts.items()}
        columns["prior_sex_convictions"] = convictions.astype(str)
        return columns

    def stable_2007(self) -> dict[str, Answers]:
        columns = {code: self.drawn(shares, STABLE_FOLLOWS_RISK).astype(str) for code, shares in STABLE.items()}
        child_victim = self.chance(CHILD_VICTIM)
        code = "emotional_identification_children"
        columns[code] = np.where(child_victim, columns[code], "")
        not_done = self.chance(STABLE_NOT_DONE)
        columns = {code: np.where(not_done, "", answers) for code, answers in columns.items()}
        return {"child_victim": np.where(child_victim, "yes", "no"), **columns}

    def columns(self) -> dict[str, Answers]:
        released = FIRST_DAY + (self.uniform() * DAYS).astype(int)
        assessed = released + (self.uniform() * 120).astype(int)
        answers = self.static_99r() | self.stable_2007()
        for code, column in answers.items():
            share = PARTNER_NOT_ANSWERED if code == "ever_lived_with_partner" else NOT_ANSWERED
            answers[code] = np.where(self.chance(share), "", column)
            if code in WRONG_ANSWERS:
                answers[code] = np.where(self.chance(WRONG), WRONG_ANSWERS[code], answers[code])
        person = np.char.add("S", np.char.zfill(np.arange(1, self.rows + 1).astype(str), 7))
        return {"person": person, "released_on": released.astype(str), "assessed_on": assessed.astype(str), **answers}


def write_csv(columns: dict[str, Answers], out: Path) -> None:
    with out.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(zip(*(column.tolist() for column in columns.values()), strict=True))


def write_parquet(columns: dict[str, Answers], out: Path) -> None:
    """Numbers as numbers and dates as dates; empty answers are null."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    arrays = {}
    for name, column in columns.items():
        text = pa.array(column.tolist(), mask=column == "")
        if name.endswith("_on"):
            arrays[name] = pc.cast(text, pa.date32())
        elif name in STABLE or name in COUNTS or name in ("age_at_release", "prior_sex_convictions"):
            arrays[name] = pc.cast(text, pa.int16())
        else:
            arrays[name] = text if name == "person" else text.dictionary_encode()
    pq.write_table(pa.table(arrays), out)


def main() -> None:
    parser = argparse.ArgumentParser(description="Makes a synthetic caseload; see README.md beside this file.")
    parser.add_argument("--rows", type=int, default=200)
    parser.add_argument("--seed", type=int, default=99)
    parser.add_argument("--out", type=Path, default=Path("caseload.csv"), help="a .csv or .parquet file")
    arguments = parser.parse_args()
    columns = Caseload(arguments.rows, arguments.seed).columns()
    write = write_parquet if arguments.out.suffix == ".parquet" else write_csv
    write(columns, arguments.out)


if __name__ == "__main__":
    main()
