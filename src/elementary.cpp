#include "appraise/detail/elementary.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cfloat>
#include <cmath>
#include <cstdint>
#include <limits>

#include "fixed_point.hpp"

// Each function is tried in double arithmetic with a stated error bound. Where every number within the bound rounds to
// the same double, that is the result; otherwise (about one number in 10 000) it is worked out to 2^-170, and to 2^-180
// where the logarithm is small. That is enough for every double: 157 bits of exp are and 118 of log, by V. Lefevre,
// J.-M. Muller, "Worst cases for correct rounding of the elementary functions in double precision", ARITH-15 (2001).
//   The test: Ziv, "Fast evaluation of elementary mathematical functions with correctly rounded last bit", ACM TOMS 17
// (1991). Tables: Tang, "Table-driven implementation of the exponential function", ACM TOMS 15 (1989), and "... of the
// logarithm function", TOMS 16 (1990). Exact sums: Dekker, Numerische Mathematik 18 (1971).
//   Operands have so few bits that the products marked exact are, without fused multiply-add; nothing here depends on
// the width of vectors, so that every compiler and instruction set gives the same bits.

#ifdef __FAST_MATH__
#error "exp and log need IEEE 754 arithmetic: compile without -ffast-math"
#endif
static_assert(FLT_EVAL_METHOD == 0, "exp and log need arithmetic in the precision of its operands");

