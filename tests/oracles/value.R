# Reclassification, decision curves, meta-analysis, fairness. Run: Rscript tests/oracles/value.R
# Packages (Debian 12): r-cran-hmisc, r-cran-metafor
here_file <- sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)[1])
source(file.path(dirname(here_file), "datasets.R"))
suppressPackageStartupMessages({library(Hmisc); library(metafor); library(pROC); library(survival)})

newer <- function(d) pmin(pmax(round(plogis(qlogis(d$predicted) + 0.3 * sin(seq_along(d$predicted)) + 0.2 * d$outcome), 4), 0.001), 0.999)
continuous <- function(d) attempt({
  r <- improveProb(d$predicted, newer(d), d$outcome)
  list(events = r$nri.ev, others = r$nri.ne, nri = r$nri, nri_error = r$se.nri, nri_z = r$z.nri, idi = r$idi, idi_error = r$se.idi, idi_z = r$z.idi)
})
# Categories: net moves and their multinomial variance.
categorical <- function(d, cuts = c(0.1, 0.25)) attempt({
  a <- findInterval(d$predicted, cuts); b <- findInterval(newer(d), cuts); y <- d$outcome == 1
  one <- function(k) { n <- sum(k); u <- sum(b[k] > a[k]); w <- sum(b[k] < a[k]); c((u - w) / n, (u + w) / n^2 - (u - w)^2 / n^3) }
  e <- one(y); o <- one(!y)
  list(nri = e[1] - o[1], error = sqrt(e[2] + o[2]), moves_of_events = as.numeric(t(table(factor(a[y], 0:2), factor(b[y], 0:2)))))
})
decisions <- function(d) lapply(c(0.05, 0.1, 0.2, 0.5), function(t) {
  k <- d$predicted >= t; n <- length(k); p <- mean(d$outcome)
  list(threshold = t, rates = sum(k & d$outcome == 1) / n - sum(k & d$outcome == 0) / n * t / (1 - t), everybody = p - (1 - p) * t / (1 - t))
})
followed_decisions <- function(d, horizon) lapply(c(0.05, 0.1, 0.2, 0.5), function(t) {
  k <- d$predicted >= t; n <- length(k); odds <- t / (1 - t)
  by <- function(rows) if (any(rows) && max(d$time[rows]) >= horizon) 1 - summary(survfit(Surv(d$time[rows], d$event[rows] == 1) ~ 1), times = horizon)$surv
  all <- by(rep(TRUE, n)); own <- by(k)
  list(rates = if (!any(k)) 0 else if (!is.null(own)) mean(k) * (own - (1 - own) * odds), everybody = all - (1 - all) * odds)
})
# Tests of the second score beside the first, of the rows that have both: every ninth lacks the second.
added <- function(d) attempt({
  d$second[seq_along(d$second) %% 9 == 0] <- NA; k <- as.data.frame(d)[!is.na(d$second), ]
  tight <- function(f) glm(f, binomial, k, epsilon = 1e-14, maxit = 100)
  cox <- function(f) coxph(f, k, ties = "efron", eps = 1e-14, iter.max = 100)
  one <- anova(tight(outcome ~ score), tight(outcome ~ score + second), test = "Chisq")
  two <- anova(cox(Surv(time, event == 1) ~ score), cox(Surv(time, event == 1) ~ score + second))
  alone <- cox(Surv(time, event == 1) ~ score)
  list(n = nrow(k), logistic = one$Deviance[2], logistic_p = one[["Pr(>Chi)"]][2], cox = two$Chisq[2], cox_p = two[[4]][2],
       cox_alone = 2 * diff(alone$loglik))
})
needed <- function(d) {
  cut <- sort(unique(d$score)); cut <- unique(cut[ceiling(length(cut) * c(0.01, 0.5, 1))])
  lapply(cut, function(c) { t <- binom.test(sum(d$outcome[d$score >= c]), sum(d$score >= c)); p <- t$estimate[[1]]
    list(cut = c, needed = if (p > 0) 1 / (0.3 * p), low = 1 / (0.3 * t$conf.int[2]), high = if (p > 0) 1 / (0.3 * t$conf.int[1])) })
}
group_of <- function(d) (seq_along(d$score) * 7) %% 3
fair <- function(d) attempt({
  g <- group_of(d); y <- d$outcome; cut <- median(d$score); above <- d$score >= cut
  f0 <- glm(y ~ d$score, family = binomial, epsilon = 1e-14, maxit = 100); f1 <- update(f0, . ~ . + factor(g)); f2 <- update(f1, . ~ . + factor(g):d$score)
  a <- t(sapply(0:2, function(k) { r <- roc(y[g == k], d$score[g == k], levels = c(0, 1), direction = "<", quiet = TRUE); c(auc(r), var(r)) }))
  w <- 1 / a[, 2]; q <- sum(w * (a[, 1] - sum(w * a[, 1]) / sum(w))^2)
  chi <- function(x, k) unname(chisq.test(table(x[k], g[k]), correct = FALSE)$statistic)
  list(cut = cut, intercepts = f0$deviance - f1$deviance, slopes = f1$deviance - f2$deviance, auc = a[, 1], auc_q = q,
       flagged = chi(above, y >= 0), false_positive = chi(above, y == 0), false_negative = chi(above, y == 1),
       positive = chi(y, above), negative = chi(y, !above), slope = coef(glm(y ~ d$score, family = binomial, subset = g == 0))[[2]],
       eo = sum(d$predicted[g == 0]) / sum(y[g == 0]))
})
studies <- list(
  aucs = list(y = c(0.69, 0.72, 0.66, 0.75, 0.70, 0.61), s = c(0.02, 0.03, 0.025, 0.04, 0.015, 0.05)),
  alike = list(y = c(0.30, 0.31, 0.29, 0.30), s = c(0.05, 0.06, 0.04, 0.05)),
  two = list(y = c(0.1, 0.5), s = c(0.1, 0.1)), far = list(y = c(-1, 0, 2, 3), s = c(0.1, 0.1, 0.2, 0.1))
)
pooled <- function(x) {
  f <- rma(x$y, sei = x$s, method = "FE"); r <- rma(x$y, sei = x$s, method = "DL"); k <- length(x$y)
  e <- sqrt(r$tau2 + r$se^2)
  list(y = x$y, s = x$s, fixed = as.numeric(f$beta), fixed_error = f$se, random = as.numeric(r$beta), random_error = r$se,
       tau2 = r$tau2, i2 = r$I2 / 100, q = r$QE, p = r$QEp,
       prediction = if (k > 2) as.numeric(r$beta) + c(-1, 1) * qt(0.975, k - 2) * e, reml = restricted(x))
}
# Restricted maximum likelihood with the interval of Hartung and Knapp, on every scale that the figures can be on.
restricted <- function(x) {
  one <- function(y, s, back) {
    r <- rma(y, sei = s, method = "REML", test = "knha", control = list(threshold = 1e-13, maxiter = 10000))
    list(tau2 = r$tau2, i2 = r$I2 / 100, value = back(as.numeric(r$beta)), error = r$se, low = back(r$ci.lb), high = back(r$ci.ub))
  }
  p <- plogis(x$y)
  list(as_given = one(x$y, x$s, identity), ratios = exp(x$y), ratio = one(log(exp(x$y)), x$s, exp), proportions = p, proportion_errors = x$s * p * (1 - p),
       proportion = one(qlogis(p), x$s, plogis))
}
enough <- datasets[c("routine", "heavy_ties", "continuous", "heavy_censoring", "reversed", "whole_years", "far_from_zero", "extreme_weights")]
write_oracle(list(people = lapply(enough, function(d) list(newer = newer(d), continuous = continuous(d), categorical = categorical(d),
                    decisions = decisions(d), fair = fair(d), horizon = round(median(d$time), 3), added = added(d),
                    followed_decisions = followed_decisions(d, round(median(d$time), 3)), needed = needed(d))), studies = lapply(studies, pooled)), "value")
