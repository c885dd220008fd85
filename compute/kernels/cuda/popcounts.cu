#include "atlas_cuda.h"
#include "core/bits.cuh"
#include "pipeline.cuh"

namespace atlas {
namespace {

__global__ void popcountsKernel(const uint32_t* words, int64_t width, int64_t rows, uint32_t* counts) {
  const int64_t row = globalThread();
  if (row >= rows) return;
  uint32_t count = 0;
  for (int64_t i = 0; i < width; i++) count += static_cast<uint32_t>(popcount(words[row * width + i]));
  counts[row] = count;
}

}  // namespace
}  // namespace atlas

extern "C" int atlas_cuda_popcounts(const uint32_t* words, int64_t width, int64_t rows, uint32_t* counts) {
  using namespace atlas;
  return guarded([&] {
    const LaneLease lane(Priority::high);
    mapRows(*lane, {words, width * 4, rows}, {counts, 4}, {nullptr, 0}, [&](const RowChunk& chunk) {
      launch(chunk.stream, popcountsKernel, divideUp(chunk.rows, THREADS), static_cast<const uint32_t*>(chunk.in),
             width, chunk.rows, static_cast<uint32_t*>(chunk.first));
    });
  });
}
