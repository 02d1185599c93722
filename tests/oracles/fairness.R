# E/O by group, level and score; differences between groups and their tests. Run: Rscript tests/oracles/fairness.R
# Packages (Debian 12): r-cran-epi, r-cran-proc, r-cran-metafor
here_file <- sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)[1])
source(file.path(dirname(here_file), "datasets.R"))
suppressPackageStartupMessages({library(Epi); library(pROC); library(survival); library(metafor)})

group_of <- function(d) (seq_along(d$score) * 7) %% 3
level_of <- function(d) findInterval(d$score, quantile(d$score, c(0.3, 0.7), names = FALSE))
tight <- function(f, d) glm(f, binomial, d, epsilon = 1e-14, maxit = 100)

# E/O of each group with the limits of poisson.test, and Pearson's chi-square given the sum.
table_of <- function(by, expected, observed) {
  e <- tapply(expected, by, sum); o <- tapply(observed, by, sum)
  ends <- sapply(o, function(k) poisson.test(k)$conf.int)
  test <- if (length(o) > 1 && sum(o) > 0) suppressWarnings(chisq.test(as.numeric(o), p = as.numeric(e), rescale.p = TRUE))
  list(group = as.numeric(names(e)), expected = as.numeric(e), observed = as.numeric(o), low = as.numeric(e) / ends[2, ],
       high = ifelse(o > 0, as.numeric(e) / ends[1, ], NA), total = sum(e) / sum(o), chi = unname(test$statistic), p = test$p.value)
}
tables <- function(d, horizon) {
  held <- -log(1 - d$predicted) * pmin(d$time, horizon) / horizon
  seen <- d$event == 1 & d$time <= horizon
  list(level = level_of(d), horizon = horizon, by_level = table_of(level_of(d), d$predicted, d$outcome),
       by_score = table_of(d$score, d$predicted, d$outcome), followed = table_of(level_of(d), held, seen))
}
# The first E/O over the second is the second rate over the first.
ratio <- function(e1, o1, e2, o2) attempt({
  t <- poisson.test(c(o1, o2), c(e1, e2))
  list(ratio = if (o1 > 0 && o2 > 0) (e1 / o1) / (e2 / o2), low = 1 / t$conf.int[2], high = if (o1 > 0) 1 / t$conf.int[1], p = t$p.value)
})
share <- function(k1, n1, k2, n2) attempt({
  i <- ci.pd(k1, k2, n1 - k1, n2 - k2, print = FALSE)
  t <- prop.test(c(k1, k2), c(n1, n2), correct = FALSE)
  list(difference = k1 / n1 - k2 / n2, low = i[6], high = i[7], chi = unname(t$statistic), p = t$p.value)
})
differences <- function(d, g, k, ref, cut) {
  a <- g == k; b <- g == ref; y <- d$outcome == 1; above <- d$score >= cut
  two <- function(hit, of) share(sum(hit & of & a), sum(of & a), sum(hit & of & b), sum(of & b))
  both <- a | b; all <- rep(TRUE, length(y))
  lp <- qlogis(d$predicted); s <- d$score - median(d$score)
  areas <- attempt({
    r <- function(k) roc(d$outcome[k], d$score[k], levels = c(0, 1), direction = "<", quiet = TRUE)
    t <- roc.test(r(a), r(b), method = "delong", paired = FALSE)
    apart <- unname(t$estimate[1] - t$estimate[2]); width <- qt(0.975, t$parameter) * apart / t$statistic
    list(difference = apart, low = unname(apart - width), high = unname(apart + width), p = t$p.value)
  })
  # The product with the group in a regression of the two groups is the difference of their coefficients.
  apart <- function(f) attempt({
    t <- summary(tight(f, data.frame(y = d$outcome, lp, s, own = as.numeric(a))[both, ]))$coefficients
    list(difference = t[nrow(t), 1], error = t[nrow(t), 2], p = t[nrow(t), 4])
  })
  list(group = k, base_rate = two(y, all), flagged = two(above, all), false_positive = two(above, !y), false_negative = two(!above, y),
       positive = two(y, above), negative = two(!y, !above), auc = areas, slope = apart(y ~ s * own),
       calibration_intercept = apart(y ~ offset(lp) + own), calibration_slope = apart(y ~ lp * own),
       ratio = ratio(sum(d$predicted[a]), sum(y[a]), sum(d$predicted[b]), sum(y[b])))
}
tests <- function(d, g, ref) attempt({
  lp <- qlogis(d$predicted); f <- relevel(factor(g), as.character(ref)); y <- d$outcome; s <- d$score
  x <- tight(y ~ offset(lp), NULL); z <- tight(y ~ offset(lp) + f, NULL)
  one <- tight(y ~ lp + f, NULL); each <- tight(y ~ lp * f, NULL); same <- summary(tight(y ~ s + f, NULL))$coefficients
  list(calibration_intercept = x$deviance - z$deviance, calibration_slope = one$deviance - each$deviance,
       same_score = exp(same[3:nrow(same), 1]), same_score_error = same[3:nrow(same), 2])
})
# Hazard ratios per point of each group, Cochran's Q of their logarithms, and ratios to the reference group.
hazards <- function(d, g, ref) attempt({
  f <- lapply(sort(unique(g)), function(k) {
    f <- coxph(Surv(d$time[g == k], d$event[g == k] == 1) ~ d$score[g == k], ties = "efron", eps = 1e-14, iter.max = 100)
    c(coef(f), sqrt(vcov(f)))
  })
  b <- sapply(f, `[`, 1); s <- sapply(f, `[`, 2); r <- match(ref, sort(unique(g))); q <- rma(b, sei = s, method = "FE")
  if (!all(is.finite(b)) || max(s) > 5) stop("separated")
  e <- sqrt(s^2 + s[r]^2)
  list(ratio = exp(b), q = q$QE, p = q$QEp, apart = exp(b - b[r]), low = exp(b - b[r] - qnorm(0.975) * e), high = exp(b - b[r] + qnorm(0.975) * e))
})
write_oracle(lapply(datasets, function(d) {
  g <- group_of(d); ref <- as.numeric(names(which.max(table(g)))); cut <- median(d$score)
  list(tables = tables(d, round(median(d$time), 3)), reference = ref, cut = cut,
       differences = lapply(setdiff(sort(unique(g)), ref), function(k) differences(d, g, k, ref, cut)), tests = tests(d, g, ref), hazards = hazards(d, g, ref))
}), "fairness")
