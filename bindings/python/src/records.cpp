#include <pybind11/numpy.h>

#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "appraise/diagnostic.hpp"
#include "bind.hpp"

namespace py = pybind11;

namespace appraise::python {
namespace {

/// Finds where records of delimited text end. A quote opens a quoted cell only at the start of a cell, a doubled quote
/// stands for one, and what follows the closing quote belongs to the cell: the rules of the reader that parses them.
class Records {
 public:
  Records(std::string_view text, char delimiter)
      : text_(text), delimiter_(delimiter), ends_(text.find('\r') == std::string_view::npos ? "\n" : "\r\n") {}

  /// The place behind the record that starts at `start`, line end included; npos if its end is not in the text.
  [[nodiscard]] std::size_t end_of(std::size_t start) {
    std::size_t at = start;
    open_ = false;
    while (true) {
      const std::size_t line = line_end(at);
      if (next_quote_ < at || first_) find_quote(at);
      if (next_quote_ >= line) return behind(line);
      at = cell_end(at);
      if (open_ || at == std::string_view::npos) return std::string_view::npos;
      if (is_line_end(text_[at])) return behind(at);
      ++at;
    }
  }
  /// Whether the record last asked for has a quote that is not closed.
  [[nodiscard]] bool open() const noexcept { return open_; }

 private:
  [[nodiscard]] static bool is_line_end(char c) noexcept { return c == '\n' || c == '\r'; }

  [[nodiscard]] std::size_t line_end(std::size_t at) {
    if (next_line_ < at || first_line_) {
      first_line_ = false;
      next_line_ = ends_.size() == 1 ? text_.find('\n', at) : text_.find_first_of(ends_, at);
    }
    return next_line_;
  }

  void find_quote(std::size_t at) {
    first_ = false;
    next_quote_ = text_.find('"', at);
  }

  /// The delimiter or line end behind the cell that starts at `at`.
  [[nodiscard]] std::size_t cell_end(std::size_t at) {
    if (at < text_.size() && text_[at] == '"') {
      ++at;
      while (true) {
        at = text_.find('"', at);
        if (at == std::string_view::npos) {
          open_ = true;
          return at;
        }
        ++at;
        if (at >= text_.size() || text_[at] != '"') break;
        ++at;
      }
    }
    while (at < text_.size() && text_[at] != delimiter_ && !is_line_end(text_[at])) ++at;
    return at < text_.size() ? at : std::string_view::npos;
  }

  [[nodiscard]] std::size_t behind(std::size_t line) const {
    if (line == std::string_view::npos) return line;
    if (text_[line] == '\n') return line + 1;
    if (line + 1 == text_.size()) return std::string_view::npos;  // a \n may follow
    return text_[line + 1] == '\n' ? line + 2 : line + 1;
  }

  std::string_view text_;
  char delimiter_;
  std::string_view ends_;
  std::size_t next_quote_ = 0, next_line_ = 0;
  bool first_ = true, first_line_ = true, open_ = false;
};

std::pair<py::array_t<std::int64_t>, bool> record_ends(const py::buffer& block, char delimiter) {
  const py::buffer_info info = block.request();
  if (info.itemsize != 1 || info.ndim != 1) throw UsageError("a block of text is bytes");
  const std::string_view text(static_cast<const char*>(info.ptr), static_cast<std::size_t>(info.size));
  std::vector<std::int64_t> ends;
  bool open = false;
  {
    const py::gil_scoped_release unlocked;
    Records records(text, delimiter);
    std::size_t at = 0;
    while (at < text.size()) {
      at = records.end_of(at);
      if (at == std::string_view::npos) break;
      ends.push_back(static_cast<std::int64_t>(at));
    }
    open = at == std::string_view::npos && records.open();
  }
  return {py::array_t<std::int64_t>(static_cast<py::ssize_t>(ends.size()), ends.data()), open};
}

}  // namespace

void bind_records(py::module_& module) {
  module.def("record_ends", &record_ends, py::arg("block"), py::arg("delimiter"),
             "The places behind the records of delimited text that are whole, and whether what is left has a quote "
             "that is not closed.");
}

}  // namespace appraise::python
