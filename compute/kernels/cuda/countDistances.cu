#include <algorithm>

#include "atlas_cuda.h"
#include "buffer.cuh"
#include "core/splits.cuh"
#include "core/wideCount.cuh"
#include "device.cuh"
#include "tile.cuh"

namespace atlas {
namespace {

/** Distances below this are counted in shared memory first. */
constexpr int SHARED_BINS = 2048;
/** Base tiles that are worth a block of their own. */
constexpr int64_t PART_TILES = 8;

using Count = unsigned long long;

struct Histogram {
  uint32_t low[SHARED_BINS], high[SHARED_BINS];
};

/** Pairs of a row `from` … `to - 1` and one after it. A block takes a tile of the former and a part of the latter. */
struct PairCount {
  Rows rows;
  const int32_t* sizes;
  int64_t from, to;
  int64_t parts;
  /** Per distance: pairs of sites. */
  Count* counts;
};

__device__ void countPairs(const PairCount& task, Histogram& histogram, int64_t firstA, int64_t firstB,
                           const PairCounts& distances) {
  for (int i = 0; i < PER_THREAD; i++) {
    const int64_t a = firstA + pairA(i);
    if (a >= task.to) break;
    const uint64_t size = static_cast<uint64_t>(task.sizes[a]);
    for (int j = 0; j < PER_THREAD; j++) {
      const int64_t b = firstB + pairB(j);
      if (b <= a || b >= task.rows.rows) continue;
      const uint64_t pairs = size * static_cast<uint64_t>(task.sizes[b]);
      const int distance = distances[i][j];
      if (distance < SHARED_BINS) {
        addWide(histogram.low + distance, histogram.high + distance, pairs);
      } else {
        atomicAdd(task.counts + distance, static_cast<Count>(pairs));
      }
    }
  }
}

__global__ void __launch_bounds__(THREADS, 2) countDistancesKernel(PairCount task) {
  __shared__ TileMemory memory;
  __shared__ Histogram histogram;
  for (int bin = static_cast<int>(threadIdx.x); bin < SHARED_BINS; bin += THREADS) {
    histogram.low[bin] = 0;
    histogram.high[bin] = 0;
  }
  __syncthreads();
  const int64_t firstA = task.from + blockIdx.x / task.parts * TILE;
  // Tiles are dealt out, so that parts before the first row, which have nothing to do, are nobody's alone.
  for (int64_t tile = blockIdx.x % task.parts; tile * TILE < task.rows.rows; tile += task.parts) {
    const int64_t firstB = tile * TILE;
    if (firstB + TILE <= firstA) continue;
    PairCounts distances;
    countTile<Differing>(task.rows, firstA, task.rows, firstB, memory, distances);
    countPairs(task, histogram, firstA, firstB, distances);
  }
  __syncthreads();
  for (int bin = static_cast<int>(threadIdx.x); bin < SHARED_BINS; bin += THREADS) {
    const Count count = (static_cast<Count>(histogram.high[bin]) << 32) | histogram.low[bin];
    if (count != 0) atomicAdd(task.counts + bin, count);
  }
}

}  // namespace
}  // namespace atlas

extern "C" int atlas_cuda_count_distances(uint64_t id, const uint32_t* words, int64_t rows, int64_t width,
                                          int64_t bits, const int32_t* sizes, int64_t from, int64_t to,
                                          double* counts) {
  using namespace atlas;
  return guarded([&] {
    const LaneLease lane(priorityOf(to - from, rows, width));
    const HeldRows held = hold({id, words, rows, width}, lane->stream());
    const Buffer<int32_t> sites = uploaded(sizes, rows, lane->stream());
    Buffer<Count> pairs(bits + 1, lane->stream());
    pairs.fill(0);
    const int64_t tiles = divideUp(to - from, TILE);
    const int64_t worth = std::max<int64_t>(1, divideUp(rows, TILE) / PART_TILES);
    const int64_t parts = tiles == 0 ? 1 : chooseParts(tiles, residentBlocks(countDistancesKernel), worth);
    launch(lane->stream(), countDistancesKernel, tiles * parts, PairCount{held, sites.get(), from, to, parts, pairs.get()});
    std::vector<Count> found(static_cast<size_t>(bits + 1));
    pairs.download(found.data(), bits + 1);
    wait(lane->stream());
    for (int64_t row = from; row < to; row++) {
      const Count size = static_cast<Count>(sizes[row]);
      if (size > 1) found[0] += size * (size - 1) / 2;
    }
    std::transform(found.begin(), found.end(), counts, [](Count count) { return static_cast<double>(count); });
  });
}
