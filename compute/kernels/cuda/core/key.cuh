// A neighbour as one number, by which neighbours are ordered.
#pragma once

#include "../runtime.cuh"

namespace atlas {

/** Ascending by distance, then by index. */
using Key = unsigned long long;

/** Greater than every key: no neighbour. */
constexpr Key NO_KEY = ~0ull;

ATLAS_HD Key keyOf(int distance, int64_t index) {
  return (static_cast<Key>(static_cast<uint32_t>(distance)) << 32) | static_cast<Key>(index);
}
ATLAS_HD int keyDistance(Key key) { return static_cast<int>(key >> 32); }
ATLAS_HD int32_t keyIndex(Key key) { return static_cast<int32_t>(key & 0xffffffffu); }

/** How many of `count` ascending keys are below `key`. */
ATLAS_HD int64_t keysBelow(const Key* keys, int64_t count, Key key) {
  int64_t from = 0;
  while (count > 0) {
    const int64_t half = count / 2;
    if (keys[from + half] < key) {
      from += half + 1;
      count -= half + 1;
    } else {
      count = half;
    }
  }
  return from;
}

}  // namespace atlas
