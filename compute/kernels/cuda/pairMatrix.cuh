// Distances or common ones of all pairs of some rows, as a matrix on the device.
#pragma once

#include "rowCache.cuh"

namespace atlas {

/** How many of `rows` rows of a matrix with so many columns are made at once: at least 1. */
int64_t matrixRows(int64_t rows, int64_t columns);

/** Writes Hamming distances: `count` rows of a from `from` on, x b.rows. */
void distanceMatrix(cudaStream_t stream, const Rows& a, int64_t from, int64_t count, const Rows& b, int32_t* to);

/** Writes the numbers of common ones, likewise. */
void commonMatrix(cudaStream_t stream, const Rows& a, int64_t from, int64_t count, const Rows& b, int32_t* to);

}  // namespace atlas
