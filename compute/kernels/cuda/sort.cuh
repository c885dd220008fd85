// Sorting by one warp.
#pragma once

#include "core/key.cuh"

namespace atlas {

/**
 * Sorts keys ascending by a bitonic network. All lanes of a warp call.
 *
 * @param count a power of two
 */
__device__ inline void sortKeys(Key* keys, int count) {
  const int lane = static_cast<int>(threadIdx.x) % WARP;
  for (int run = 2; run <= count; run *= 2) {
    for (int distance = run / 2; distance > 0; distance /= 2) {
      __syncwarp();
      for (int pair = lane; pair < count / 2; pair += WARP) {
        const int low = 2 * pair - (pair & (distance - 1));
        const int high = low + distance;
        const bool ascending = (low & run) == 0;
        const Key a = keys[low];
        const Key b = keys[high];
        if ((a > b) == ascending) {
          keys[low] = b;
          keys[high] = a;
        }
      }
    }
  }
  __syncwarp();
}

}  // namespace atlas
