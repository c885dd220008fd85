// A 64-bit counter as two of 32 bits: shared memory adds 32 bits at once, and 64 only by trial.
#pragma once

#include "../runtime.cuh"

namespace atlas {

/** Adds to the counter (high, low) of which other threads add as well. */
__device__ inline void addWide(uint32_t* low, uint32_t* high, uint64_t value) {
  const uint32_t part = static_cast<uint32_t>(value);
  const uint32_t before = atomicAdd(low, part);
  const uint32_t carried = static_cast<uint32_t>(value >> 32) + (before > ~part);
  if (carried != 0) atomicAdd(high, carried);
}

}  // namespace atlas
