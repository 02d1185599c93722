/// The Arrow C data interface: columns of other libraries in, result columns out, without a copy.
/// Source: https://arrow.apache.org/docs/format/CDataInterface.html
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "appraise/caseload.hpp"
#include "appraise/scores.hpp"

extern "C" {
#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE
#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

struct ArrowSchema {
  const char* format;
  const char* name;
  const char* metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema** children;
  struct ArrowSchema* dictionary;
  void (*release)(struct ArrowSchema*);
  void* private_data;
};

struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void** buffers;
  struct ArrowArray** children;
  struct ArrowArray* dictionary;
  void (*release)(struct ArrowArray*);
  void* private_data;
};
#endif
#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE
struct ArrowArrayStream {
  int (*get_schema)(struct ArrowArrayStream*, struct ArrowSchema* out);
  int (*get_next)(struct ArrowArrayStream*, struct ArrowArray* out);
  const char* (*get_last_error)(struct ArrowArrayStream*);
  void (*release)(struct ArrowArrayStream*);
  void* private_data;
};
#endif
}

namespace appraise {

/// A caseload that views a record batch, and keeps what it had to convert (text columns become dictionary-coded ones).
struct ImportedCaseload {
  Caseload caseload;
  std::vector<std::shared_ptr<void>> owned;  ///< converted buffers
};

/// Views the columns of a record batch (a struct array). Columns whose names are not in `names` are passed over; an
/// empty list takes all.
///
/// Errors: UsageError if a wanted column has a type that no item can be given in (nested, decimal, time zone ...)
/// Cost:   no copy of primitive and dictionary-coded columns; text columns are coded
[[nodiscard]] ImportedCaseload import_caseload(const ArrowSchema& schema, const ArrowArray& batch,
                                               const std::vector<std::string>& names = {});

/// Moves scores into a record batch (a struct array) that owns them. Labels and statuses are dictionary-coded text,
/// reasons and cautions lists of text; metadata of scores and columns become schema metadata.
void export_scores(Scores scores, ArrowSchema* schema, ArrowArray* batch);

/// The same of scores that are shared: the record batch views their columns and keeps them alive, so that they can be
/// exported again.
void export_scores(const std::shared_ptr<const Scores>& scores, ArrowSchema* schema, ArrowArray* batch);

}  // namespace appraise
