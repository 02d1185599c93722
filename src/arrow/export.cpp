#include <cstring>
#include <utility>

#include "appraise/arrow.hpp"

namespace appraise {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

/// What an exported schema points to.
struct SchemaNode {
  std::string format;
  std::string name;
  std::string metadata;
  std::vector<ArrowSchema> children;
  std::vector<ArrowSchema*> pointers;
  std::vector<ArrowSchema> dictionary;  ///< none or one

  SchemaNode() = default;
  SchemaNode(const SchemaNode&) = delete;
  SchemaNode& operator=(const SchemaNode&) = delete;
  ~SchemaNode() {
    for (ArrowSchema& child : children) {
      if (child.release) child.release(&child);
    }
    for (ArrowSchema& words : dictionary) {
      if (words.release) words.release(&words);
    }
  }
};

/// What an exported array points to. Buffers lie in `scores` or in `owned`.
struct ArrayNode {
  std::shared_ptr<const Scores> scores;
  std::vector<std::shared_ptr<const void>> owned;
  std::vector<const void*> buffers;
  std::vector<ArrowArray> children;
  std::vector<ArrowArray*> pointers;
  std::vector<ArrowArray> dictionary;  ///< none or one

  ArrayNode() = default;
  ArrayNode(const ArrayNode&) = delete;
  ArrayNode& operator=(const ArrayNode&) = delete;
  ~ArrayNode() {
    for (ArrowArray& child : children) {
      if (child.release) child.release(&child);
    }
    for (ArrowArray& words : dictionary) {
      if (words.release) words.release(&words);
    }
  }

