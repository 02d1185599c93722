#include "reading/readers.hpp"
#include "reading/values.hpp"

namespace appraise::detail::reading {
namespace {

using Kind = JsonValue::Kind;

double any_number(const Node& node) { return read_number(node); }
double read_years(const Node& node) { return read_number(node, 0, 1000); }
double read_proportion(const Node& node) { return read_number(node, 0, 1); }
std::int64_t read_people(const Node& node) { return static_cast<std::int64_t>(read_whole(node, 0, largest_whole)); }

/// A required field that may be null where it is not known.
template <class Reader>
auto known_or_null(ObjectReader& object, std::string_view name, Reader read)
    -> std::optional<std::invoke_result_t<Reader, const Node&>> {
  const auto field = object.demand(name);
  if (!field || field->value.is(Kind::null)) return std::nullopt;
  return read(*field);
}

/// The figures of one row; rates are printed `power` powers of ten away from proportions.
NormRow read_norm_row(const Node& node, int power, const Evidence& of_the_set) {
  NormRow row;
  row.place = node.place();
  const auto rate = [&](const Node& figure) { return read_shifted(figure, power); };
  read_object(node, [&](ObjectReader& object) {
    row.score = object.required("score", any_number);
    row.rate = object.optional("rate", rate);
    if (const auto interval = object.find("interval")) {
      const auto ends = read_list(*interval, Least::none, rate);
      if (ends.size() == 2) {
        row.rate_low = ends[0];
        row.rate_high = ends[1];
      } else if (interval->value.is(Kind::list)) {
        interval->fault("list.length", found_at(*interval), "two rates: the lower and the upper end");
      }
    }
    row.percentile = object.optional("percentile", any_number);
    row.risk_ratio = object.optional("risk_ratio", any_number);
    row.evidence = object.optional("evidence", read_evidence).value_or(of_the_set);
    if (object.among({"rate", "percentile", "risk_ratio"}).empty()) {
      node.fault("norms.figures", "a row without figures", "a rate, a percentile or a risk ratio");
    }
  });
  return row;
}

Norms::Logistic read_logistic(const Node& node) {
  Norms::Logistic logistic;
  read_object(node, [&](ObjectReader& object) {
    logistic.centre = object.required("centre", any_number);
    logistic.intercept = object.required("intercept", any_number);
    logistic.slope = object.required("slope", any_number);
  });
  return logistic;
}

void read_scope(const Node& node, Norms& norms) {
  read_object(node, [&](ObjectReader& object) {
    norms.instrument = object.required("instrument", read_id);
    norms.editions = object.required("editions", list_of(read_text));
    norms.scale = object.required("scale", read_code);
  });
}

void read_sample(const Node& node, Norms& norms) {
  read_object(node, [&](ObjectReader& object) {
    norms.sample = object.required("name", read_text);
    norms.country = known_or_null(object, "country", read_text).value_or("");
    norms.n = known_or_null(object, "n", read_people);
    norms.samples = known_or_null(object, "samples", read_people);
  });
}

void read_figures(ObjectReader& object, Norms& norms) {
  constexpr int percent = -2, proportion = 0;
  int power = proportion;
  if (const auto unit = object.demand("rate_unit")) {
    power = read_word<int>(*unit, {{"percent", percent}, {"proportion", proportion}});
  }
  const auto rows = object.find("rows"), logistic = object.find("logistic");
  if (rows.has_value() == logistic.has_value()) {
    object.node().fault("norms.figures", rows ? "both rows and logistic" : "neither rows nor logistic", "one of them");
  }
  if (rows) {
    const Least least = norms.evidence.mark == Mark::structure_only ? Least::none : Least::one;
    norms.rows = read_list(*rows, least, [&](const Node& row) { return read_norm_row(row, power, norms.evidence); });
  }
  if (logistic) norms.logistic = read_logistic(*logistic);
}

}  // namespace

Norms read_norms(const Node& node) {
  Norms norms;
  norms.place = node.place();
  read_object(node, [&](ObjectReader& object) {
    read_format(object);
    if (const auto sources = object.demand("sources")) norms.sources = read_sources(*sources);
    norms.id = object.required("id", read_id);
    norms.edition = object.required("edition", read_text);
    norms.title = object.required("title", read_text);
    if (const auto scope = object.demand("for")) read_scope(*scope, norms);
    if (const auto sample = object.demand("sample")) read_sample(*sample, norms);
    norms.outcome = object.required("outcome", read_text);
    norms.follow_up_years = known_or_null(object, "follow_up_years", read_years);
    norms.interval_level = known_or_null(object, "interval_level", read_proportion);
    norms.evidence = object.required("evidence", read_evidence);
    read_figures(object, norms);
  });
  return norms;
}

}  // namespace appraise::detail::reading
