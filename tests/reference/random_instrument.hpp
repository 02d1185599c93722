/// Random valid instruments, made as JSON text, so that the reader and the checker take part.
#pragma once

#include <memory>
#include <string>

#include "appraise/instrument.hpp"
#include "appraise/reading.hpp"
#include "reference/random_source.hpp"
#include "reference/reference_scorer.hpp"

namespace appraise::testing {

struct RandomInstrument {
  DefinitionFiles files;
  std::string id;
  std::shared_ptr<const Instrument> instrument;
  int attempts = 1;  ///< definitions made until one was without error
};

/// Definition files of a random instrument `id`, edition "1"; nearly always valid.
[[nodiscard]] DefinitionFiles random_definition(Random& random, const std::string& id, bool may_use_another);

/// A random instrument that `check` finds no error in.
[[nodiscard]] RandomInstrument random_instrument(Random& random);

/// The same of what most instruments are: answers that add up.
[[nodiscard]] RandomInstrument random_additive_instrument(Random& random);

/// Level schemes other than the scales' own, and norm sets, of an instrument.
[[nodiscard]] reference::Choices random_choices(Random& random, const Instrument& instrument);

}  // namespace appraise::testing
