# Logistic and Cox regression with several covariates, weights and offsets. Run: Rscript tests/oracles/regression.R
here_file <- sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)[1])
source(file.path(dirname(here_file), "datasets.R"))
suppressPackageStartupMessages(library(survival))

estimates <- function(f) list(coefficients = unname(coef(f)), covariance = as.numeric(vcov(f)))
# Weights of the data set times 1, 2, 3: how many people a row stands for. The likelihood is that of the rows, with weights.
# With weights from 1e-6 to 3e6 glm's steps run away; Newton's with halving do not. Elsewhere the two are compared.
logistic <- function(d, weights) attempt({
  x <- cbind(1, d$score, d$second); b <- c(0, 0, 0)
  height <- function(b) { e <- as.numeric(x %*% b); sum(weights * (d$outcome * e - pmax(e, 0) - log1p(exp(-abs(e))))) }
  for (i in 1:200) {
    p <- plogis(as.numeric(x %*% b)); h <- t(x) %*% (x * weights * p * (1 - p))
    step <- as.numeric(solve(h, t(x) %*% (weights * (d$outcome - p)), tol = 1e-30))
    while (height(b + step) < height(b) - 1e-12 * abs(height(b))) step <- step / 2
    b <- b + step
  }
  f <- glm(outcome ~ score + second, binomial, as.data.frame(d), weights = weights, epsilon = 1e-14, maxit = 100)
  if (all(abs(coef(f)) < 100)) stopifnot(all.equal(unname(coef(f)), b, tolerance = 1e-8))
  list(coefficients = b, covariance = as.numeric(solve(h, tol = 1e-30)), likelihood = height(b))
})
cox <- function(d, weights) attempt({
  f <- coxph(Surv(time, event == 1) ~ score + second, as.data.frame(d), weights = weights, ties = "efron", eps = 1e-14,
             iter.max = 100, robust = FALSE)
  c(estimates(f), list(likelihood = f$loglik[2], null = f$loglik[1]))
})
shifted <- function(d) attempt({
  d$o <- 0.1 * d$second
  f <- glm(outcome ~ score + offset(o), binomial, as.data.frame(d), epsilon = 1e-14, maxit = 100)
  k <- coxph(Surv(time, event == 1) ~ score + offset(o), as.data.frame(d), ties = "efron", eps = 1e-14, iter.max = 100)
  list(logistic = unname(coef(f)), cox = unname(coef(k)))
})
enough <- datasets[c("routine", "heavy_ties", "continuous", "extreme_weights", "heavy_censoring", "reversed", "whole_years")]
write_oracle(lapply(enough, function(d) {
  w <- d$weight * rep_len(1:3, length(d$weight))
  list(weights = w, logistic = logistic(d, w), cox = cox(d, w), plain_cox = cox(d, rep(1, length(w))), offset = shifted(d))
}), "regression")
