/*
 * The inner loop of the searches, once for each instruction set: one query against groups of eight base rows.
 *
 * Rows come as 64-bit words, their number a multiple of four. A group holds eight rows word by word: word w of row i
 * at [8 w + i]. So a vector holds the same word of several rows, and their sums need not be added up across lanes.
 * Every four words (256 bits) a group is given up whose rows are all at the limit.
 */
#ifndef ATLAS_NATIVE_SCAN_H
#define ATLAS_NATIVE_SCAN_H

#include <stddef.h>
#include <stdint.h>

#define LANES 8
#define STEP 4

/* A row that was found, counted from the first row of the scan. */
struct near_row {
  int32_t row;
  int32_t distance;
};

/*
 * Writes the rows nearer than `limit` bits to `near`, ascending, which has room for all of them, and returns how many
 * there are.
 */
typedef size_t scan_rows(const uint64_t *query, const uint64_t *groups, size_t count, size_t words, int64_t limit,
                         struct near_row *near);

/* Keeps those rows of a group whose distance is below the limit. */
static inline size_t keep(size_t group, const int64_t *distances, int64_t limit, struct near_row *near) {
  size_t kept = 0;
  for (size_t lane = 0; lane < LANES; lane++) {
    near[kept].row = (int32_t)(group * LANES + lane);
    near[kept].distance = (int32_t)distances[lane];
    kept += distances[lane] < limit;
  }
  return kept;
}

#if defined(__x86_64__)
#include <immintrin.h>
#define WITH(features) __attribute__((target(features)))

WITH("avx512f,avx512vpopcntdq")
static size_t scan_avx512(const uint64_t *query, const uint64_t *groups, size_t count, size_t words, int64_t limit,
                          struct near_row *near) {
  const __m512i limits = _mm512_set1_epi64(limit);
  size_t kept = 0;
  for (size_t group = 0; group < count; group++, groups += LANES * words) {
    __m512i sum = _mm512_setzero_si512();
    __mmask8 below = _mm512_cmplt_epi64_mask(sum, limits);
    for (size_t w = 0; w < words && below; w += STEP) {
      for (size_t i = w; i < w + STEP; i++) {
        const __m512i rows = _mm512_loadu_si512(groups + LANES * i);
        const __m512i differing = _mm512_xor_si512(rows, _mm512_set1_epi64((int64_t)query[i]));
        sum = _mm512_add_epi64(sum, _mm512_popcnt_epi64(differing));
      }
      below = _mm512_cmplt_epi64_mask(sum, limits);
    }
    if (!below) continue;
    int64_t distances[LANES];
    _mm512_storeu_si512(distances, sum);
    kept += keep(group, distances, limit, near + kept);
  }
  return kept;
}

/* Ones of each byte, its halves looked up in a table (Mula, Kurz and Lemire, 2018). */
WITH("avx2")
static inline __m256i byte_ones(__m256i bytes) {
  const __m256i ones = _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, /* and again */
                                        0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
  const __m256i half = _mm256_set1_epi8(15);
  const __m256i low = _mm256_and_si256(bytes, half);
  const __m256i high = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), half);
  return _mm256_add_epi8(_mm256_shuffle_epi8(ones, low), _mm256_shuffle_epi8(ones, high));
}

WITH("avx2")
static size_t scan_avx2(const uint64_t *query, const uint64_t *groups, size_t count, size_t words, int64_t limit,
                        struct near_row *near) {
  const __m256i limits = _mm256_set1_epi64x(limit), zero = _mm256_setzero_si256();
  size_t kept = 0;
  for (size_t group = 0; group < count; group++, groups += LANES * words) {
    __m256i sums[2] = {zero, zero};
    int below = limit > 0;
    for (size_t w = 0; w < words && below; w += STEP) {
      __m256i bytes[2] = {zero, zero};
      for (size_t i = w; i < w + STEP; i++) {
        const __m256i word = _mm256_set1_epi64x((int64_t)query[i]);
        const __m256i *rows = (const __m256i *)(groups + LANES * i);
        for (int half = 0; half < 2; half++) {
          const __m256i differing = _mm256_xor_si256(_mm256_loadu_si256(rows + half), word);
          bytes[half] = _mm256_add_epi8(bytes[half], byte_ones(differing));
        }
      }
      for (int half = 0; half < 2; half++) sums[half] = _mm256_add_epi64(sums[half], _mm256_sad_epu8(bytes[half], zero));
      const __m256i either = _mm256_or_si256(_mm256_cmpgt_epi64(limits, sums[0]), _mm256_cmpgt_epi64(limits, sums[1]));
      below = _mm256_movemask_epi8(either);
    }
    if (!below) continue;
    int64_t distances[LANES];
    _mm256_storeu_si256((__m256i *)distances, sums[0]);
    _mm256_storeu_si256((__m256i *)(distances + LANES / 2), sums[1]);
    kept += keep(group, distances, limit, near + kept);
  }
  return kept;
}

#else
#define WITH(features)
#endif

/* Any other processor; on x86 one that counts bits. */
WITH("popcnt")
static size_t scan_plain(const uint64_t *query, const uint64_t *groups, size_t count, size_t words, int64_t limit,
                         struct near_row *near) {
  size_t kept = 0;
  for (size_t group = 0; group < count; group++, groups += LANES * words) {
    int64_t sums[LANES] = {0};
    int below = limit > 0;
    for (size_t w = 0; w < words && below; w += STEP) {
      for (size_t i = w; i < w + STEP; i++) {
        for (size_t lane = 0; lane < LANES; lane++) {
          sums[lane] += __builtin_popcountll(query[i] ^ groups[LANES * i + lane]);
        }
      }
      below = 0;
      for (size_t lane = 0; lane < LANES; lane++) below |= sums[lane] < limit;
    }
    if (below) kept += keep(group, sums, limit, near + kept);
  }
  return kept;
}

#endif
