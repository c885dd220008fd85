#include "hash128.cuh"

#include "atlas_cuda.h"
#include "core/murmur3.cuh"
#include "pipeline.cuh"

namespace atlas {
namespace {

__global__ void hashKernel(const uint32_t* words, int64_t stride, int64_t width, uint32_t seed, int64_t rows,
                           uint32_t* hashes) {
  const int64_t row = globalThread();
  if (row >= rows) return;
  uint32_t hash[4];
  hash128(words + row * width, stride, seed, hash);
  for (int i = 0; i < 4; i++) hashes[row * 4 + i] = hash[i];
}

}  // namespace

void hashRows(cudaStream_t stream, HashedRow row, const uint32_t* words, int64_t rows, uint32_t* hashes) {
  launch(stream, hashKernel, divideUp(rows, THREADS), words, row.stride, row.width(), row.seed, rows, hashes);
}

}  // namespace atlas

extern "C" int atlas_cuda_hash128(const uint32_t* words, int64_t stride, int64_t rows, uint32_t seed,
                                  uint32_t* hashes) {
  using namespace atlas;
  return guarded([&] {
    const LaneLease lane(Priority::high);
    const HashedRow row{stride, seed};
    mapRows(*lane, {words, row.width() * 4, rows}, {hashes, 16}, {nullptr, 0}, [&](const RowChunk& chunk) {
      hashRows(chunk.stream, row, static_cast<const uint32_t*>(chunk.in), chunk.rows,
               static_cast<uint32_t*>(chunk.first));
    });
  });
}
