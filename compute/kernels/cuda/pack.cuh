// Packing of what is on the device already.
#pragma once

#include "runtime.cuh"

namespace atlas {

/** Blocks that pack so many sites. */
int64_t packBlocks(int64_t sites, int64_t units);

/**
 * Packs sites x units; see atlas_cuda_pack.
 *
 * @param sums becomes the sum of the distances that each block met, packBlocks of them
 */
void packOnDevice(cudaStream_t stream, const float* pre, int64_t sites, int64_t units, float threshold, uint8_t* codes,
                  float* margins, double* sums);

}  // namespace atlas
