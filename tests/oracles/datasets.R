# The data sets that every oracle is worked out on, and how they are written. Figures are rounded to few digits so that
# the text of a file is the number itself.
suppressPackageStartupMessages(library(jsonlite))
RNGversion("4.0.0")
set.seed(20260101)

people <- function(n, scores, base, slope, second = NULL, censoring = 8, years = NULL, other = 0) {
  score <- scores(n)
  middle <- median(score)
  hazard <- base * exp(slope * (score - middle))
  event_time <- rexp(n, hazard)
  other_time <- if (other > 0) rexp(n, other) else rep(Inf, n)
  censor_time <- runif(n, 0.2, censoring)
  time <- pmin(event_time, other_time, censor_time)
  event <- ifelse(time == event_time, 1, ifelse(time == other_time, 2, 0))
  time <- if (is.null(years)) round(time, 3) + 0.001 else ceiling(time * years) / years
  outcome <- rbinom(n, 1, plogis(-1.8 + slope * (score - middle)))
  predicted <- round(plogis(-2 + 0.8 * slope * (score - middle)), 4)
  other_score <- round(score + rnorm(n, 0, max(sd(score), 0.1)), 2)
  list(score = score, second = other_score, outcome = outcome, predicted = pmin(pmax(predicted, 0.001), 0.999),
       time = time, event = event, weight = rep(1, n))
}

whole <- function(low, high) function(n) sample(low:high, n, TRUE)
datasets <- list(
  routine = people(400, whole(-3, 12), 0.05, 0.25, other = 0.02),
  heavy_ties = people(500, function(n) sample(c(0, 1, 2), n, TRUE, c(0.7, 0.2, 0.1)), 0.06, 0.6, years = 1),
  continuous = people(300, function(n) round(rnorm(n), 4), 0.08, 0.7),
  tiny = list(score = c(1, 3, 2, 5, 4, 4), second = c(2, 1, 2, 4, 5, 3), outcome = c(0, 0, 1, 1, 0, 1),
              predicted = c(0.1, 0.3, 0.2, 0.6, 0.4, 0.4), time = c(1.5, 2, 0.7, 0.4, 3, 1.1), event = c(0, 1, 1, 1, 0, 1),
              weight = rep(1, 6)),
  separation = list(score = 1:40, second = rep(c(1, 2, 3, 4), 10), outcome = rep(0:1, each = 20),
                    predicted = round(seq(0.02, 0.9, length.out = 40), 3), time = 41 - (1:40), event = rep(1, 40),
                    weight = rep(1, 40)),
  quasi_separation = list(score = c(1:20, 20:39), second = rep(c(4, 1, 3, 2), 10), outcome = rep(0:1, each = 20),
                          predicted = round(seq(0.05, 0.7, length.out = 40), 3), time = rep(40:21, 2) / 10,
                          event = rep(c(0, 1), each = 20), weight = rep(1, 40)),
  zero_events = within(people(50, whole(0, 6), 0.05, 0.2), { outcome <- rep(0, 50); event <- rep(0, 50) }),
  all_events = within(people(50, whole(0, 6), 0.05, 0.2), { outcome <- rep(1, 50); event <- rep(1, 50) }),
  constant_score = people(60, function(n) rep(2, n), 0.1, 0.2),
  extreme_weights = within(people(120, whole(0, 8), 0.08, 0.3, other = 0.03), weight <- 10^sample(c(-6, -2, 0, 3, 6), 120, TRUE)),
  heavy_censoring = people(600, whole(-3, 10), 0.004, 0.3, censoring = 5),
  one_event = within(people(30, whole(0, 9), 0.05, 0.2), { outcome <- c(1, rep(0, 29)); event <- c(1, rep(0, 29)) }),
  reversed = people(200, whole(0, 10), 0.1, -0.3, other = 0.02),
  far_from_zero = people(150, function(n) 1e7 + round(rnorm(n, 0, 2), 3), 0.08, 0.4),
  two_people = list(score = c(1, 2), second = c(2, 1), outcome = c(0, 1), predicted = c(0.2, 0.4), time = c(2, 1),
                    event = c(0, 1), weight = c(1, 1)),
  whole_years = people(350, whole(-2, 9), 0.07, 0.25, years = 2, other = 0.05)
)

here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)[1]))
write_oracle <- function(values, name) {
  write(toJSON(values, digits = NA, auto_unbox = TRUE, na = "null", null = "null"), file.path(here, paste0(name, ".json")))
}
# Runs `work` and hands back NULL where R itself has no answer.
attempt <- function(work) tryCatch(suppressWarnings(suppressMessages(work)), error = function(e) NULL)
