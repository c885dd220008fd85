#include "pairMatrix.cuh"

#include <algorithm>

#include "device.cuh"
#include "tile.cuh"

namespace atlas {
namespace {

/** A block takes a tile of the matrix. */
template <class Join>
__global__ void __launch_bounds__(THREADS, 2) matrixKernel(Rows a, int64_t from, int64_t count, Rows b, int32_t* to) {
  __shared__ TileMemory memory;
  const int64_t tilesB = divideUp(b.rows, TILE);
  const int64_t firstA = blockIdx.x / tilesB * TILE;
  const int64_t firstB = blockIdx.x % tilesB * TILE;
  PairCounts counts;
  countTile<Join>(a, from + firstA, b, firstB, memory, counts);
  for (int i = 0; i < PER_THREAD; i++) {
    const int64_t row = firstA + pairA(i);
    if (row >= count) break;
    for (int j = 0; j < PER_THREAD; j++) {
      const int64_t column = firstB + pairB(j);
      if (column < b.rows) to[row * b.rows + column] = counts[i][j];
    }
  }
}

template <class Join>
void matrix(cudaStream_t stream, const Rows& a, int64_t from, int64_t count, const Rows& b, int32_t* to) {
  launch(stream, matrixKernel<Join>, divideUp(count, TILE) * divideUp(b.rows, TILE), a, from, count, b, to);
}

}  // namespace

int64_t matrixRows(int64_t rows, int64_t columns) {
  const int64_t fit = device().scratchBytes / (std::max<int64_t>(1, columns) * static_cast<int64_t>(sizeof(int32_t)));
  return std::max<int64_t>(1, std::min(rows, fit));
}

void distanceMatrix(cudaStream_t stream, const Rows& a, int64_t from, int64_t count, const Rows& b, int32_t* to) {
  matrix<Differing>(stream, a, from, count, b, to);
}

void commonMatrix(cudaStream_t stream, const Rows& a, int64_t from, int64_t count, const Rows& b, int32_t* to) {
  matrix<Common>(stream, a, from, count, b, to);
}

}  // namespace atlas
