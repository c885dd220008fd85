// Hashes of rows that are on the device.
#pragma once

#include "runtime.cuh"

namespace atlas {

/** A row that is hashed: `stride` bytes in ceil(stride / 4) words. */
struct HashedRow {
  int64_t stride;
  uint32_t seed;
  int64_t width() const { return divideUp(stride, 4); }
};

/** Writes rows x 4 words of hashes. */
void hashRows(cudaStream_t stream, HashedRow row, const uint32_t* words, int64_t rows, uint32_t* hashes);

}  // namespace atlas
