/// Every statistic.
#pragma once

#include "appraise/statistics/agreement.hpp"
#include "appraise/statistics/auc.hpp"
#include "appraise/statistics/bootstrap.hpp"
#include "appraise/statistics/calibration.hpp"
#include "appraise/statistics/concordance.hpp"
#include "appraise/statistics/cuts.hpp"
#include "appraise/statistics/effect_size.hpp"
#include "appraise/statistics/estimate.hpp"
#include "appraise/statistics/fairness.hpp"
#include "appraise/statistics/figures.hpp"
#include "appraise/statistics/incremental.hpp"
#include "appraise/statistics/local_norms.hpp"
#include "appraise/statistics/meta_analysis.hpp"
#include "appraise/statistics/regression.hpp"
#include "appraise/statistics/reliability.hpp"
#include "appraise/statistics/survival.hpp"
