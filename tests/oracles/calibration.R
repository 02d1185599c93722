# E/O, calibration line and curve, Brier, Hosmer-Lemeshow. Run: Rscript tests/oracles/calibration.R
here_file <- sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)[1])
source(file.path(dirname(here_file), "datasets.R"))
suppressPackageStartupMessages(library(survival))

# poisson.test gives the exact limits of the observed number.
index <- function(expected, observed) {
  ends <- poisson.test(observed)$conf.int
  list(expected = expected, observed = observed, ratio = if (observed > 0) expected / observed, low = expected / ends[2],
       high = if (observed > 0) expected / ends[1],
       log_low = if (observed > 0) expected / observed * exp(-qnorm(0.975) / sqrt(observed)),
       log_high = if (observed > 0) expected / observed * exp(qnorm(0.975) / sqrt(observed)))
}
fixed <- function(d) index(sum(d$predicted), sum(d$outcome))
followed <- function(d, horizon) attempt(index(sum(-log(1 - d$predicted) * pmin(d$time, horizon) / horizon),
                                               sum(d$event == 1 & d$time <= horizon)))
at <- function(d, horizon) attempt({
  f <- survfit(Surv(d$time, d$event == 1) ~ 1, conf.type = "log-log")
  s <- summary(f, times = horizon)
  n <- length(d$time); e <- sum(d$predicted)
  if (s$surv == 1) stop("nobody")
  list(ratio = e / (n * (1 - s$surv)), low = e / (n * (1 - s$lower)), high = e / (n * (1 - s$upper)), horizon = horizon)
})
line <- function(d) attempt({
  lp <- qlogis(d$predicted)
  large <- glm(d$outcome ~ offset(lp), family = binomial, epsilon = 1e-14, maxit = 100)
  slope <- glm(d$outcome ~ lp, family = binomial, epsilon = 1e-14, maxit = 100)
  null <- sum(dbinom(d$outcome, 1, d$predicted, log = TRUE))
  list(intercept = unname(coef(large)), intercept_error = sqrt(vcov(large)[1, 1]), slope = unname(coef(slope)[2]),
       slope_error = sqrt(vcov(slope)[2, 2]), chi = 2 * (as.numeric(logLik(slope)) - null))
})
slope_followed <- function(d) attempt({
  lp <- log(-log(1 - d$predicted))
  f <- coxph(Surv(d$time, d$event == 1) ~ lp, ties = "efron", eps = 1e-14, iter.max = 100)
  list(slope = unname(coef(f)), error = sqrt(vcov(f)[1, 1]))
})
curve <- function(d) attempt({
  if (length(unique(d$predicted)) < 4) stop("few")
  f <- loess(outcome ~ predicted, data.frame(outcome = d$outcome, predicted = d$predicted),
             control = loess.control(surface = "direct", statistics = "exact"))
  apart <- abs(predict(f, data.frame(predicted = d$predicted)) - d$predicted)
  list(at = sort(unique(d$predicted)), curve = as.numeric(predict(f, data.frame(predicted = sort(unique(d$predicted))))),
       ici = mean(apart), e50 = unname(quantile(apart, 0.5)), e90 = unname(quantile(apart, 0.9)), emax = max(apart))
})
brier <- function(d) {
  b <- (d$predicted - d$outcome)^2; n <- length(b); y <- mean(d$outcome); r <- y * (1 - y)
  influence <- (b - mean(b)) / r - mean(b) * (1 - 2 * y) * (d$outcome - y) / r^2
  list(score = mean(b), error = sd(b) / sqrt(n), scaled = if (r > 0) 1 - mean(b) / r,
       scaled_error = if (r > 0) sqrt(sum(influence^2) / (n - 1) / n))
}
hosmer <- function(d) attempt({
  cuts <- unique(c(-Inf, quantile(d$predicted, (1:9) / 10), Inf))
  g <- cut(d$predicted, cuts)
  e <- tapply(d$predicted, g, sum); o <- tapply(d$outcome, g, sum); n <- tapply(d$outcome, g, length)
  keep <- !is.na(n); e <- e[keep]; o <- o[keep]; n <- n[keep]
  chi <- sum((o - e)^2 / (e * (1 - e / n)))
  list(groups = length(n), n = as.numeric(n), chi = chi, p = pchisq(chi, length(n), lower.tail = FALSE))
})
write_oracle(lapply(datasets, function(d) {
  horizon <- round(median(d$time), 3)
  list(fixed = fixed(d), followed = followed(d, horizon), horizon = horizon, at = at(d, horizon), line = line(d),
       slope_followed = slope_followed(d), curve = curve(d), brier = brier(d), hosmer = hosmer(d))
}), "calibration")
