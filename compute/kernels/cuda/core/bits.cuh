// Ones in words.
#pragma once

#include "../runtime.cuh"

namespace atlas {

/** Words of a row are a multiple of this, and go through popcount8 so many at a time. */
constexpr int BLOCK_WORDS = 8;

ATLAS_HD int popcount(uint32_t word) {
#ifdef __CUDA_ARCH__
  return __popc(word);
#else
  return __builtin_popcount(word);
#endif
}

/** Adds three words bit by bit: `a` becomes the sum's low bits, the high bits are returned. */
ATLAS_HD uint32_t addBits(uint32_t& a, uint32_t b, uint32_t c) {
  const uint32_t carry = (a & b) | (c & (a ^ b));
  a ^= b ^ c;
  return carry;
}

/**
 * Ones in eight words. A carry-save tree leaves four words to count instead of eight (Harley and Seal; Hacker's
 * Delight, 5-1): a multiprocessor counts 16 words a clock, and does 64 of the tree's three-input operations.
 */
ATLAS_HD int popcount8(const uint32_t (&words)[BLOCK_WORDS]) {
  uint32_t ones = words[0];
  uint32_t twos = addBits(ones, words[1], words[2]);
  const uint32_t twos1 = addBits(ones, words[3], words[4]);
  const uint32_t twos2 = addBits(ones, words[5], words[6]);
  const uint32_t fours = addBits(twos, twos1, twos2);
  return popcount(ones) + popcount(words[7]) + 2 * popcount(twos) + 4 * popcount(fours);
}

/** What two words of a pair of rows are joined by. */
struct Differing {
  ATLAS_HD static uint32_t join(uint32_t a, uint32_t b) { return a ^ b; }
};
struct Common {
  ATLAS_HD static uint32_t join(uint32_t a, uint32_t b) { return a & b; }
};

/** Reads eight words that lie at a multiple of 16 bytes. */
ATLAS_HD void loadBlock(const uint32_t* from, uint32_t (&to)[BLOCK_WORDS]) {
  ATLAS_UNROLL
  for (int i = 0; i < BLOCK_WORDS; i += 4) {
    const uint4 value = *reinterpret_cast<const uint4*>(from + i);
    to[i] = value.x;
    to[i + 1] = value.y;
    to[i + 2] = value.z;
    to[i + 3] = value.w;
  }
}

/**
 * Ones in the joined words of two rows of `width` words, a multiple of 8, each at a multiple of 16 bytes: the Hamming
 * distance, say.
 */
template <class Join>
ATLAS_HD int countPair(const uint32_t* a, const uint32_t* b, int width) {
  int count = 0;
  for (int at = 0; at < width; at += BLOCK_WORDS) {
    uint32_t words[BLOCK_WORDS], other[BLOCK_WORDS];
    loadBlock(a + at, words);
    loadBlock(b + at, other);
    ATLAS_UNROLL
    for (int i = 0; i < BLOCK_WORDS; i++) words[i] = Join::join(words[i], other[i]);
    count += popcount8(words);
  }
  return count;
}

}  // namespace atlas
