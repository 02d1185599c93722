# Kaplan-Meier, Nelson-Aalen, Aalen-Johansen, medians, hazard by time free. Run: Rscript tests/oracles/survival.R
here_file <- sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)[1])
source(file.path(dirname(here_file), "datasets.R"))
suppressPackageStartupMessages(library(survival))

# Forty steps of a curve are enough; `step` says which, counted from 0.
some <- function(values, n) {
  kept <- unique(round(seq(1, n, length.out = min(n, 40))))
  c(list(step = kept - 1), lapply(values, function(v) v[kept]))
}
curve <- function(d, type, weighted) attempt({
  w <- if (weighted) d$weight else rep(1, length(d$time))
  f <- survfit(Surv(d$time, d$event == 1) ~ 1, weights = w, conf.type = type, robust = FALSE)
  q <- quantile(f, c(0.25, 0.5))
  c(some(list(time = f$time, at_risk = f$n.risk, events = f$n.event, value = f$surv, error = f$std.err * f$surv,
              low = f$lower, high = f$upper, hazard = f$cumhaz, hazard_error = f$std.chaz), length(f$time)), list(quantile = as.numeric(q$quantile),
       quantile_low = as.numeric(q$lower), quantile_high = as.numeric(q$upper)))
})
# Aalen-Johansen with the delta-method variance of Marubini & Valsecchi, term by term as printed.
incidence <- function(d) attempt({
  times <- sort(unique(d$time))
  n <- sapply(times, function(t) sum(d$time >= t))
  d1 <- sapply(times, function(t) sum(d$time == t & d$event == 1))
  dd <- sapply(times, function(t) sum(d$time == t & d$event > 0))
  s <- cumprod(1 - dd / n); before <- c(1, head(s, -1))
  i <- cumsum(before * d1 / n)
  v <- sapply(seq_along(times), function(k) {
    j <- seq_len(k)
    g <- ifelse(n[j] > dd[j], dd[j] / (n[j] * (n[j] - dd[j])), 0)
    sum((i[k] - i[j])^2 * g) + sum(before[j]^2 * (n[j] - d1[j]) / n[j] * d1[j] / n[j]^2) -
      2 * sum((i[k] - i[j]) * before[j] * d1[j] / n[j]^2)
  })
  p <- survfit(Surv(d$time, factor(d$event, 0:2)) ~ 1)
  some(list(time = times, value = i, error = sqrt(pmax(v, 0)), survival_value = as.numeric(p$pstate[, 2]),
            survival_error = as.numeric(p$std.err[, 2])), length(times))
})
free <- function(d) attempt({
  cuts <- c(0, 1, 2, 4)
  e <- d$event == 1
  lapply(1:3, function(k) {
    a <- cuts[k]; b <- cuts[k + 1]; r <- d$time > a
    if (!any(r)) return(NULL)
    time <- sum(pmin(d$time[r], b) - a); count <- sum(e[r] & d$time[r] <= b)
    test <- poisson.test(count, time)
    f <- survfit(Surv(d$time[r] - a, e[r]) ~ 1, conf.type = "log")
    s <- if (max(d$time) >= b) summary(f, times = b - a, extend = TRUE)
    list(at_risk = sum(r), events = count, time = time, hazard = count / time, low = test$conf.int[1], high = test$conf.int[2],
         probability = 1 - s$surv, probability_low = 1 - s$upper, probability_high = 1 - s$lower)
  })
})
write_oracle(lapply(datasets, function(d) list(log = curve(d, "log", FALSE), log_log = curve(d, "log-log", FALSE),
  plain = curve(d, "plain", FALSE), weighted = curve(d, "log", TRUE), incidence = incidence(d), free = free(d))), "survival")