namespace appraise::detail {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr std::uint64_t fraction_bits = 0xfffffffffffff;
constexpr std::uint64_t sign_bit = std::uint64_t{1} << 63;

// ---- Constants and tables, worked out while compiling.

/// log((n + 1) / n), n > 0: 2 artanh(1 / (2n + 1)).
constexpr Fixed log_of_step(std::uint64_t n) {
  const std::uint64_t d = 2 * n + 1;
  Fixed term = fixed_one * 2 / d;
  Fixed sum;
  for (std::uint64_t k = 1; !term.zero(); k += 2, term = term / (d * d)) sum = sum + term / k;
  return sum;
}

/// e^x for x in [0, 1]; the error is below 2^-180.
constexpr Fixed exp_series(const Fixed& x) {
  Fixed term = fixed_one;
  Fixed sum;
  for (std::uint64_t n = 1; !term.zero(); ++n) {
    sum = sum + term;
    term = term * x / n;
  }
  return sum;
}

constexpr Fixed ln2 = log_of_step(1);
constexpr double log2_e = 1 / nearest(ln2, 0);

/// A number as a double on the grid of 2^grid and what is left of it.
struct Split {
  double high = 0;
  double low = 0;
};

constexpr Split split(const Fixed& x, int grid) {
  const Fixed rounded = x + unit_at(Fixed::places + grid - 1);
  const std::uint64_t whole = rounded.bits_from(Fixed::places + grid);
  const double high = static_cast<double>(whole) * power_of_two(grid);
  const Fixed left = x - fixed(high);
  if (left.zero()) return {high, 0};
  return {high, left.negative() ? -nearest(Fixed{} - left, 0) : nearest(left, 0)};
}

constexpr int exp_parts = 256;

/// 2^(i/256), the high part of 27 bits.
constexpr auto powers = [] {
  std::array<Split, exp_parts> table;
  const Fixed step = exp_series(ln2 / exp_parts);
  Fixed power = fixed_one;
  for (Split& entry : table) {
    entry = split(power, -26);
    power = power * step;
  }
  return table;
}();

/// For numbers near 1 + i/256: a reciprocal of 10 bits and minus its logarithm, the high part on the grid of
/// `ln2_parts`.
struct Reciprocal {
  double value = 1;
  Split log;
};

constexpr auto reciprocals = [] {
  std::array<Reciprocal, 257> table;
  Fixed log;  // of 1024 / j
  std::uint64_t j = 1024;
  for (std::uint64_t i = 0; i < table.size(); ++i) {
    const std::uint64_t nearest_j = (2 * 1024 * 256 + (256 + i)) / (2 * (256 + i));
    for (; j > nearest_j; --j) log = log + log_of_step(j - 1);
    table[i] = {static_cast<double>(j) / 1024, split(j == 512 ? ln2 : log, -42)};
  }
  return table;
}();

constexpr Split ln2_parts = split(ln2, -42);
constexpr Split step_parts = split(ln2 / exp_parts, -43);

// ---- The attempt in double arithmetic.

/// A result, and zero if all numbers within the error bound round to it.
struct Attempt {
  double value;
  std::uint64_t doubt;
};

constexpr std::uint64_t bits_of(double x) { return std::bit_cast<std::uint64_t>(x); }

/// Not zero if the result can be more than one double, or if x lies outside the range, seen from integers past its
/// ends. Without a comparison, which would keep some compilers from doing several at a time.
inline std::uint64_t doubt(double lowest, double highest, std::uint64_t past_range) {
  return bits_of(highest - lowest) | past_range >> 63;
}

/// Rounds x to a multiple of 2^grid, for |x| < 2^(grid + 51).
template <int grid>
[[gnu::always_inline]] inline double on_grid(double x) {
  constexpr double shift = 1.5 * power_of_two(52 + grid);
  return x + shift - shift;
}

/// x = k ln2 / 256 + r with |r| < 2^-9.52; e^x = 2^(k / 256) e^r.
[[gnu::always_inline]] inline Attempt attempt_exponential(double x) {
  constexpr double shift = 1.5 * power_of_two(52);
  const double shifted = x * (exp_parts * log2_e) + shift;
  const auto bits = bits_of(shifted);
  const double k = shifted - shift;
  const double rest = x - k * step_parts.high;  // both exact: k has 18 bits, the part 35
  const double a = on_grid<-35>(rest);          // r = a + b; a has 26 bits
  const double b = (rest - a) - k * step_parts.low;
  const double r = a + b;
  const double more =
      b + r * r * (1. / 2 + r * (1. / 6 + r * (1. / 24 + r * (1. / 120 + r * (1. / 720)))));  // e^r - 1 - a

  const Split& t = powers[bits % exp_parts];
  const double product = t.high * a;  // exact
  const double sum = t.high + product;
  const double error = product - (sum - t.high);
  const double low = error + (t.low + t.low * a + (t.high + t.low) * more);
  // In units of 2^-53: r * r 3, the series 1, its product 1, on r^2 / 2 < 2^-20; adding and multiplying `more` 3, and
  // adding to `low` 3, on 2^-19.9. With t < 2 that is below 2^-68.4.
  constexpr double bound = 0x1p-68;
  const double value = sum + (low - bound);
  const double scale = std::bit_cast<double>((bits / exp_parts + 1023) << 52);
  const std::uint64_t size = bits_of(x) & ~sign_bit;
  return {value * scale, doubt(value, sum + (low + bound), bits_of(708) - size)};
}

/// x = 2^e m, m c = 1 + r with |r| < 2^-8.67; log x = e ln2 - log c + log(1 + r).
[[gnu::always_inline]] inline Attempt attempt_logarithm(double x) {
  const auto bits = bits_of(x);
  const double e = std::bit_cast<double>(bits >> 52 | 0x4330000000000000) - (0x1p52 + 1023);
  const double m = std::bit_cast<double>((bits & fraction_bits) | 0x3ff0000000000000);
  const Reciprocal& c = reciprocals[((bits & fraction_bits) + (std::uint64_t{1} << 43)) >> 44];

  const double m_high = on_grid<-25>(m);
  const double u = m_high * c.value - 1;  // exact, as are the next three: r = u + v
  const double v = (m - m_high) * c.value;
  const double whole = e * ln2_parts.high + c.log.high + u;  // on the grid of 2^-42 and below 2^10
  const double half_square = u * u / 2;                      // u has 26 bits
  const double near = whole - half_square;
  const double near_error = (whole - near) - half_square;
  const double sum = near + v;
  const double sum_error = v - (sum - near);

  const double r = u + v;
  const double cubic = r * r * r * (1. / 3 - r * (1. / 4 - r * (1. / 5 - r * (1. / 6 - r * (1. / 7 - r * (1. / 8))))));
  const double low = (near_error + sum_error) + ((c.log.low + e * ln2_parts.low) + (cubic - (u * v + v * v / 2)));
  // In units of 2^-53: 9 on |r|^3 / 3 for the cubic and 3 for adding it, below 2^-68.3 |r|, with r^9 / 9 left out. The
  // rest is below 2^-85 where the logarithm is not near zero (above 2^-10), and else below 2^-77 |r|.
  const double bound = 0x1p-67 * std::fabs(r) + 0x1p-73 * std::fabs(sum);
  const double value = sum + (low - bound);
  const std::uint64_t past_normal = (bits - bits_of(0x1p-1022)) | (bits_of(std::numeric_limits<double>::max()) - bits);
  return {value, doubt(value, sum + (low + bound), past_normal)};
}

// ---- The long way.

struct Scaled {
  Fixed value;
  int exponent = 0;
};

/// e^x = value * 2^exponent, value in [1, 2) but for the last places; |x| < 1000. `near_x` is x to 2^-40.
Scaled long_exponential(const Fixed& x, double near_x) {
  int k = static_cast<int>(near_x * log2_e);
  if (near_x < 0) --k;
  const Fixed multiple = ln2 * static_cast<std::uint64_t>(k < 0 ? -k : k);
  Fixed r = k < 0 ? x + multiple : x - multiple;
  if (r.negative()) {
    r = r + ln2;
    --k;
  }
  return {exp_series(r), k};
}

[[gnu::noinline]] double sure_exponential(double x) {
  if (x != x) return x;
  if (x > 710) return infinity;
  if (x < -746) return 0;
  const Scaled result = long_exponential(fixed(x), x);
  return nearest(result.value, result.exponent);
}

/// From y below log x by 2^-39 at most: log x = y + log(x e^-y), where x e^-y = 1 + t and t is small.
[[gnu::noinline]] double sure_logarithm(double x) {
  if (x != x || x == infinity) return x;
  if (x == 0) return -infinity;
  if (x < 0) return std::numeric_limits<double>::quiet_NaN();
  const bool subnormal = x < 0x1p-1022;
  const auto bits = bits_of(subnormal ? x * 0x1p54 : x);
  const int exponent = static_cast<int>(bits >> 52) - 1023 - (subnormal ? 54 : 0);
  const double m = std::bit_cast<double>((bits & fraction_bits) | 0x3ff0000000000000);

  const double y = exponent / log2_e + attempt_logarithm(m).value - 0x1p-40;
  const Scaled inverse = long_exponential(fixed(-y), -y);
  Fixed product = fixed(m) * inverse.value;
  for (int i = inverse.exponent + exponent; i < 0; ++i) product = product / 2;
  const Fixed t = product - fixed_one;
  const Fixed t2 = t * t;
  const Fixed log = fixed(y) + t - t2 / 2 + t2 * t / 3 - t2 * t2 / 4;
  return log.negative() ? -nearest(Fixed{} - log, 0) : nearest(log, 0);
}

// ---- One number and many.

template <Attempt (*attempt)(double), double (*sure)(double)>
[[gnu::always_inline]] inline double one(double x) {
  const Attempt result = attempt(x);
  return result.doubt == 0 ? result.value : sure(x);
}

/// Every element is tried; those in doubt, which are few, are done the long way. Whole chunks, for the vectoriser.
template <Attempt (*attempt)(double), double (*sure)(double)>
[[gnu::always_inline]] inline void chunks(const double* x, double* out, int n) {
  constexpr int chunk = 32;
  for (int start = 0; start < n; start += chunk) {
    const int count = std::min(chunk, n - start);
    double in[chunk];
    double values[chunk];
    std::uint64_t doubts[chunk];
    std::uint64_t any = 0;
    std::fill(std::copy_n(x + start, count, in), in + chunk, 1.0);
    for (int i = 0; i < chunk; ++i) {
      const Attempt result = attempt(in[i]);
      values[i] = result.value;
      doubts[i] = result.doubt;
      any |= result.doubt;
    }
    if (any != 0)
      for (int i = 0; i < count; ++i)
        if (doubts[i] != 0) values[i] = sure(in[i]);
    std::copy_n(values, count, out + start);
  }
}

#ifdef __x86_64__
/// The same operations, four and eight at a time.
template <Attempt (*attempt)(double), double (*sure)(double)>
[[gnu::target("avx2")]] void chunks_avx2(const double* x, double* out, int n) {
  chunks<attempt, sure>(x, out, n);
}
template <Attempt (*attempt)(double), double (*sure)(double)>
[[gnu::target("avx2,avx512f,avx512dq,avx512vl,avx512bw")]] void chunks_avx512(const double* x, double* out, int n) {
  chunks<attempt, sure>(x, out, n);
}
#endif

template <Attempt (*attempt)(double), double (*sure)(double)>
void many(const double* x, double* out, int n) {
  constexpr int few = 12;  // as dear as a chunk
  if (n <= few) {
    for (int i = 0; i < n; ++i) out[i] = one<attempt, sure>(x[i]);
    return;
  }
#ifdef __x86_64__
  if (__builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw")) {
    return chunks_avx512<attempt, sure>(x, out, n);
  }
  if (__builtin_cpu_supports("avx2")) return chunks_avx2<attempt, sure>(x, out, n);
#endif
  chunks<attempt, sure>(x, out, n);
}

}  // namespace

double exponential(double x) noexcept { return one<attempt_exponential, sure_exponential>(x); }

double logarithm(double x) noexcept { return one<attempt_logarithm, sure_logarithm>(x); }

void exponential(const double* x, double* out, int n) noexcept {
  many<attempt_exponential, sure_exponential>(x, out, n);
}

void logarithm(const double* x, double* out, int n) noexcept { many<attempt_logarithm, sure_logarithm>(x, out, n); }

}  // namespace appraise::detail
