#include <sodium.h>

#include "appraise/reading.hpp"
#include "reading/json_tree.hpp"

namespace appraise {

std::string canonical_json(std::string_view json) {
  detail::reading::Faults faults;
  detail::reading::Reading reading{"", faults};
  const auto value = detail::reading::parse_json(json, reading);
  if (!value || faults.size() > 0) throw DefinitionError(std::move(faults).take());
  return detail::reading::canonical(*value);
}

std::string sha256(std::string_view bytes) {
  unsigned char hash[crypto_hash_sha256_BYTES];
  crypto_hash_sha256(hash, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  char text[2 * sizeof hash + 1];
  sodium_bin2hex(text, sizeof text, hash, sizeof hash);
  return text;
}

}  // namespace appraise
