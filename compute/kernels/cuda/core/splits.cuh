// How a scan of all base rows is cut, so that all multiprocessors have work to the end.
#pragma once

#include "../runtime.cuh"

namespace atlas {

/**
 * Parts into which to cut the base, so that `tiles` x parts blocks fill a GPU that holds `resident` of them at once:
 * the fewest parts that come within a twentieth of the best share of busy places.
 *
 * @param most parts at most, at least 1
 */
inline int64_t chooseParts(int64_t tiles, int64_t resident, int64_t most) {
  const auto busy = [&](int64_t parts) {
    const int64_t blocks = tiles * parts;
    return static_cast<double>(blocks) / static_cast<double>(divideUp(blocks, resident) * resident);
  };
  double best = 0;
  for (int64_t parts = 1; parts <= most; parts++) best = busy(parts) > best ? busy(parts) : best;
  int64_t parts = 1;
  while (busy(parts) < 0.95 * best) parts++;
  return parts;
}

}  // namespace atlas
