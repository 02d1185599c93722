#include "check/order.hpp"

#include <algorithm>

#include "check/references.hpp"

namespace appraise::detail {
namespace {

constexpr std::size_t most_circles_told = 20;
constexpr std::size_t longest_path_told = 12;
/// Compiling and tracing reasons go as deep as values read each other; published instruments stay below 30.
constexpr std::size_t deepest = 500;

using Reads = std::vector<std::vector<std::size_t>>;

Reads reads_of(const Names& names) {
  const Instrument& instrument = names.instrument();
  Reads reads(names.nodes());
  std::size_t node = 0;
  const ReadsValue add = [&](const Reference& reference, Need, const Site&) {
    const Referent found = names.find(reference);
    if (found.node != Referent::no_node) reads[node].push_back(found.node);
  };
  for (const Item& item : instrument.items) {
    for_each_condition(item,
                       [&](const Condition& condition, const Site& site) { for_each_read(condition, site, add); });
    ++node;
  }
  for (const Scale& scale : instrument.scales) {
    for_each_read(scale, add);
    ++node;
  }
  return reads;
}

/// Depth-first search without recursion, since a definition may be as deep as it is long.
class Search {
 public:
  Search(const Names& names, Report* report) : names_(names), report_(report), reads_(reads_of(names)) {
    state_.resize(names.nodes(), State::unseen);
    sound_.resize(names.nodes(), true);
    depth_.resize(names.nodes(), 0);
  }

  Order run() {
    for (std::size_t node = 0; node < names_.nodes(); ++node)
      if (state_[node] == State::unseen) visit(node);
    return std::move(order_);
  }

 private:
  enum class State : std::uint8_t { unseen, open, done };
  struct Step {
    std::size_t node;
    std::size_t next = 0;  ///< which of the values it reads comes next
  };

  void visit(std::size_t start) {
    path_.push_back({start});
    state_[start] = State::open;
    while (!path_.empty()) {
      Step& step = path_.back();
      if (step.next == reads_[step.node].size()) {
        close(step.node);
        continue;
      }
      const std::size_t read = reads_[step.node][step.next++];
      if (state_[read] == State::open) {
        sound_[step.node] = false;
        tell_circle(read);
      } else if (state_[read] == State::unseen) {
        state_[read] = State::open;
        path_.push_back({read});
      } else if (!sound_[read]) {
        sound_[step.node] = false;
      }
    }
  }

  void close(std::size_t node) {
    state_[node] = State::done;
    path_.pop_back();
    for (const std::size_t read : reads_[node]) depth_[node] = std::max(depth_[node], depth_[read] + 1);
    if (depth_[node] == deepest) tell_depth(node);
    if (sound_[node]) {
      order_.nodes.push_back(node);
    } else if (!path_.empty()) {
      sound_[path_.back().node] = false;
    }
  }

  void tell_circle(std::size_t start) {
    if (report_ == nullptr || told_ == most_circles_told) return;
    ++told_;
    auto first = std::find_if(path_.rbegin(), path_.rend(), [&](const Step& step) { return step.node == start; });
    std::string path;
    std::size_t length = 0;
    for (auto step = path_.begin() + (path_.rend() - first) - 1; step != path_.end(); ++step) {
      if (++length <= longest_path_told) path += names_.node_code(step->node) + " reads ";
    }
    if (length > longest_path_told) path += "(" + std::to_string(length - longest_path_told) + " more) ... ";
    path += names_.node_code(start);
    const Instrument& instrument = names_.instrument();
    const std::size_t items = instrument.items.size();
    const bool item = start < items;
    report_->add("scale.cycle", item ? instrument.items[start].place : instrument.scales[start - items].place,
                 (item ? "items/" : "scales/") + names_.node_code(start), "its value needs itself: " + path,
                 "values that lead back to the responses, none of which reads itself");
  }

  void tell_depth(std::size_t node) {
    if (report_ == nullptr) return;
    const Instrument& instrument = names_.instrument();
    const std::size_t items = instrument.items.size();
    report_->add("scale.depth", node < items ? instrument.items[node].place : instrument.scales[node - items].place,
                 (node < items ? "items/" : "scales/") + names_.node_code(node),
                 "values that read values that read values, " + std::to_string(deepest) + " deep",
                 "a shorter way back to the responses");
  }

  const Names& names_;
  Report* report_;
  Reads reads_;
  std::vector<State> state_;
  std::vector<bool> sound_;
  std::vector<std::size_t> depth_;
  std::vector<Step> path_;
  Order order_;
  std::size_t told_ = 0;
};

}  // namespace

Order order_of(const Names& names, Report* report) { return Search(names, report).run(); }

}  // namespace appraise::detail
