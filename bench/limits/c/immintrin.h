// AVX-512 intrinsics as pairs of AVX2 vectors, so that the programs that measure what a core can do run where there is
// no AVX-512: the same loops, with vectors half as wide. The folder goes before the system's with -I; -mavx2 -mfma, no
// -mavx512. There is what those programs use, for the arguments that they give; a mask is a vector. What AVX2 cannot do
// in about two instructions is only emulated: the permutations of eight and sixteen doubles and the gather of eight.
#pragma once
#include_next <immintrin.h>

typedef struct { __m256d lo, hi; } wide_d;
typedef struct { __m256i lo, hi; } wide_i;

#define WIDE static inline __attribute__((always_inline, unused))
#define UNARY(to, name, from, half) WIDE to name(from a) { return (to){half(a.lo), half(a.hi)}; }
#define BINARY(type, name, half) WIDE type name(type a, type b) { return (type){half(a.lo, b.lo), half(a.hi, b.hi)}; }
#define TERNARY(name, half) WIDE wide_d name(wide_d a, wide_d b, wide_d c) { return (wide_d){half(a.lo, b.lo, c.lo), half(a.hi, b.hi, c.hi)}; }
#define SHIFT(name, half) WIDE wide_i name(wide_i a, int by) { return (wide_i){half(a.lo, by), half(a.hi, by)}; }

WIDE wide_d wide_set1(double x) { return (wide_d){_mm256_set1_pd(x), _mm256_set1_pd(x)}; }
WIDE wide_i wide_set1_int(long long x) { return (wide_i){_mm256_set1_epi64x(x), _mm256_set1_epi64x(x)}; }
WIDE wide_i wide_set_int(long long h, long long g, long long f, long long e, long long d, long long c, long long b, long long a) {
	return (wide_i){_mm256_set_epi64x(d, c, b, a), _mm256_set_epi64x(h, g, f, e)};
}
WIDE wide_d wide_load(const double *p) { return (wide_d){_mm256_load_pd(p), _mm256_load_pd(p + 4)}; }
WIDE wide_d wide_loadu(const double *p) { return (wide_d){_mm256_loadu_pd(p), _mm256_loadu_pd(p + 4)}; }
WIDE void wide_store(double *p, wide_d a) { _mm256_store_pd(p, a.lo), _mm256_store_pd(p + 4, a.hi); }
WIDE void wide_storeu(double *p, wide_d a) { _mm256_storeu_pd(p, a.lo), _mm256_storeu_pd(p + 4, a.hi); }

BINARY(wide_d, wide_add, _mm256_add_pd)
BINARY(wide_d, wide_sub, _mm256_sub_pd)
BINARY(wide_d, wide_mul, _mm256_mul_pd)
BINARY(wide_d, wide_div, _mm256_div_pd)
UNARY(wide_d, wide_sqrt, wide_d, _mm256_sqrt_pd)
TERNARY(wide_fmadd, _mm256_fmadd_pd)
TERNARY(wide_fmsub, _mm256_fmsub_pd)
TERNARY(wide_fnmadd, _mm256_fnmadd_pd)
BINARY(wide_i, wide_add_int, _mm256_add_epi64)
BINARY(wide_i, wide_mul_int, _mm256_mul_epu32)
BINARY(wide_i, wide_and, _mm256_and_si256)
BINARY(wide_i, wide_or, _mm256_or_si256)
BINARY(wide_i, wide_xor, _mm256_xor_si256)
SHIFT(wide_left, _mm256_slli_epi64)
SHIFT(wide_right, _mm256_srli_epi64)
UNARY(wide_d, wide_as_double, wide_i, _mm256_castsi256_pd)
UNARY(wide_i, wide_as_int, wide_d, _mm256_castpd_si256)

#define NEAREST(x) _mm256_round_pd(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)
UNARY(wide_d, wide_round, wide_d, NEAREST)
#define LESS(a, b) _mm256_cmp_pd(a, b, _CMP_LT_OQ)
BINARY(wide_d, wide_less, LESS)
TERNARY(wide_blend, _mm256_blendv_pd) // b where the mask, the third, is set
WIDE wide_d wide_abs(wide_d a) { return wide_as_double(wide_and(wide_as_int(a), wide_set1_int(0x7fffffffffffffff))); }

