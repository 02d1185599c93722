#include "reading/json_tree.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <numeric>
#include <system_error>

#include "reading/codes.hpp"

namespace appraise::detail::reading {
namespace {

using Kind = JsonValue::Kind;

constexpr std::size_t largest_file = std::size_t{16} << 20;
constexpr std::size_t deepest = 64;
constexpr std::size_t most_values = 1'000'000;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// Walks through the text once, counting lines and characters.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {
    if (text.starts_with(byte_order_mark)) offset_ = byte_order_mark.size();
  }

  void advance_to(std::size_t offset) {
    for (const std::size_t end = std::min(offset, text_.size()); offset_ < end; ++offset_) {
      const auto byte = static_cast<unsigned char>(text_[offset_]);
      if (byte == '\n') {
        ++position_.line;
        position_.column = 1;
      } else if ((byte & 0xC0) != 0x80) {
        ++position_.column;
      }
    }
  }
  /// To the next token. The parser has seen to it that only these stand between two tokens.
  Position next() {
    advance_to(std::min(text_.find_first_not_of(" \t\r\n,:", offset_), text_.size()));
    return position_;
  }
  /// Over the number at the cursor, giving its text.
  std::string_view number() {
    const std::size_t begin = offset_;
    advance_to(std::min(text_.find_first_not_of("+-.0123456789eE", begin), text_.size()));
    return text_.substr(begin, offset_ - begin);
  }
  /// Over the text in quotation marks at the cursor.
  void quoted_text() {
    std::size_t end = offset_ + 1;
    while (end < text_.size() && text_[end] != '"') end += text_[end] == '\\' ? 2 : 1;
    advance_to(end + 1);
  }
  void skip(std::size_t bytes) { advance_to(offset_ + bytes); }
  [[nodiscard]] Position position() const noexcept { return position_; }

 private:
  std::string_view text_;
  std::size_t offset_ = 0;
  Position position_;
};

