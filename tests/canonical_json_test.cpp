// Digests: RFC 8785 canonical JSON and SHA-256.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "appraise/reading.hpp"

namespace {

using appraise::canonical_json;
using appraise::sha256;

TEST(CanonicalJson, IsThatOfTheExampleInTheRfc) {
  // RFC 8785, sections 3.2.2 to 3.2.3
  const std::string written = R"({
  "numbers": [333333333.33333329, 1E30, 4.50,
              2e-3, 0.000000000000000000000000001],
  "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
  "literals": [null, true, false]
})";
  const std::string expected =
      "{\"literals\":[null,true,false],"
      "\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
      "\"string\":\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}";
  EXPECT_EQ(canonical_json(written), expected);
}

TEST(CanonicalJson, SortsKeysByUtf16CodeUnits) {
  // RFC 8785, section 3.2.3: the surrogates of U+1F600 sort before U+FB33, though its code point is greater
  const std::string written = R"({
  "\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
  "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis"
})";
  const std::string canonical = canonical_json(written);
  std::size_t last = 0;
  for (const std::string value : {"Carriage Return", "One", "Control", "Latin Small", "Euro", "Emoji", "Hebrew"}) {
    const std::size_t at = canonical.find(value);
    ASSERT_NE(at, std::string::npos) << value;
    EXPECT_GT(at, last) << value;
    last = at;
  }
}

TEST(CanonicalJson, LaysOutNumbersAsEcmaScript) {
  // RFC 8785, appendix B, and the edges of ECMA-262 Number::toString
  const std::vector<std::pair<std::string, std::string>> numbers = {
      {"0", "0"},
      {"-0", "0"},
      {"-0.0", "0"},
      {"5e-324", "5e-324"},
      {"-5e-324", "-5e-324"},
      {"1.7976931348623157e308", "1.7976931348623157e+308"},
      {"9007199254740992", "9007199254740992"},
      {"-9007199254740992", "-9007199254740992"},
      {"295147905179352830000", "295147905179352830000"},
      {"9.999999999999997e22", "9.999999999999997e+22"},
      {"1e23", "1e+23"},
      {"1.0000000000000001e23", "1.0000000000000001e+23"},
      {"999999999999999700000", "999999999999999700000"},
      {"999999999999999900000", "999999999999999900000"},
      {"1e21", "1e+21"},
      {"9.999999999999997e-7", "9.999999999999997e-7"},
      {"0.000001", "0.000001"},
      {"0.0000001", "1e-7"},
      {"333333333.3333332", "333333333.3333332"},
      {"333333333.33333325", "333333333.33333325"},
      {"-0.0000033333333333333333", "-0.0000033333333333333333"},
      {"1424953923781206.2", "1424953923781206.2"},
      {"1.0", "1"},
      {"100", "100"},
      {"1e2", "100"},
  };
  for (const auto& [written, expected] : numbers) EXPECT_EQ(canonical_json(written), expected) << written;
}

TEST(CanonicalJson, KeepsTextsAsTheyAre) {
  EXPECT_EQ(canonical_json("\"\\u007f\\u2028 \\u00e9\""), "\"\x7f\u2028 \u00e9\"");
  EXPECT_EQ(canonical_json(R"("\b\t\n\f\r\u0000\u001f")"), R"("\b\t\n\f\r\u0000\u001f")");
}

TEST(CanonicalJson, DoesNotDependOnLayout) {
  EXPECT_EQ(canonical_json("{\"b\":[1, 2],\n\"a\" : {} }"), canonical_json("\t{\"a\":{},\"b\":[1.0,2e0]}\n"));
}

TEST(CanonicalJson, RefusesWhatIsNotOneValue) {
  for (const std::string text : {"",
                                 " ",
                                 "{",
                                 "[1,]",
                                 "{\"a\":1,}",
                                 "1 2",
                                 "NaN",
                                 "Infinity",
                                 "-Infinity",
                                 "01",
                                 "1.",
                                 ".5",
                                 "+1",
                                 "0x1",
                                 "'a'",
                                 "// c\n1",
                                 "{\"a\":1,\"a\":1}",
                                 "1e400",
                                 "1e-400",
                                 "\"\\ud800\"",
                                 "\"\xff\"",
                                 "\"\xc0\x80\"",
                                 "\"\n\"",
                                 "nul"}) {
    EXPECT_THROW((void)canonical_json(text), appraise::DefinitionError) << text;
  }
}

TEST(Sha256, IsThatOfFips180) {
  EXPECT_EQ(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
