# BCa and percentile intervals of given replicates. Run: Rscript tests/oracles/resampling.R (r-cran-boot)
here_file <- sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)[1])
source(file.path(dirname(here_file), "datasets.R"))
suppressPackageStartupMessages(library(boot))
set.seed(11)
sets <- list(mean = list(x = round(rexp(40), 4), f = function(d, i) mean(d[i])),
             ratio = list(x = round(rlnorm(60, 0, 1), 4), f = function(d, i) sd(d[i]) / mean(d[i])),
             stratified = list(x = round(c(rnorm(20), rexp(30) + 2), 4), strata = rep(1:2, c(20, 30)), f = function(d, i) mean(d[i]^2)))
write_oracle(lapply(sets, function(s) {
  strata <- if (is.null(s$strata)) rep(1, length(s$x)) else s$strata
  b <- boot(s$x, s$f, 999, strata = strata)
  t <- signif(b$t[, 1], 12); b$t[, 1] <- t
  l <- empinf(b, type = "jack", stype = "i")
  ends <- function(level) { k <- boot.ci(b, conf = level, type = c("perc", "bca"), L = l); list(level = level, percent = k$percent[4:5], bca = k$bca[4:5]) }
  list(x = s$x, strata = strata, value = b$t0, replicates = t, influence = l, intervals = lapply(c(0.8, 0.95), ends))
}), "resampling")
