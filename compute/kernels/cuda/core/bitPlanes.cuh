// Counts of each bit of a word over many words.
#pragma once

#include "bits.cuh"

namespace atlas {

/** Words that the planes count at most. */
constexpr int PLANES = 8;
constexpr int PLANE_WORDS = (1 << PLANES) - 1;

/** 32 counters of 8 bits, bit by bit: plane p holds bit p of every counter. */
struct BitPlanes {
  uint32_t planes[PLANES] = {};

  /** Adds 1 to the counter of each bit of the word. */
  ATLAS_HD void add(uint32_t word) {
    ATLAS_UNROLL
    for (int plane = 0; plane < PLANES; plane++) {
      const uint32_t carry = planes[plane] & word;
      planes[plane] ^= word;
      word = carry;
    }
  }

  /** Words so far in which a bit was set. */
  ATLAS_HD uint32_t count(int bit) const {
    uint32_t count = 0;
    ATLAS_UNROLL
    for (int plane = 0; plane < PLANES; plane++) count |= (planes[plane] >> bit & 1u) << plane;
    return count;
  }
};

}  // namespace atlas
