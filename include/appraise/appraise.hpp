/// Everything: definitions in, scored and explained caseloads out.
#pragma once

#include "appraise/arrow.hpp"
#include "appraise/caseload.hpp"
#include "appraise/condition.hpp"
#include "appraise/diagnostic.hpp"
#include "appraise/evidence.hpp"
#include "appraise/explain.hpp"
#include "appraise/instrument.hpp"
#include "appraise/library.hpp"
#include "appraise/norms.hpp"
#include "appraise/plan.hpp"
#include "appraise/reading.hpp"
#include "appraise/scale.hpp"
#include "appraise/score.hpp"
#include "appraise/scores.hpp"
#include "appraise/verify.hpp"
#include "appraise/version.hpp"
