#include "scan.cuh"

#include "reduce.cuh"

namespace atlas {
namespace {

constexpr int EACH = SCAN_BLOCK / THREADS;

/** Scans the block's values, four a thread. Returns their sum to all threads. */
__device__ uint32_t scanBlock(uint32_t* values, int64_t count, int64_t first) {
  uint32_t before[EACH];
  uint32_t own = 0;
  for (int i = 0; i < EACH; i++) {
    before[i] = own;
    if (first + i < count) own += values[first + i];
  }
  uint32_t total;
  const uint32_t start = sumBefore(own, total);
  for (int i = 0; i < EACH; i++) {
    if (first + i < count) values[first + i] = start + before[i];
  }
  return total;
}

__global__ void scanBlocksKernel(uint32_t* values, int64_t count, uint32_t* sums) {
  const uint32_t total = scanBlock(values, count, globalThread() * EACH);
  if (threadIdx.x == 0) sums[blockIdx.x] = total;
}

/** One block scans the sums of the others. */
__global__ void scanSumsKernel(uint32_t* sums, int64_t count) {
  const uint32_t total = scanBlock(sums, count, threadIdx.x * EACH);
  if (threadIdx.x == 0) sums[count] = total;
}

__global__ void addSumsKernel(uint32_t* values, int64_t count, const uint32_t* sums) {
  const int64_t i = globalThread();
  if (i < count) values[i] += sums[i / SCAN_BLOCK];
}

}  // namespace

void scanInPlace(cudaStream_t stream, uint32_t* values, int64_t count, uint32_t* sums) {
  static_assert(SCAN_VALUES <= SCAN_BLOCK * SCAN_BLOCK);
  const int64_t blocks = divideUp(count, SCAN_BLOCK);
  launch(stream, scanBlocksKernel, blocks, values, count, sums);
  launch(stream, scanSumsKernel, 1, sums, blocks);
  launch(stream, addSumsKernel, divideUp(count, THREADS), values, count, sums);
}

}  // namespace atlas
