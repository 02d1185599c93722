# ICC, kappa, Krippendorff's alpha, Cronbach's alpha, omega. Run: Rscript tests/oracles/agreement.R
# Packages (Debian 12): r-cran-psych, r-cran-jsonlite. Krippendorff's alpha is worked out from its definition.
here_file <- sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)[1])
source(file.path(dirname(here_file), "datasets.R"))
suppressPackageStartupMessages(library(psych))
set.seed(7)

rated <- function(n, k, spread, error, levels = 0:6) {
  true <- rnorm(n, mean(levels), spread)
  sapply(seq_len(k), function(j) pmin(pmax(round(true + rnorm(n, 0.2 * (j - 1), error)), min(levels)), max(levels)))
}
holes <- function(x, share) { x[sample(length(x), round(share * length(x)))] <- NA; x }
ratings <- list(
  two_raters = rated(60, 2, 1.5, 0.7), four_raters = rated(40, 4, 1.5, 1), poor = rated(50, 3, 0.2, 2),
  yes_no = rated(80, 2, 0.5, 0.3, 0:1), tiny = matrix(c(1, 2, 4, 2, 2, 5), 3), two_people = matrix(c(1, 4, 2, 4), 2),
  perfect = cbind(c(1, 2, 3, 4, 4), c(1, 2, 3, 4, 4)), shifted = cbind(c(1, 2, 3, 4, 4), c(2, 3, 4, 5, 5)),
  constant = matrix(2, 6, 2), opposite = cbind(c(1, 2, 3, 4, 5), c(5, 4, 3, 2, 1)), wide = rated(30, 6, 2, 1.2, 0:20),
  missing = holes(rated(50, 3, 1.5, 0.8), 0.15), shrout_fleiss = matrix(c(9, 6, 8, 7, 10, 6, 2, 1, 4, 1, 5, 2, 5, 3, 6, 2, 6, 4, 8, 2, 8, 6, 9, 7), 6)
)

iccs <- function(x) attempt({
  x <- x[complete.cases(x), , drop = FALSE]
  r <- ICC(x, lmer = FALSE)$results
  list(value = r$ICC, f = r$F, p = r$p, df1 = r$df1, df2 = r$df2, low = r$`lower bound`, high = r$`upper bound`)
})
# psych 2.2.9 gives kappa and the variance of the unweighted one. Its variance of weighted kappa multiplies the weights by
# the wrong margin (rowSums(w * rs)), so that variance is worked out here: the delta method for a multinomial table, with
# derivatives by complex steps, which are exact.
delta_variance <- function(p, w, n) {
  value <- function(p) {
    expected <- sum(w * (rowSums(p) %o% colSums(p)))
    (sum(w * p) - expected) / (1 - expected)
  }
  g <- p
  for (k in seq_along(p)) { q <- p + 0i; q[k] <- q[k] + 1e-30i; g[k] <- Im(value(q)) / 1e-30 }
  (sum(p * g^2) - sum(p * g)^2) / n
}
kappas <- function(x) attempt({
  x <- x[complete.cases(x[, 1:2]), 1:2]
  values <- sort(unique(c(x)))
  p <- unclass(table(factor(x[, 1], values), factor(x[, 2], values)))
  d <- abs(outer(values, values, "-"))
  one <- function(w) {
    k <- cohen.kappa(as.matrix(p), w = w, n.obs = nrow(x))
    list(value = k$weighted.kappa, variance = delta_variance(p / nrow(x), w, nrow(x)))
  }
  plain <- cohen.kappa(as.matrix(p), n.obs = nrow(x))
  list(none = list(value = plain$kappa, variance = plain$var.kappa), linear = one(1 - d / max(d)),
       quadratic = one(1 - (d / max(d))^2))
})
# Krippendorff (2011): coincidences of values within people, against those of all values.
krippendorff <- function(x, kind) attempt({
  x <- x[rowSums(!is.na(x)) >= 2, , drop = FALSE]
  values <- sort(unique(c(x[!is.na(x)])))
  if (length(values) < 2) stop("constant")
  o <- matrix(0, length(values), length(values))
  for (i in seq_len(nrow(x))) {
    mine <- match(x[i, !is.na(x[i, ])], values)
    for (a in seq_along(mine)) for (b in seq_along(mine)) if (a != b)
      o[mine[a], mine[b]] <- o[mine[a], mine[b]] + 1 / (length(mine) - 1)
  }
  n <- rowSums(o)
  delta <- outer(seq_along(values), seq_along(values), Vectorize(function(c, k) switch(kind,
    nominal = as.numeric(c != k), interval = (values[c] - values[k])^2,
    ratio = if (c == k) 0 else ((values[c] - values[k]) / (values[c] + values[k]))^2,
    ordinal = if (c == k) 0 else (sum(n[min(c, k):max(c, k)]) - (n[c] + n[k]) / 2)^2)))
  1 - (sum(n) - 1) * sum(o * delta) / sum(outer(n, n) * delta)
})
agreements <- function(x) {
  x <- x[complete.cases(x[, 1:2]), 1:2]
  d <- x[, 1] - x[, 2]
  list(exact = sum(d == 0), near = sum(abs(d) <= 1), n = length(d), mean = mean(d),
       interval = attempt(as.numeric(t.test(d)$conf.int)))
}

