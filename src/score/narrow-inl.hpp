// Clamping of whole numbers to bytes, for each instruction set.
#if defined(APPRAISE_SCORE_NARROW_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef APPRAISE_SCORE_NARROW_INL_HPP
#undef APPRAISE_SCORE_NARROW_INL_HPP
#else
#define APPRAISE_SCORE_NARROW_INL_HPP
#endif

#include <hwy/highway.h>

#include "score/rows.hpp"
#include "score/run.hpp"

HWY_BEFORE_NAMESPACE();
namespace appraise::detail {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

/// Numbers as bytes that fall on the same side of every cut.
template <class Number>
void narrow(const Decoder& decoder, const Number* x, int n, std::int8_t* out) {
  constexpr auto most = static_cast<Number>(byte_limit - 1);
  if constexpr (sizeof(Number) == 8) {
    const hn::ScalableTag<Number> d;
    const hn::RebindToUnsigned<decltype(d)> words;
    const hn::Rebind<std::uint8_t, decltype(d)> bytes;
    const auto largest = hn::Set(d, static_cast<Number>(whole_limit));
    const auto beyond = hn::Set(d, static_cast<Number>(static_cast<std::uint8_t>(decoder.beyond)));
    for (int i = 0; i < n; i += static_cast<int>(hn::Lanes(d))) {
      const auto given = hn::LoadU(d, x + i);
      auto clamped = hn::Min(given, hn::Set(d, most));
      if constexpr (std::is_signed_v<Number>) clamped = hn::Max(clamped, hn::Set(d, static_cast<Number>(-128)));
      clamped = hn::IfThenElse(hn::Gt(given, largest), beyond, clamped);
      hn::StoreU(hn::TruncateTo(bytes, hn::BitCast(words, clamped)), bytes, reinterpret_cast<std::uint8_t*>(out) + i);
    }
  } else {
    [[maybe_unused]] const auto beyond = static_cast<Number>(static_cast<std::uint8_t>(decoder.beyond));
    APPRAISE_ROWS
    for (int i = 0; i < n; ++i) {
      const Number number = x[i];
      Number clamped = number < most ? number : most;
      if constexpr (std::is_signed_v<Number>) clamped = clamped < -128 ? static_cast<Number>(-128) : clamped;
      if constexpr (std::is_same_v<Number, std::uint32_t>) {
        clamped = number > static_cast<Number>(whole_limit) ? beyond : clamped;
      }
      out[i] = static_cast<std::int8_t>(clamped);
    }
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#endif
