# Local norms: refit, updating, pooling with a prior. Run: Rscript tests/oracles/local_norms.R
here_file <- sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)[1])
source(file.path(dirname(here_file), "datasets.R"))
suppressPackageStartupMessages(library(survival))

prior <- list(centre = 2, intercept = -2, intercept_error = 0.15, slope = 0.3, slope_error = 0.04, correlation = -0.2)
middle <- function(s) sort(s)[ceiling(length(s) / 2)]
tight <- function(f, d) glm(f, binomial, d, epsilon = 1e-14, maxit = 100)

rows_of <- function(scores, at, x, centre_x, offset, centre_offset, b, v) {
  eta <- offset + as.numeric(x %*% b); p <- plogis(eta); e <- sqrt(rowSums((x %*% v) * x))
  p0 <- as.numeric(plogis(centre_offset + centre_x %*% b))
  change <- (1 - p) * x - (1 - p0) * matrix(centre_x, nrow(x), length(b), byrow = TRUE)
  list(score = at, rate = p, low = plogis(eta - qnorm(0.975) * e), high = plogis(eta + qnorm(0.975) * e),
       percentile = sapply(at, function(a) 100 * (mean(scores < a) + mean(scores == a) / 2)),
       ratio = p / p0, ratio_error = sqrt(pmax(0, rowSums((change %*% v) * change))))
}
refit <- function(d) attempt({
  m <- middle(d$score); f <- tight(outcome ~ I(score - m), d)
  at <- seq(min(d$score), max(d$score)); x <- cbind(1, at - m)
  c(list(median = m, coefficients = unname(coef(f)), errors = unname(sqrt(diag(vcov(f))))),
    rows_of(d$score, at, x, c(1, 0), 0, 0, coef(f), vcov(f)))
})
published <- function(s) plogis(-2.2 + 0.2 * (s - 3))
update <- function(d, slope) attempt({
  d$lp <- qlogis(published(d$score)); m <- middle(d$score); at <- sort(unique(d$score)); la <- qlogis(published(at))
  f <- if (slope) tight(outcome ~ lp, d) else tight(outcome ~ 1 + offset(lp), d)
  x <- if (slope) cbind(1, la) else matrix(1, length(at))
  c(list(median = m, coefficients = unname(coef(f)), errors = unname(sqrt(diag(vcov(f))))),
    rows_of(d$score, at, x, if (slope) c(1, qlogis(published(m))) else 1, if (slope) 0 else la,
            if (slope) 0 else qlogis(published(m)), coef(f), vcov(f)))
})
pooled <- function(d) attempt({
  m <- middle(d$score); k <- matrix(c(1, 0, m - prior$centre, 1), 2)
  s <- diag(c(prior$intercept_error, prior$slope_error)); r <- matrix(c(1, prior$correlation, prior$correlation, 1), 2)
  v0 <- k %*% s %*% r %*% s %*% t(k); b0 <- as.numeric(k %*% c(prior$intercept, prior$slope)); q <- solve(v0)
  x <- cbind(1, d$score - m); y <- d$outcome
  minus <- function(b) { e <- as.numeric(x %*% b); -sum(y * e - log1p(exp(e))) + 0.5 * sum((b - b0) * (q %*% (b - b0))) }
  b <- optim(b0, minus, method = "BFGS", control = list(reltol = 1e-15))$par
  for (i in 1:50) {
    p <- plogis(as.numeric(x %*% b)); h <- t(x) %*% (x * p * (1 - p)) + q
    b <- b + as.numeric(solve(h, t(x) %*% (y - p) - q %*% (b - b0)))
  }
  v <- solve(h); at <- seq(min(d$score), max(d$score))
  c(list(median = m, coefficients = b, errors = sqrt(diag(v))), rows_of(d$score, at, cbind(1, at - m), c(1, 0), 0, 0, b, v))
})
# Cox: the survival curve of survfit for each score, at a horizon. Of its variance at three scores, which is a quadratic,
# the covariance of the two coefficients is worked out; the rest follows as above.
horizon_of <- function(d) round(median(d$time), 3)
curves <- function(f, new, d) {
  horizon <- horizon_of(d); s <- survfit(f, newdata = new, conf.type = "log-log")
  k <- sum(s$time <= horizon); row <- function(m) as.numeric(if (is.matrix(m)) m[k, ] else m[k])
  if (k == 0 || max(d$time) < horizon || any(row(s$cumhaz) == 0)) stop("no hazard")
  list(eta = log(row(s$cumhaz)), error = row(s$std.err) / row(s$cumhaz), low = 1 - row(s$upper), high = 1 - row(s$lower))
}
of_curve <- function(d, at, eta, error, low, high, eta0, change) {
  p <- -expm1(-exp(eta)); p0 <- -expm1(-exp(eta0))
  list(score = at, rate = p, error = error, low = low, high = high,
       percentile = sapply(at, function(a) 100 * (mean(d$score < a) + mean(d$score == a) / 2)), ratio = p / p0, ratio_error = change)
}
rate_change <- function(eta) { p <- -expm1(-exp(eta)); exp(eta) * (1 - p) / p }
cox <- function(d, basis, x) {
  f <- coxph(Surv(d$time, d$event == 1) ~ x, ties = "efron", eps = 1e-14, iter.max = 100)
  if (!is.finite(vcov(f)) || vcov(f) > 100) stop("separated")
  k <- curves(f, data.frame(x = basis), d); z <- curves(f, data.frame(x = c(0, 1, -1)), d)
  v <- matrix(c(z$error[1]^2, rep((z$error[2]^2 - z$error[3]^2) / 4, 2), vcov(f)), 2); b <- c(z$eta[1], coef(f))
  list(k = k, v = v, b = unname(b))
}
ratio_errors <- function(basis, basis0, b, v) {
  one <- function(x) rate_change(b[1] + b[2] * x) * c(1, x)
  sapply(basis, function(x) { g <- one(x) - one(basis0); sqrt(max(0, sum(g * (v %*% g)))) })
}
followed_refit <- function(d) attempt({
  m <- middle(d$score); at <- seq(min(d$score), max(d$score)); f <- cox(d, at - m, d$score - m)
  c(list(median = m, coefficients = f$b, errors = sqrt(diag(f$v))),
    of_curve(d, at, f$k$eta, f$k$error, f$k$low, f$k$high, f$b[1], ratio_errors(at - m, 0, f$b, f$v)))
})
hazard_link <- function(s) log(-log(1 - published(s)))
followed_slope <- function(d) attempt({
  m <- middle(d$score); at <- sort(unique(d$score)); l <- hazard_link(at); f <- cox(d, l, hazard_link(d$score))
  c(list(median = m, coefficients = f$b, errors = sqrt(diag(f$v))),
    of_curve(d, at, f$k$eta, f$k$error, f$k$low, f$k$high, sum(f$b * c(1, hazard_link(m))), ratio_errors(l, hazard_link(m), f$b, f$v)))
})
followed_intercept <- function(d) attempt({
  m <- middle(d$score); at <- sort(unique(d$score)); o <- hazard_link(d$score)
  f <- coxph(Surv(d$time, d$event == 1) ~ offset(o), ties = "efron")
  # survfit gives the hazard of a mean offset; the variance of its logarithm is that of any.
  k <- curves(f, data.frame(o = 0), d); a <- k$eta; eta <- a + hazard_link(at); z <- qnorm(0.975)
  v <- k$error^2; g <- rate_change(eta) - rate_change(a + hazard_link(m))
  c(list(median = m, coefficients = a, errors = k$error),
    of_curve(d, at, eta, rep(k$error, length(at)), -expm1(-exp(eta - z * k$error)), -expm1(-exp(eta + z * k$error)), a + hazard_link(m), abs(g) * sqrt(v)))
})
# The prior of the logarithm of the hazard, by generalised least squares of the two pairs of coefficients.
followed_pooled <- function(d) attempt({
  m <- middle(d$score); at <- seq(min(d$score), max(d$score)); f <- cox(d, at - m, d$score - m)
  k <- matrix(c(1, 0, m - prior$centre, 1), 2); s <- diag(c(prior$intercept_error, prior$slope_error))
  r <- matrix(c(1, prior$correlation, prior$correlation, 1), 2)
  v0 <- k %*% s %*% r %*% s %*% t(k); b0 <- as.numeric(k %*% c(prior$intercept, prior$slope))
  x <- rbind(diag(2), diag(2)); w <- matrix(0, 4, 4); w[1:2, 1:2] <- solve(f$v); w[3:4, 3:4] <- solve(v0)
  v <- solve(t(x) %*% w %*% x); b <- as.numeric(v %*% t(x) %*% w %*% c(f$b, b0)); z <- qnorm(0.975)
  eta <- b[1] + b[2] * (at - m); e <- sapply(at - m, function(q) sqrt(sum(c(1, q) * (v %*% c(1, q)))))
  c(list(median = m, coefficients = b, errors = sqrt(diag(v))),
    of_curve(d, at, eta, e, -expm1(-exp(eta - z * e)), -expm1(-exp(eta + z * e)), b[1], ratio_errors(at - m, 0, b, v)))
})
whole <- Filter(function(d) all(d$score == round(d$score)) && max(d$score) < 100, datasets)
write_oracle(lapply(whole, function(d) list(refit = refit(d), intercept = update(d, FALSE), slope = update(d, TRUE), pooled = pooled(d),
  horizon = horizon_of(d), followed = list(refit = followed_refit(d), intercept = followed_intercept(d), slope = followed_slope(d),
                                           pooled = followed_pooled(d)))), "local_norms")