scale_of <- function(n, k, loading) { f <- rnorm(n); round(sapply(seq_len(k), function(j) loading[j] * f + rnorm(n, 0, sqrt(1 - loading[j]^2))), 3) }
scales <- list(
  good = scale_of(200, 8, seq(0.5, 0.8, length.out = 8)), weak = scale_of(150, 6, rep(0.35, 6)),
  points = pmin(pmax(round(1 + scale_of(120, 13, rep(0.6, 13))), 0), 2), three = scale_of(90, 3, c(0.6, 0.7, 0.8)),
  two = scale_of(50, 2, c(0.6, 0.6)), tiny = scale_of(6, 4, rep(0.7, 4)),
  negative = scale_of(80, 4, c(0.7, 0.7, -0.6, 0.6)), holes = holes(scale_of(100, 5, rep(0.6, 5)), 0.05),
  constant_item = cbind(scale_of(60, 4, rep(0.6, 4)), 1)
)
reliabilities <- function(x) {
  x <- x[complete.cases(x), , drop = FALSE]
  k <- ncol(x); n <- nrow(x); v <- cov(x); r <- suppressWarnings(cor(x))
  raw <- k / (k - 1) * (1 - sum(diag(v)) / sum(v))
  package <- attempt(psych::alpha(x, check.keys = FALSE, warnings = FALSE))
  total <- rowSums(x)
  item_total <- sapply(seq_len(k), function(j) suppressWarnings(cor(x[, j], total - x[, j])))
  # One factor by least squares off the diagonal, to the last digit.
  omega <- if (k >= 3 && !anyNA(r)) attempt({
    miss <- function(l) { e <- r - outer(l, l); sum(e[upper.tri(e)]^2) }
    slope <- function(l) { e <- r - outer(l, l); diag(e) <- 0; -2 * as.numeric(e %*% l) }
    start <- fa(r, 1, n.obs = n, fm = "minres")$loadings[, 1]
    fit <- optim(start, miss, slope, method = "BFGS", control = list(reltol = 1e-16, maxit = 10000))
    for (round in 1:50) { # Newton's steps
      l <- fit$par; h <- -2 * (r - 2 * outer(l, l)); diag(h) <- 2 * (sum(l^2) - l^2)
      fit$par <- l - solve(h, slope(l))
    }
    l <- fit$par
    if (any(abs(l) >= 1)) stop("more than all")
    list(value = sum(l)^2 / (sum(l)^2 + sum(1 - l^2)), loadings = l * sign(sum(l)))
  })
  list(alpha = raw, low = 1 - (1 - raw) * qf(0.975, n - 1, (n - 1) * (k - 1)),
       high = 1 - (1 - raw) * qf(0.025, n - 1, (n - 1) * (k - 1)), package = if (!is.null(package)) package$total$raw_alpha,
       standardised = if (!anyNA(r)) k / (k - 1) * (1 - k / sum(r)), item_total = item_total, omega = omega)
}
columns <- function(x) lapply(seq_len(ncol(x)), function(j) x[, j])
write_oracle(list(
  ratings = lapply(ratings, function(x) list(columns = columns(x), icc = iccs(x), kappa = kappas(x), agreement = agreements(x),
    alpha = lapply(c(nominal = "nominal", ordinal = "ordinal", interval = "interval", ratio = "ratio"), function(kind) krippendorff(x, kind)))),
  scales = lapply(scales, function(x) list(columns = columns(x), values = reliabilities(x)))), "agreement")
