// Running sums over an array on the device.
#pragma once

#include "runtime.cuh"

namespace atlas {

/** Values that a scan takes at most, so that one block can sum up the others. */
constexpr int64_t SCAN_VALUES = int64_t{1} << 20;

/** Values of which a block scans. */
constexpr int64_t SCAN_BLOCK = 4 * THREADS;

/**
 * Replaces each of up to SCAN_VALUES values by the sum of those before it.
 *
 * @param sums room for divideUp(count, SCAN_BLOCK) + 1 values; the last becomes the sum of all
 */
void scanInPlace(cudaStream_t stream, uint32_t* values, int64_t count, uint32_t* sums);

}  // namespace atlas
