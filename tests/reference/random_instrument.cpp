#include "reference/random_instrument.hpp"

#include "reference/definition_maker.hpp"

namespace appraise::testing {

DefinitionFiles random_definition(Random& random, const std::string& id, bool may_use_another) {
  DefinitionMaker maker(random, id);
  if (may_use_another && random.chance(15)) {
    const std::string other = id + "-other";
    const DefinitionFiles files = random_definition(random, other, false);
    if (const Checked checked = check(files, other, "1"); checked.instrument) maker.use(*checked.instrument, files);
  }
  return maker.make();
}

RandomInstrument random_instrument(Random& random) {
  RandomInstrument made;
  for (made.id = "random";; ++made.attempts) {
    made.files = random_definition(random, made.id, true);
    made.instrument = check(made.files, made.id, "1").instrument;
    if (made.instrument) return made;
  }
}

RandomInstrument random_additive_instrument(Random& random) {
  RandomInstrument made;
  for (made.id = "random";; ++made.attempts) {
    made.files = DefinitionMaker(random, made.id).make_additive();
    made.instrument = check(made.files, made.id, "1").instrument;
    if (made.instrument) return made;
  }
}

reference::Choices random_choices(Random& random, const Instrument& instrument) {
  reference::Choices choices;
  for (const LevelScheme& scheme : instrument.levels)
    if (random.chance(40)) choices.levels[scheme.of] = scheme.name;
  for (const Norms& norms : instrument.norms)
    if (random.chance(80)) choices.norms.push_back(norms.id);
  return choices;
}

}  // namespace appraise::testing
