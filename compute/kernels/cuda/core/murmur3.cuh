// MurmurHash3_x86_128 by Austin Appleby (public domain, github.com/aappleby/smhasher), over a row of words.
#pragma once

#include "../runtime.cuh"

namespace atlas {

ATLAS_HD uint32_t rotate(uint32_t x, int bits) { return (x << bits) | (x >> (32 - bits)); }

ATLAS_HD uint32_t mix(uint32_t k, uint32_t first, int bits, uint32_t second) {
  return rotate(k * first, bits) * second;
}

ATLAS_HD uint32_t finalize(uint32_t h) {
  h = (h ^ (h >> 16)) * 0x85ebca6bu;
  h = (h ^ (h >> 13)) * 0xc2b2ae35u;
  return h ^ (h >> 16);
}

/**
 * Hash of `stride` bytes, given as ceil(stride / 4) words. The last word's missing bytes count as zeros, and a zero
 * word mixes to zero: no byte-wise cases are needed.
 */
ATLAS_HD void hash128(const uint32_t* words, int64_t stride, uint32_t seed, uint32_t (&hash)[4]) {
  constexpr uint32_t factor[5] = {0x239b961bu, 0xab0e9789u, 0x38b34ae5u, 0xa1e38b93u, 0x239b961bu};
  constexpr int turn[4] = {15, 16, 17, 18};
  constexpr int blockTurn[4] = {19, 17, 15, 13};
  constexpr uint32_t blockSum[4] = {0x561ccd1bu, 0x0bcaa747u, 0x96cd1c35u, 0x32ac3b17u};
  for (uint32_t& h : hash) h = seed;
  const int64_t width = (stride + 3) / 4;
  const int64_t whole = stride / 16 * 4;
  for (int64_t at = 0; at < whole; at += 4) {
    ATLAS_UNROLL
    for (int i = 0; i < 4; i++) {
      hash[i] ^= mix(words[at + i], factor[i], turn[i], factor[i + 1]);
      hash[i] = (rotate(hash[i], blockTurn[i]) + hash[(i + 1) % 4]) * 5 + blockSum[i];
    }
  }
  ATLAS_UNROLL
  for (int i = 0; i < 4; i++) {
    if (whole + i < width) hash[i] ^= mix(words[whole + i], factor[i], turn[i], factor[i + 1]);
    hash[i] ^= static_cast<uint32_t>(stride);
  }
  // Twice: all into the first, the first into all; finalized in between.
  for (int round = 0; round < 2; round++) {
    hash[0] += hash[1] + hash[2] + hash[3];
    for (int i = 1; i < 4; i++) hash[i] += hash[0];
    if (round == 0) {
      for (uint32_t& h : hash) h = finalize(h);
    }
  }
}

}  // namespace atlas
