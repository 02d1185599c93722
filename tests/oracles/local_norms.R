# Local norms: refit, updating, pooling with a prior. Run: Rscript tests/oracles/local_norms.R
here_file <- sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)[1])
source(file.path(dirname(here_file), "datasets.R"))

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
whole <- Filter(function(d) all(d$score == round(d$score)) && max(d$score) < 100, datasets)
write_oracle(lapply(whole, function(d) list(refit = refit(d), intercept = update(d, FALSE), slope = update(d, TRUE),
                                            pooled = pooled(d))), "local_norms")