  template <class T>
  void keep(std::vector<T> values) {
    auto kept = std::make_shared<const std::vector<T>>(std::move(values));
    buffers.push_back(kept->data());
    owned.push_back(std::move(kept));
  }
};

template <class Node, class Exported>
void release(Exported* exported) {
  delete static_cast<Node*>(exported->private_data);
  exported->release = nullptr;
}

void append(std::string& out, std::int32_t number) {
  out.append(reinterpret_cast<const char*>(&number), sizeof number);
}

/// Metadata as Arrow has it: the number of pairs, then each key and value after its length, in the machine's byte
/// order.
std::string encode(const Pairs& pairs) {
  std::string out;
  if (pairs.empty()) return out;
  append(out, static_cast<std::int32_t>(pairs.size()));
  for (const auto& [key, value] : pairs) {
    append(out, static_cast<std::int32_t>(key.size()));
    out += key;
    append(out, static_cast<std::int32_t>(value.size()));
    out += value;
  }
  return out;
}

ArrowSchema finish(std::unique_ptr<SchemaNode> node, std::int64_t flags) {
  for (ArrowSchema& child : node->children) node->pointers.push_back(&child);
  ArrowSchema out{};
  out.format = node->format.c_str();
  out.name = node->name.c_str();
  out.metadata = node->metadata.empty() ? nullptr : node->metadata.data();
  out.flags = flags;
  out.n_children = static_cast<std::int64_t>(node->children.size());
  out.children = node->pointers.empty() ? nullptr : node->pointers.data();
  out.dictionary = node->dictionary.empty() ? nullptr : node->dictionary.data();
  out.release = release<SchemaNode, ArrowSchema>;
  out.private_data = node.release();
  return out;
}

ArrowSchema field(std::string format, std::string name, const Pairs& metadata = {},
                  std::int64_t flags = ARROW_FLAG_NULLABLE) {
  auto node = std::make_unique<SchemaNode>();
  node->format = std::move(format);
  node->name = std::move(name);
  node->metadata = encode(metadata);
  return finish(std::move(node), flags);
}

/// A field with one child or dictionary more.
ArrowSchema field_with(std::string format, std::string name, const Pairs& metadata, std::int64_t flags,
                       std::vector<ArrowSchema> SchemaNode::*where, ArrowSchema (*inner)()) {
  auto node = std::make_unique<SchemaNode>();
  node->format = std::move(format);
  node->name = std::move(name);
  node->metadata = encode(metadata);
  (node.get()->*where).reserve(1);
  (node.get()->*where).push_back(inner());
  return finish(std::move(node), flags);
}

ArrowSchema schema_of(const ScoreColumn& column) {
  switch (column.kind) {
    case ScoreColumn::Kind::whole:
      return field("i", column.name, column.metadata);
    case ScoreColumn::Kind::real:
      return field("g", column.name, column.metadata);
    case ScoreColumn::Kind::date:
      return field("tdD", column.name, column.metadata);
    case ScoreColumn::Kind::label:
      return field_with("c", column.name, column.metadata, ARROW_FLAG_NULLABLE | ARROW_FLAG_DICTIONARY_ORDERED,
                        &SchemaNode::dictionary, [] { return field("u", ""); });
    case ScoreColumn::Kind::status:
      break;
  }
  return field_with("c", column.name, column.metadata, 0, &SchemaNode::dictionary, [] { return field("u", ""); });
}

ArrowSchema schema_of_lists(std::string name) {
  return field_with("+L", std::move(name), {}, 0, &SchemaNode::children, [] { return field("U", "item", {}, 0); });
}

ArrowArray finish(std::unique_ptr<ArrayNode> node, std::int64_t length) {
  for (ArrowArray& child : node->children) node->pointers.push_back(&child);
  ArrowArray out{};
  out.length = length;
  out.null_count = node->buffers.front() ? -1 : 0;
  out.n_buffers = static_cast<std::int64_t>(node->buffers.size());
  out.n_children = static_cast<std::int64_t>(node->children.size());
  out.buffers = node->buffers.data();
  out.children = node->pointers.empty() ? nullptr : node->pointers.data();
  out.dictionary = node->dictionary.empty() ? nullptr : node->dictionary.data();
  out.release = release<ArrayNode, ArrowArray>;
  out.private_data = node.release();
  return out;
}

template <class Offset, class Texts>
ArrowArray text_array(const Texts& texts, std::size_t count) {
  std::vector<Offset> offsets{0};
  std::vector<char> bytes;
  offsets.reserve(count + 1);
  for (std::size_t i = 0; i < count; ++i) {
    const std::string& text = texts(i);
    bytes.insert(bytes.end(), text.begin(), text.end());
    offsets.push_back(static_cast<Offset>(bytes.size()));
  }
  auto node = std::make_unique<ArrayNode>();
  node->buffers.push_back(nullptr);
  node->keep(std::move(offsets));
  node->keep(std::move(bytes));
  return finish(std::move(node), static_cast<std::int64_t>(count));
}

ArrowArray array_of(const std::shared_ptr<const Scores>& scores, const ScoreColumn& column) {
  auto node = std::make_unique<ArrayNode>();
  node->scores = scores;
  node->buffers.push_back(column.validity.empty() ? nullptr : column.validity.data());
  switch (column.kind) {
    case ScoreColumn::Kind::real:
      node->buffers.push_back(column.reals.data());
      break;
    case ScoreColumn::Kind::label:
    case ScoreColumn::Kind::status:
      node->buffers.push_back(column.bytes.data());
      break;
    default:
      node->buffers.push_back(column.wholes.data());
  }
  if (column.kind == ScoreColumn::Kind::label || column.kind == ScoreColumn::Kind::status) {
    node->dictionary.reserve(1);
    node->dictionary.push_back(text_array<std::int32_t>(
        [&](std::size_t i) -> const std::string& { return column.labels[i]; }, column.labels.size()));
  }
  return finish(std::move(node), scores->rows);
}

ArrowArray array_of(const std::shared_ptr<const Scores>& scores, const TextLists& lists) {
  auto node = std::make_unique<ArrayNode>();
  node->scores = scores;
  node->buffers = {nullptr, lists.offsets.data()};
  node->children.reserve(1);
  node->children.push_back(text_array<std::int64_t>(
      [&](std::size_t i) -> const std::string& { return lists.texts[static_cast<std::size_t>(lists.numbers[i])]; },
      lists.numbers.size()));
  return finish(std::move(node), scores->rows);
}

}  // namespace

void export_scores(const std::shared_ptr<const Scores>& scores, ArrowSchema* schema, ArrowArray* batch) {
  auto schema_node = std::make_unique<SchemaNode>();
  schema_node->format = "+s";
  schema_node->metadata = encode(scores->metadata);
  auto array_node = std::make_unique<ArrayNode>();
  array_node->buffers.push_back(nullptr);
  schema_node->children.reserve(scores->columns.size() + 2);
  array_node->children.reserve(scores->columns.size() + 2);
  for (const ScoreColumn& column : scores->columns) {
    schema_node->children.push_back(schema_of(column));
    array_node->children.push_back(array_of(scores, column));
  }
  const auto add_lists = [&](std::string name, const TextLists& lists) {
    if (lists.offsets.empty()) return;
    schema_node->children.push_back(schema_of_lists(std::move(name)));
    array_node->children.push_back(array_of(scores, lists));
  };
  add_lists("reasons", scores->reasons);
  add_lists("cautions", scores->cautions);
  ArrowSchema finished = finish(std::move(schema_node), 0);
  try {
    *batch = finish(std::move(array_node), scores->rows);
  } catch (...) {
    finished.release(&finished);
    throw;
  }
  *schema = finished;
}

void export_scores(Scores scores, ArrowSchema* schema, ArrowArray* batch) {
  export_scores(std::make_shared<const Scores>(std::move(scores)), schema, batch);
}

}  // namespace appraise
