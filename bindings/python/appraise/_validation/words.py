"""What the report says in words: methods with citations, limits, what a status means."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from appraise._core import __version__

if TYPE_CHECKING:
    from appraise._validation.result import Validation

STATUSES = {
    "no_data": "no data",
    "one_class": "only one outcome occurs",
    "no_events": "nobody had the outcome",
    "too_few": "too few people",
    "constant": "the scores do not vary",
    "no_variance": "no interval: no variation",
    "separated": "the score separates the outcomes",
    "collinear": "collinear",
    "not_converged": "did not converge",
    "suppressed": "withheld",
    "by_resampling": "interval by resampling only",
    "not_reached": "nobody was followed that long",
    "certain": "a rate of 0 or 1",
}

REFERENCES = {
    "aj": "Aalen & Johansen (1978). Scandinavian Journal of Statistics 5, 141-150.",
    "austin": "Austin & Steyerberg (2019). Statistics in Medicine 38, 4051-4065.",
    "berry": "Berry (1983). Biometrics 39, 173-184.",
    "blanche": "Blanche, Dartigues & Jacqmin-Gadda (2013). Statistics in Medicine 32, 5381-5397.",
    "brier": "Brier (1950). Monthly Weather Review 78, 1-3.",
    "chouldechova": "Chouldechova (2017). Big Data 5, 153-163.",
    "cleary": "Cleary (1968). Journal of Educational Measurement 5, 115-124.",
    "clopper": "Clopper & Pearson (1934). Biometrika 26, 404-413.",
    "cohen": "Cohen (1988). Statistical Power Analysis for the Behavioral Sciences, 2nd edition.",
    "collins": "Collins, Ogundimu & Altman (2016). Statistics in Medicine 35, 214-226. doi:10.1002/sim.6787",
    "cox": "Cox (1958). Biometrika 45, 562-565.",
    "crowson": "Crowson, Atkinson & Therneau (2016). Statistical Methods in Medical Research 25, 1692-1706.",
    "delong": "DeLong, DeLong & Clarke-Pearson (1988). Biometrics 44, 837-845.",
    "efron": "Efron (1977). Journal of the American Statistical Association 72, 557-565.",
    "fazel": "Fazel, Singh, Doll & Grann (2012). BMJ 345, e4692.",
    "fleiss": "Fleiss, Cohen & Everitt (1969). Psychological Bulletin 72, 323-327.",
    "garwood": "Garwood (1936). Biometrika 28, 437-442.",
    "hanson2017": "Hanson (2017). Criminal Justice and Behavior 44, 26-39. doi:10.1177/0093854816683956",
    "hanson2018": "Hanson, Harris, Letourneau, Helmus & Thornton (2018). Psychology, Public Policy, and Law.",
    "harrell": "Harrell, Lee & Mark (1996). Statistics in Medicine 15, 361-387.",
    "hosmer": "Hosmer & Lemeshow (1980). Communications in Statistics A9, 1043-1069.",
    "km": "Kaplan & Meier (1958). Journal of the American Statistical Association 53, 457-481.",
    "kleinberg": "Kleinberg, Mullainathan & Raghavan (2016). arXiv:1609.05807.",
    "ragee": "Gmür & Singh (2014). Sexual Offender Treatment 9(2), on the checklist of the RAGEE Statement.",
    "shrout": "Shrout & Fleiss (1979). Psychological Bulletin 86, 420-428.",
    "skeem": "Skeem & Lowenkamp (2016). Criminology 54, 680-712.",
    "steyerberg": "Steyerberg et al. (2010). Epidemiology 21, 128-138.",
    "uno": "Uno et al. (2011). Statistics in Medicine 30, 1105-1117.",
    "vickers": "Vickers & Elkin (2006). Medical Decision Making 26, 565-574.",
}

FEW_EVENTS, ENOUGH_EVENTS = 100, 200
FEW_IN_A_LEVEL = 5
FEW_EXPECTED = 5
MANY_LEFT_OUT = 0.05


@dataclass
class Methods:
    """Paragraphs with numbered citations, and the references in their order."""

    paragraphs: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    _numbers: dict[str, int] = field(default_factory=dict)

    def cite(self, *names: str) -> str:
        """The citations of some references, numbered as they first come."""
        for name in names:
            if name not in self._numbers:
                self._numbers[name] = len(self._numbers) + 1
                self.references.append(REFERENCES[name])
        return "[" + ", ".join(str(self._numbers[name]) for name in names) + "]"


def methods(given: Validation) -> Methods:
    """What was done, so that another can repeat it; only of what is reported."""
    told = Methods()
    cite, results = told.cite, given.results
    confidence = f"{100 * given.choices.confidence:g} %"
    fixed = "auc" in results
    parts = [
        "Rows of the two tables were brought together by their key; rows without a key, and all rows of a key that "
        "comes more than once, were left out. Nothing was imputed: each figure is of the people who have what it "
        "needs.",
    ]
    if fixed:
        parts.append(
            "Discrimination at a fixed follow-up is the area under the ROC curve, tied pairs counted half, with the "
            f"interval of DeLong et al. {cite('delong')}, Cohen's d {cite('cohen')} and the odds ratio per point by "
            f"logistic regression. Shares have exact binomial intervals {cite('clopper')}; sensitivity, specificity "
            "and predictive values are of a score at or above each cut. The number needed to detain is the reciprocal "
            f"of the positive predictive value times an effect of {given.choices.effect:g} {cite('fazel')}."
        )
    parts += _followed(given, cite)
    if "expected_observed" in results:
        parts += _calibration(given, cite)
    if any(name.startswith("fairness") for name in results):
        parts.append(
            "Groups were compared by base rate, discrimination, calibration and error rates, and by Cleary's models, "
            "in which the same score may go with another rate (intercepts), or predict more or less well (slopes), in "
            f"another group {cite('cleary', 'skeem')}. Groups of fewer than {given.choices.smallest_cell} people are "
            "withheld, and others so that they do not follow from the totals; so are shares of so few."
        )
    if "icc" in results or "level_agreement" in results:
        parts.append(
            f"Agreement of two ratings is told by the six intraclass correlations {cite('shrout')}, Cohen's kappa of "
            f"the levels, also weighted, with large-sample variances {cite('fleiss')}, and the shares of equal ratings."
        )
    parts.append(
        f"Intervals are at {confidence}; nothing was adjusted for the number of tests. Computed with appraise "
        f"{__version__}. What else a publication should report is listed by the RAGEE Statement {cite('ragee')}."
    )
    told.paragraphs = parts
    return told


def _followed(given: Validation, cite: object) -> Iterator[str]:
    assert callable(cite)
    if "harrells_c" not in given.results:
        return
    horizon = f" at {given.horizon:g} {given.choices.time_unit}" if given.horizon else ""
    sentences = [
        f"People followed for different times were compared by Harrell's C {cite('harrell')}, Uno's C {cite('uno')} "
        f"and the hazard ratio per point of a Cox regression with Efron's ties {cite('efron')}"
    ]
    if given.horizon:
        sentences[0] += f", and by the AUC{horizon}, weighted for censoring {cite('blanche')}"
    sentences[0] += "."
    sentences.append(f"Curves of staying without an event are Kaplan-Meier's {cite('km')}.")
    if "incidence" in given.results:
        sentences.append(
            f"Where another event could come first, incidence is Aalen and Johansen's {cite('aj')}; in C, Cox "
            "regression and Kaplan-Meier curves that event ends follow-up."
        )
    sentences.append(f"Hazards are by time already spent without an event {cite('hanson2018')}.")
    yield " ".join(sentences)


def _calibration(given: Validation, cite: object) -> Iterator[str]:
    assert callable(cite)
    text = (
        "Calibration is of the rates of the norm set: the E/O index, expected over observed, in total, by level and by "
        f"score {cite('hanson2017')} with the exact interval of a Poisson count {cite('garwood')}"
    )
    if "expected_observed_followed" in given.results:
        text += (
            "; for people followed for different times, with what their own follow-up was expected to hold at a "
            f"constant hazard {cite('berry', 'crowson')}, and with the incidence at the horizon"
        )
    text += (
        f"; the calibration intercept and slope {cite('cox')}; a loess curve with ICI, E50, E90 and Emax "
        f"{cite('austin')}"
        + (f", percentile intervals from {given.choices.bootstrap:,} resamples" if given.choices.bootstrap else "")
        + f"; the Brier score, also scaled to the base rate {cite('brier', 'steyerberg')}; and Hosmer and Lemeshow's "
        f"test {cite('hosmer')}, which says little in small samples and finds trifles in large ones. Net benefit is "
        f"that of decision curves {cite('vickers')}."
    )
    yield text


def limits(given: Validation) -> Iterator[tuple[str, str]]:
    """What a reader must know before using the figures: a stable code and a sentence, those of these data first."""
    yield from _of_sample(given)
    yield from _of_rates(given)
    yield from _of_tests(given)
    yield from _of_choices(given)
    yield (
        "not-shown.person",
        "A rate is of a group. These figures do not say what one person will do, and a good AUC does not make a rate "
        "right.",
    )
    yield (
        "not-shown.elsewhere",
        "They hold for these people, this outcome, this follow-up and this way of scoring; they say nothing of other "
        "places, later years or raters who score otherwise.",
    )
    yield (
        "not-shown.cause",
        "They do not show what caused the outcome, nor what treatment or supervision would change. People known to be "
        "of high risk may have been supervised more closely, which lowers, or detects more of, what is observed.",
    )
    yield (
        "not-shown.detection",
        "The outcome is what was recorded. Offences that nobody reported are not in it, and groups may differ in how "
        "often they are.",
    )


def _of_sample(given: Validation) -> Iterator[tuple[str, str]]:
    rate = next(iter(given.rows("figures", section="base_rates", by="", figure="rate")), None)
    if rate is not None:
        events, n = rate["events"], rate["n"]
        fewer = min(events, n - events)
        if fewer == 0:
            yield "sample.one-class", "Everybody has the same outcome: nothing can be said of discrimination."
        elif fewer < FEW_EVENTS:
            which = "had" if events <= n - events else "did not have"
            yield (
                "sample.few-events",
                f"Only {fewer:,} people {which} the outcome. A validation needs at least {FEW_EVENTS}, better "
                f"{ENOUGH_EVENTS}, with and as many without (Collins, Ogundimu & Altman 2016): intervals are wide, and "
                "a figure that looks good or bad may be chance.",
            )
    yield from _left_out(given)
    small = [
        row["group"]
        for row in given.rows("figures", section="base_rates", by="level", figure="rate")
        if row["events"] < FEW_IN_A_LEVEL
    ]
    if small:
        yield (
            "sample.small-levels",
            f"Fewer than {FEW_IN_A_LEVEL} people had the outcome at the levels {', '.join(small)}: read the intervals, "
            "not the figures. Tables by level and score are not suppressed; suppress before publishing them.",
        )
    if not given.choices.describe_outcome:
        yield (
            "outcome.not-described",
            "Nobody said what counts as the outcome and where it was looked for: say it (describe_outcome).",
        )
    if not given.choices.describe_sample:
        yield (
            "sample.not-described",
            "Nobody said who these people are and how they were chosen: say it (describe_sample).",
        )


def _of_tests(given: Validation) -> Iterator[tuple[str, str]]:
    expected = [
        row["value"]
        for by in ("level", "score")
        for row in given.rows("figures", section="calibration", by=by, figure="expected")
    ]
    expected += [row["expected"] for row in given.rows("hosmer_lemeshow")]
    if any(each < FEW_EXPECTED for each in expected):
        yield (
            "tests.small-expected",
            f"Fewer than {FEW_EXPECTED} people were expected to have the outcome at some levels or scores: chi-square "
            "tests over them (of one E/O, Hosmer and Lemeshow's) are not exact and may mislead.",
        )


def _left_out(given: Validation) -> Iterator[tuple[str, str]]:
    for sample in ("fixed follow-up", "different follow-up"):
        flow = given.rows("flow", sample=sample)
        size = next((row["rows"] for row in flow if row["step"] == "in both tables"), 0)
        out = sum(row["rows"] for row in flow if row["step"] == "left out")
        short = sum(row["rows"] for row in flow if row["code"] == "outcome.short-follow-up")
        if short and given.choices.potential is None and given.choices.study_end is None:
            yield (
                "follow-up.short",
                f"{short:,} people were followed for less than the horizon without an event and are not in the figures "
                "at a fixed follow-up, while people with an early event are. Rates, E/O, calibration and predictive "
                "values there are too high for it: read the incidence, E/O, C and AUC of people followed for different "
                "times, or name the time for which each person could have been followed (potential).",
            )
        if size and out / size > MANY_LEFT_OUT:
            yield (
                "sample.left-out",
                f"{out:,} of {size:,} people ({100 * out / size:.0f} %) are not in the figures at {sample}; if they "
                "differ from the others, the figures are biased. The flow of rows tells why they are left out.",
            )


def _of_rates(given: Validation) -> Iterator[tuple[str, str]]:
    norms = given.about.norms
    if "expected_observed" not in given.results and "expected_observed_followed" not in given.results:
        return
    if norms and norms["evidence"] == "unverified":
        yield (
            "norms.unverified",
            f"The rates of {norms['id']} are marked unverified: no public source that this project has seen confirms "
            "them.",
        )
    if norms and norms["outcome"]:
        yield (
            "norms.outcome",
            f"The rates are of {norms['outcome']} in {norms['sample'] or 'their sample'}. Where the outcome here is "
            "another, or is found in other records, E/O tells of that difference too.",
        )
    if given.horizon is None and norms and norms["follow_up_years"]:
        yield (
            "norms.follow-up",
            f"The rates are for {norms['follow_up_years']:g} years. Nobody said for how long people were followed here "
            "(horizon); calibration holds only if it is the same.",
        )
    lacking = next((row for row in given.rows("figures", figure="expected_observed", by="") if row["left_out"]), None)
    if lacking:
        yield (
            "norms.no-rate",
            f"{lacking['left_out']:,} people have no rate under the norm set and are in no figure of calibration.",
        )


def _of_choices(given: Validation) -> Iterator[tuple[str, str]]:
    if given.rows("cuts"):
        yield (
            "cut.in-sample",
            "A cut that is chosen because it does best in these tables does worse elsewhere. Use the instrument's own "
            "levels, or confirm the cut in other people.",
        )
    if given.rows("tests", section="groups"):
        yield (
            "groups.not-significant",
            "A test that finds no difference between groups does not show that there is none; look at the intervals. "
            "With many groups and tests some differences come by chance.",
        )
    if given.following:
        yield (
            "groups.follow",
            f"By {', '.join(given.following)}, a withheld group follows from the totals, because so few people are in "
            "all that are withheld. Put it together with another group before this is published.",
        )
    if given.about.instrument is None:
        yield "instrument.unknown", "Nothing says which instrument and edition gave the scores."
    for note in given.about.notes:
        yield "provenance.differs", note
