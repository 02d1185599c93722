# R's side of compare_statistics.py: Rscript statistics_peers.R FOLDER. A line "TASK" in, one line out: seconds, then values.
folder <- commandArgs(TRUE)[1]
suppressPackageStartupMessages({library(pROC); library(survival)})
column <- function(name) {
  path <- file.path(folder, name)
  readBin(path, "double", file.size(path) / 8)
}
score <- column("score"); outcome <- column("outcome"); time <- column("time"); event <- column("event")
small <- seq_len(min(10000, length(score)))
tasks <- list(
  auc = function() { r <- roc(outcome, score, levels = c(0, 1), direction = "<", quiet = TRUE); as.numeric(ci.auc(r, method = "delong"))[c(2, 1)] },
  c_index = function() { k <- concordance(Surv(time, event) ~ score, reverse = TRUE); c(k$concordance, sqrt(k$var)) },
  logistic = function() { f <- glm(outcome ~ score, family = binomial); c(coef(f)[2], sqrt(vcov(f)[2, 2])) },
  cox = function() { f <- coxph(Surv(time, event) ~ score, ties = "efron"); c(coef(f), sqrt(vcov(f)[1, 1])) },
  kaplan_meier = function() { f <- survfit(Surv(time, event) ~ 1); c(f$surv[length(f$surv) %/% 2], f$std.err[length(f$surv) %/% 2]) },
  # One in ten of the replicates.
  bootstrap = function() {
    r <- roc(outcome[small], score[small], levels = c(0, 1), direction = "<", quiet = TRUE)
    as.numeric(ci.auc(r, method = "bootstrap", boot.n = 1000, progress = "none"))[c(2, 1)]
  }
)
input <- file("stdin", "r")
while (length(task <- readLines(input, 1)) > 0) {
  gc(FALSE)
  spent <- system.time(value <- tasks[[task]]())
  cat(format(c(spent[["user.self"]] + spent[["sys.self"]], value), digits = 15), "\n")
  flush(stdout())
}
