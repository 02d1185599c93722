"""Statistics of the field: does an instrument work here, for everyone, and are its rates ours?

>>> from appraise import statistics
>>> statistics.auc([1, 2, 3, 4], [0, 0, 1, 1]).auc.value
1.0

Columns are NumPy arrays, pandas, polars or Arrow columns, or sequences. Rows with a missing value are left out, and
counted. Where a figure cannot be estimated the result says why; it is never NaN without a reason.
"""

from appraise.statistics._calibration import (
    Brier,
    CalibrationCurve,
    CalibrationLine,
    ExpectedObserved,
    ExpectedObservedTable,
    HosmerLemeshow,
    brier,
    calibration_curve,
    calibration_line,
    calibration_slope_followed,
    expected_observed,
    expected_observed_at,
    expected_observed_counts,
    hosmer_lemeshow,
)
from appraise.statistics._discrimination import (
    Auc,
    AucAtHorizon,
    AucDifference,
    Concordance,
    Cuts,
    EffectSize,
    auc,
    auc_at_horizon,
    auc_difference,
    auc_difference_unpaired,
    cohens_d,
    cuts,
    harrells_c,
    hazard_ratio_per_point,
    odds_ratio_per_point,
    unos_c,
)
from appraise.statistics._results import Estimate, Result, Sample, TableResult, Test
from appraise.statistics._survival import (
    Curve,
    FreePeriods,
    Regression,
    aalen_johansen,
    cox_regression,
    hazard_by_time_free,
    kaplan_meier,
    logistic_regression,
    nelson_aalen,
)

__all__ = [
    "Auc",
    "AucAtHorizon",
    "AucDifference",
    "Brier",
    "CalibrationCurve",
    "CalibrationLine",
    "Concordance",
    "Curve",
    "Cuts",
    "EffectSize",
    "Estimate",
    "ExpectedObserved",
    "ExpectedObservedTable",
    "FreePeriods",
    "HosmerLemeshow",
    "Regression",
    "Result",
    "Sample",
    "TableResult",
    "Test",
    "aalen_johansen",
    "auc",
    "auc_at_horizon",
    "auc_difference",
    "auc_difference_unpaired",
    "brier",
    "calibration_curve",
    "calibration_line",
    "calibration_slope_followed",
    "cohens_d",
    "cox_regression",
    "cuts",
    "expected_observed",
    "expected_observed_at",
    "expected_observed_counts",
    "harrells_c",
    "hazard_by_time_free",
    "hazard_ratio_per_point",
    "hosmer_lemeshow",
    "kaplan_meier",
    "logistic_regression",
    "nelson_aalen",
    "odds_ratio_per_point",
    "unos_c",
]