/// What the parser says, without its own name and place, as plain ASCII (it may quote ill-formed UTF-8).
std::string plain_message(std::string_view what) {
  constexpr std::string_view before = "syntax error ";
  if (const auto at = what.find(before); at != std::string_view::npos) what.remove_prefix(at + before.size());
  std::string result(what.substr(0, 300));
  std::replace_if(
      result.begin(), result.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return result;
}

/// Builds the tree from the parser's events. Open values are pointers into the tree: a parent does not change while a
/// child is open.
class TreeBuilder {
 public:
  TreeBuilder(std::string_view text, Reading& reading) : cursor_(text), reading_(reading) {}

  JsonValue take() && { return std::move(root_); }

  bool null() { return literal(Kind::null, 4); }
  bool boolean(bool value) {
    if (!literal(Kind::boolean, value ? 4 : 5)) return false;
    last_->boolean = value;
    return true;
  }
  bool number_integer(std::int64_t) { return number(); }
  bool number_unsigned(std::uint64_t) { return number(); }
  bool number_float(double, const std::string&) { return number(); }
  bool string(std::string& value) {
    if (!add(Kind::text)) return false;
    last_->text = std::move(value);
    cursor_.quoted_text();
    return true;
  }
  bool binary(std::vector<std::uint8_t>&) { return false; }
  bool start_object(std::size_t) { return open(Kind::object); }
  bool start_array(std::size_t) { return open(Kind::list); }
  bool key(std::string& name) {
    const Position position = cursor_.next();
    cursor_.quoted_text();
    open_.back()->members.push_back({std::move(name), position, {}});
    return true;
  }
  bool end_array() { return close(); }
  bool end_object() {
    refuse_duplicates(*open_.back());
    return close();
  }

  bool parse_error(std::size_t offset, const std::string&, const nlohmann::json::exception& error) {
    if (error.id == 406) {
      number_out_of_range(cursor_.next());
      return false;
    }
    std::string found = plain_message(error.what()), expected = "one JSON document";
    constexpr std::string_view separator = "; expected ";
    if (const auto at = found.rfind(separator); at != std::string::npos) {
      expected = found.substr(at + separator.size());
      found.resize(at);
    }
    const bool trailing = seen_ > 0 && open_.empty();
    cursor_.advance_to(offset == 0 ? 0 : offset - 1);
    if (trailing) {
      reading_.fault("json.trailing", cursor_.position(), "", found, "nothing after the end of the document");
    } else {
      reading_.fault("json.syntax", cursor_.position(), address(), found, expected);
    }
    return false;
  }

 private:
  std::string address() const {
    std::string result;
    for (const JsonValue* value : open_) {
      if (value->is(Kind::object) && !value->members.empty()) {
        result = joined(result, value->members.back().key);
      } else if (value->is(Kind::list) && !value->elements.empty()) {
        result = joined(result, element_step(value->elements.back(), value->elements.size() - 1));
      }
    }
    return result;
  }

  bool add(Kind kind) {
    const Position position = cursor_.next();
    if (++seen_ > most_values) {
      reading_.fault("json.values", position, address(), "more than " + std::to_string(most_values) + " values",
                     "a definition");
      return false;
    }
    if (open_.empty()) {
      last_ = &root_;
    } else if (open_.back()->is(Kind::list)) {
      last_ = &open_.back()->elements.emplace_back();
    } else {
      last_ = &open_.back()->members.back().value;
    }
    last_->kind = kind;
    last_->position = position;
    return true;
  }

  bool literal(Kind kind, std::size_t bytes) {
    if (!add(kind)) return false;
    cursor_.skip(bytes);
    return true;
  }

  bool number() {
    if (!add(Kind::number)) return false;
    last_->text = cursor_.number();
    const char* end = last_->text.data() + last_->text.size();
    const auto [stop, error] = std::from_chars(last_->text.data(), end, last_->number);
    if (error != std::errc{} || stop != end) number_out_of_range(last_->position);
    last_->number += 0.0;  // minus zero is zero
    return true;
  }

  void number_out_of_range(Position position) {
    reading_.fault("json.number", position, address(), "a number too large or too small to be held",
                   "a number of magnitude between 1e-307 and 1e308, or 0");
  }

  bool open(Kind kind) {
    if (!add(kind)) return false;
    if (open_.size() == deepest) {
      reading_.fault("json.depth", last_->position, address(),
                     "lists and objects more than " + std::to_string(deepest) + " deep", "fewer");
      return false;
    }
    cursor_.skip(1);
    open_.push_back(last_);
    return true;
  }

  bool close() {
    cursor_.next();
    cursor_.skip(1);
    open_.pop_back();
    return true;
  }

  void refuse_duplicates(JsonValue& object) {
    std::vector<std::size_t> order(object.members.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto key = [&](std::size_t i) -> const std::string& { return object.members[i].key; };
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return key(a) < key(b); });
    std::vector<std::size_t> again;
    for (std::size_t i = 1; i < order.size(); ++i) {
      if (key(order[i - 1]) == key(order[i])) again.push_back(order[i]);
    }
    if (again.empty()) return;
    std::sort(again.begin(), again.end());
    const std::vector<const JsonValue*> parents(open_.begin(), open_.end() - 1);
    open_.pop_back();
    const std::string parent = address();
    open_.push_back(&object);
    for (const std::size_t i : again) {
      reading_.fault("json.duplicate-key", object.members[i].position, joined(parent, key(i)),
                     "the key " + in_quotes(key(i)) + " a second time", "each key once in an object");
    }
    std::size_t at = 0;
    std::erase_if(object.members,
                  [&](const JsonMember&) { return std::binary_search(again.begin(), again.end(), at++); });
  }

  Cursor cursor_;
  Reading& reading_;
  JsonValue root_;
  std::vector<JsonValue*> open_;
  JsonValue* last_ = nullptr;
  std::size_t seen_ = 0;
};

}  // namespace

const JsonValue* JsonValue::find(std::string_view key) const noexcept {
  for (const JsonMember& member : members) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}

std::string element_step(const JsonValue& element, std::size_t number) {
  if (element.find("from") != nullptr) return std::to_string(number);  // bands go by number
  for (const std::string_view name : {"code", "id"}) {
    const JsonValue* value = element.find(name);
    if (value != nullptr && value->is(Kind::text) && is_label(value->text)) return value->text;
  }
  return std::to_string(number);
}

std::optional<JsonValue> parse_json(std::string_view text, Reading& reading) {
  if (text.size() > largest_file) {
    reading.fault("json.size", {}, "", "a file of more than 16 MiB", "a definition");
    return std::nullopt;
  }
  TreeBuilder builder(text, reading);
  if (!nlohmann::json::sax_parse(text.begin(), text.end(), &builder)) return std::nullopt;
  return std::move(builder).take();
}

}  // namespace appraise::detail::reading
