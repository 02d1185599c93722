# AUC, DeLong, cuts, concordance, AUC at a horizon, effect sizes. Run: Rscript tests/oracles/discrimination.R
# Packages (Debian 12): r-cran-proc, r-cran-survival, r-cran-riskregression, r-cran-jsonlite
here_file <- sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)[1])
source(file.path(dirname(here_file), "datasets.R"))
suppressPackageStartupMessages({library(pROC); library(survival)})

roc_of <- function(y, s) roc(y, s, levels = c(0, 1), direction = "<", quiet = TRUE)

auc_values <- function(d) attempt({
  r <- roc_of(d$outcome, d$score)
  v <- var(r, method = "delong")
  ci <- as.numeric(ci.auc(r, method = "delong"))
  a <- as.numeric(auc(r))
  logit <- plogis(qlogis(a) + c(-1, 1) * qnorm(0.975) * sqrt(v) / (a * (1 - a)))
  list(auc = a, variance = v, low = ci[1], high = ci[3], logit_low = logit[1], logit_high = logit[2])
})

paired_values <- function(d) attempt({
  a <- roc_of(d$outcome, d$score); b <- roc_of(d$outcome, d$second)
  t <- roc.test(a, b, method = "delong", paired = TRUE)
  v <- var(a, method = "delong"); w <- var(b, method = "delong"); k <- cov(a, b, method = "delong")
  list(first = as.numeric(auc(a)), second = as.numeric(auc(b)), z = as.numeric(t$statistic), p = t$p.value,
       error = sqrt(v + w - 2 * k), correlation = k / sqrt(v * w))
})

unpaired_values <- function(d) attempt({
  half <- seq_along(d$score) %% 2 == 0
  a <- roc_of(d$outcome[half], d$score[half]); b <- roc_of(d$outcome[!half], d$score[!half])
  t <- roc.test(a, b, method = "delong", paired = FALSE)
  list(t = as.numeric(t$statistic), df = as.numeric(t$parameter), p = t$p.value)
})

cut_values <- function(d) lapply(sort(unique(d$score)), function(cut) {
  positive <- d$score >= cut
  exact <- function(k, n) if (n == 0) NULL else c(k / n, binom.test(k, n)$conf.int)
  y <- d$outcome == 1
  list(cut = cut, tp = sum(positive & y), fp = sum(positive & !y), fn = sum(!positive & y), tn = sum(!positive & !y),
       sensitivity = exact(sum(positive & y), sum(y)), specificity = exact(sum(!positive & !y), sum(!y)),
       ppv = exact(sum(positive & y), sum(positive)), npv = exact(sum(!positive & !y), sum(!positive)))
})

harrell <- function(d) attempt({
  k <- concordance(Surv(time, event == 1) ~ score, data = as.data.frame(d), reverse = TRUE)
  list(c = unname(k$concordance), variance = k$var, concordant = unname(k$count[1]), discordant = unname(k$count[2]),
       tied = unname(k$count[3]))
})

# Uno's C from its definition: all pairs, one by one. Kaplan-Meier of censoring just before each time, events first.
censoring_before <- function(time, event, at) {
  curve <- 1
  for (u in sort(unique(time[event == 0 & time < at]))) {
    at_risk <- sum(time > u | (time == u & event == 0))
    curve <- curve * (1 - sum(time == u & event == 0) / at_risk)
  }
  curve
}
uno <- function(d, horizon) attempt({
  e <- as.integer(d$event == 1); t <- d$time; s <- d$score
  g <- sapply(t, function(at) censoring_before(t, e, at))
  con <- dis <- tie <- 0
  for (i in which(e == 1 & t <= horizon)) {
    j <- t > t[i] | (t == t[i] & e == 0)
    w <- 1 / g[i]^2
    con <- con + w * sum(s[j] < s[i]); dis <- dis + w * sum(s[j] > s[i]); tie <- tie + w * sum(s[j] == s[i])
  }
  if (con + dis + tie == 0) stop("no pairs")
  list(c = (con + tie / 2) / (con + dis + tie), concordant = con, discordant = dis, tied = tie, horizon = horizon)
})
uno_survival <- function(d) attempt({
  k <- concordance(Surv(time, event == 1) ~ score, data = as.data.frame(d), reverse = TRUE, timewt = "n/G2")
  list(c = unname(k$concordance), variance = k$var)
})

# AUC at a horizon from its definition: every case against every control.
at_horizon <- function(d, horizon) attempt({
  t <- d$time; e <- d$event; s <- d$score
  g <- sapply(t, function(at) censoring_before(t, ifelse(e == 0, 0, 1), at))
  gh <- censoring_before(t, ifelse(e == 0, 0, 1), horizon + 1e-9)
  w1 <- ifelse(t <= horizon & e == 1, 1 / g, 0)
  w0 <- ifelse(t > horizon, 1 / gh, ifelse(e == 2, 1 / g, 0))
  if (!any(w1 > 0) || !any(w0 > 0)) stop("nobody")
  above <- outer(s, s, function(a, b) (a > b) + (a == b) / 2)
  auc <- sum(outer(w1, w0) * above) / (sum(w1) * sum(w0))
  influence <- w1 / sum(w1) * (above %*% w0 / sum(w0) - auc) + w0 / sum(w0) * (t(above) %*% w1 / sum(w1) - auc)
  list(auc = auc, error = sqrt(sum(influence^2) * length(t) / (length(t) - 1)), horizon = horizon, cases = sum(w1 > 0), controls = sum(w0 > 0))
})
score_package <- function(d, horizon) attempt({
  f <- as.data.frame(d)
  r <- riskRegression::Score(list(score = matrix(f$score, ncol = 1)), formula = Surv(time, event) ~ 1, data = f,
                             times = horizon, metrics = "auc", cause = 1, conservative = TRUE, null.model = FALSE, se.fit = TRUE)
  list(auc = r$AUC$score$AUC, error = r$AUC$score$se)
})

effects <- function(d) {
  s1 <- d$score[d$outcome == 1]; s0 <- d$score[d$outcome == 0]
  n1 <- length(s1); n0 <- length(s0)
  pooled <- sqrt((sum((s1 - mean(s1))^2) + sum((s0 - mean(s0))^2)) / (n1 + n0 - 2))
  ratio <- function(fit, k) {
    b <- coef(summary(fit))[k, 1]; e <- sqrt(vcov(fit)[k, k])
    list(value = exp(b), error = e, low = exp(b - qnorm(0.975) * e), high = exp(b + qnorm(0.975) * e))
  }
  list(d = if (n1 > 0 && n0 > 0 && n1 + n0 > 2 && pooled > 0) {
         v <- (mean(s1) - mean(s0)) / pooled
         list(value = v, error = sqrt((n1 + n0) / (n1 * n0) + v^2 / (2 * (n1 + n0))))
       },
       odds = attempt(ratio(glm(outcome ~ score, binomial, d, epsilon = 1e-14, maxit = 100), 2)),
       hazard = attempt(ratio(coxph(Surv(time, event == 1) ~ score, as.data.frame(d), ties = "efron",
                                    eps = 1e-14, iter.max = 100), 1)))
}

write_oracle(datasets, "datasets")
write_oracle(lapply(datasets, function(d) {
  horizon <- round(median(d$time), 3)
  list(auc = auc_values(d), paired = paired_values(d), unpaired = unpaired_values(d), cuts = cut_values(d),
       harrell = harrell(d), uno = uno(d, horizon), uno_all = uno(d, Inf), uno_survival = uno_survival(d),
       at_horizon = at_horizon(d, horizon), score_package = score_package(d, horizon), effects = effects(d))
}), "discrimination")
