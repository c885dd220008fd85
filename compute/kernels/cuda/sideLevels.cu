#include "sideLevels.cuh"

#include "core/bits.cuh"
#include "pairMatrix.cuh"
#include "reduce.cuh"

namespace atlas {
namespace {

/** Copies picked rows next to each other, a word a thread. */
__global__ void pickRowsKernel(Rows rows, const int32_t* picks, int64_t count, uint32_t* to) {
  const int64_t at = globalThread();
  if (at < count * rows.width) to[at] = rows.words[picks[at / rows.width] * int64_t{rows.width} + at % rows.width];
}

/**
 * The levels of each picked region; a block takes one.
 *
 * @param sites picks x (bits + 1) zeros: become the sites at each distance, and where there is a level, its number
 */
__global__ void levelsKernel(const int32_t* distances, int64_t regions, const int32_t* sizes, int64_t bits,
                             uint32_t wanted, uint32_t* sites, Levels* found) {
  __shared__ Levels levels;
  distances += blockIdx.x * regions;
  sites += blockIdx.x * (bits + 1);
  unsigned long long sum = 0;
  for (int64_t region = threadIdx.x; region < regions; region += THREADS) {
    const uint32_t size = static_cast<uint32_t>(sizes[region]);
    atomicAdd(sites + distances[region], size);
    sum += static_cast<unsigned long long>(size) * static_cast<unsigned>(distances[region]);
  }
  sum = reduceBlock<Sum>(sum);
  if (threadIdx.x == 0) {
    levels.length = 0;
    levels.reach = -1;
    levels.sum = static_cast<double>(sum);
    sites[0]--;  // the site itself
  }
  __syncthreads();
  if (threadIdx.x >= WARP) return;
  // One warp reads 32 distances at once; its first lane adds those that occur.
  for (int64_t from = 0; from <= bits && sitesWithin(levels) < wanted; from += WARP) {
    const int64_t distance = from + threadIdx.x;
    unsigned occurring = __ballot_sync(ALL_LANES, distance <= bits && sites[distance] != 0);
    for (; threadIdx.x == 0 && occurring != 0 && sitesWithin(levels) < wanted; occurring &= occurring - 1) {
      const int64_t next = from + popcount((occurring & (0u - occurring)) - 1);
      sites[next] = static_cast<uint32_t>(addLevel(levels, static_cast<int>(next), sites[next]));
    }
    __syncwarp();
  }
  if (threadIdx.x == 0) found[blockIdx.x] = levels;
}

}  // namespace

SideBuffers measureSide(cudaStream_t stream, const Rows& rows, int64_t bits, const int32_t* sizes,
                        const std::vector<int32_t>& picks, int wanted) {
  const int64_t count = static_cast<int64_t>(picks.size());
  const Buffer<int32_t> onDevice = uploaded(picks, stream);
  const Buffer<uint32_t> picked(count * rows.width, stream);
  launch(stream, pickRowsKernel, divideUp(picked.size(), THREADS), rows, onDevice.get(), count, picked.get());
  SideBuffers side{{count * rows.rows, stream}, {count * (bits + 1), stream}, {count, stream}};
  distanceMatrix(stream, {picked.get(), count, rows.width}, 0, count, rows, side.distances.get());
  side.levelOf.fill(0);
  launch(stream, levelsKernel, count, side.distances.get(), rows.rows, sizes, bits, static_cast<uint32_t>(wanted),
         side.levelOf.get(), side.levels.get());
  return side;
}

}  // namespace atlas
