// Eight pre-activations to a byte of a code.
#pragma once

#include <cmath>

#include "../runtime.cuh"

namespace atlas {

struct PackedUnits {
  /** Bit i: unit i is above the threshold. */
  uint32_t bits;
  /** Least distance from the threshold; Infinity of no units. */
  float least;
  /** Sum of the distances, each a float32. */
  double sum;
};

/** Packs up to 8 units. */
ATLAS_HD PackedUnits packUnits(const float* pre, int units, float threshold) {
  PackedUnits packed{0, INFINITY, 0};
  for (int i = 0; i < units; i++) {
    const float distance = fabsf(threshold - pre[i]);
    packed.bits |= static_cast<uint32_t>(pre[i] > threshold) << i;
    packed.least = distance < packed.least ? distance : packed.least;
    packed.sum += static_cast<double>(distance);
  }
  return packed;
}

}  // namespace atlas
