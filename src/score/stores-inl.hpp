// Stores into result columns, for each instruction set.
#if defined(APPRAISE_SCORE_STORES_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef APPRAISE_SCORE_STORES_INL_HPP
#undef APPRAISE_SCORE_STORES_INL_HPP
#else
#define APPRAISE_SCORE_STORES_INL_HPP
#endif

#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include "score/writing.hpp"

HWY_BEFORE_NAMESPACE();
namespace appraise::detail {
namespace HWY_NAMESPACE {
namespace {

/// A vector, past the caches or into them.
template <class D, class V, class T>
HWY_INLINE void put_lanes(V v, D d, Stores stores, T* at) {
  if (stores == Stores::streaming) {
    hwy::HWY_NAMESPACE::Stream(v, d, at);
  } else {
    hwy::HWY_NAMESPACE::StoreU(v, d, at);
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace appraise::detail
HWY_AFTER_NAMESPACE();

#endif