// Integers of less than 52 bits as doubles and back: the bits below 1.5·2⁵².
#define SHIFTER 0x1.8p52
WIDE wide_i wide_to_int(wide_d a) {
	return wide_add_int(wide_as_int(wide_add(a, wide_set1(SHIFTER))), wide_set1_int(-0x4338000000000000));
}
WIDE wide_d wide_to_double(wide_i a) {
	return wide_sub(wide_as_double(wide_add_int(a, wide_set1_int(0x4338000000000000))), wide_set1(SHIFTER));
}
// a·2ⁿ for an integer n for which 2ⁿ is a normal number.
WIDE wide_d wide_scale(wide_d a, wide_d n) {
	return wide_mul(a, wide_as_double(wide_left(wide_add_int(wide_to_int(n), wide_set1_int(1023)), 52)));
}
// Exponent of a positive normal number, and its fraction in [0.75, 1.5).
WIDE wide_d wide_exponent(wide_d a) { return wide_to_double(wide_add_int(wide_right(wide_as_int(a), 52), wide_set1_int(-1023))); }
WIDE wide_d wide_fraction(wide_d a) {
	wide_d m = wide_as_double(wide_or(wide_and(wide_as_int(a), wide_set1_int(0xfffffffffffff)), wide_set1_int(0x3ff0000000000000)));
	return wide_blend(wide_mul(m, wide_set1(0.5)), m, wide_less(m, wide_set1(1.5)));
}
#define NONZERO(a) _mm256_xor_si256(_mm256_cmpeq_epi64(a, _mm256_setzero_si256()), _mm256_set1_epi64x(-1))
UNARY(wide_i, wide_nonzero, wide_i, NONZERO)

WIDE wide_d wide_pick(const double *table, wide_i index) {
	return (wide_d){_mm256_i64gather_pd(table, index.lo, 8), _mm256_i64gather_pd(table, index.hi, 8)};
}
WIDE wide_d wide_permute(wide_i index, wide_d a) {
	double table[8] __attribute__((aligned(32)));
	wide_store(table, a);
	return wide_pick(table, index);
}
WIDE wide_d wide_permute2(wide_d a, wide_i index, wide_d b) {
	double table[16] __attribute__((aligned(32)));
	wide_store(table, a), wide_store(table + 8, b);
	return wide_pick(table, index);
}
WIDE wide_i wide_bytes(__m128i a) { return (wide_i){_mm256_cvtepu8_epi64(a), _mm256_cvtepu8_epi64(_mm_srli_si128(a, 4))}; }
WIDE wide_d wide_gather(__m256i index, const double *table) {
	return (wide_d){_mm256_i32gather_pd(table, _mm256_castsi256_si128(index), 8), _mm256_i32gather_pd(table, _mm256_extracti128_si256(index, 1), 8)};
}

#define __m512d wide_d
#define __m512i wide_i
#define __mmask8 wide_d
#define _mm512_set1_pd wide_set1
#define _mm512_setzero_pd() wide_set1(0)
#define _mm512_set1_epi64 wide_set1_int
#define _mm512_set_epi64 wide_set_int
#define _mm512_load_pd(p) wide_load((const double *)(p))
#define _mm512_loadu_pd(p) wide_loadu((const double *)(p))
#define _mm512_store_pd(p, a) wide_store((double *)(p), a)
#define _mm512_storeu_pd(p, a) wide_storeu((double *)(p), a)
#define _mm512_add_pd wide_add
#define _mm512_sub_pd wide_sub
#define _mm512_mul_pd wide_mul
#define _mm512_div_pd wide_div
#define _mm512_sqrt_pd wide_sqrt
#define _mm512_fmadd_pd wide_fmadd
#define _mm512_fmsub_pd wide_fmsub
#define _mm512_fnmadd_pd wide_fnmadd
#define _mm512_abs_pd wide_abs
#define _mm512_roundscale_pd(a, nearest) wide_round(a)
#define _mm512_scalef_pd wide_scale
#define _mm512_getexp_pd wide_exponent
#define _mm512_getmant_pd(a, from_three_quarters, sign) wide_fraction(a)
#define _mm512_cmp_pd_mask(a, b, less) wide_less(a, b)
#define _mm512_mask_mov_pd(a, mask, b) wide_blend(a, b, mask)
#define _mm512_mask_blend_pd(mask, a, b) wide_blend(a, b, mask)
#define _mm512_mask_add_pd(a, mask, b, c) wide_blend(a, wide_add(b, c), mask)
#define _mm512_test_epi64_mask(a, b) wide_as_double(wide_nonzero(wide_and(a, b)))
#define _mm512_cvtpd_epi64 wide_to_int
#define _mm512_cvtepu8_epi64 wide_bytes
#define _mm512_castpd_si512 wide_as_int
#define _mm512_castsi512_pd wide_as_double
#define _mm512_add_epi64 wide_add_int
#define _mm512_mul_epu32 wide_mul_int
#define _mm512_and_si512 wide_and
#define _mm512_or_si512 wide_or
#define _mm512_xor_si512 wide_xor
#define _mm512_slli_epi64 wide_left
#define _mm512_srli_epi64 wide_right
#define _mm512_permutexvar_pd wide_permute
#define _mm512_permutex2var_pd wide_permute2
#define _mm512_i32gather_pd(index, table, eight) wide_gather(index, table)
