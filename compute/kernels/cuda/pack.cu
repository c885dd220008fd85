#include "pack.cuh"

#include "atlas_cuda.h"
#include "buffer.cuh"
#include "core/packUnits.cuh"
#include "pipeline.cuh"
#include "reduce.cuh"

namespace atlas {
namespace {

/**
 * Packs sites x units; `lanes` threads share a site, byte by byte. Every block writes the sum of its distances, so
 * that the sum of all has one order.
 */
__global__ void packKernel(const float* pre, int64_t sites, int64_t units, float threshold, int lanes, uint8_t* codes,
                           float* margins, double* sums) {
  const int64_t stride = divideUp(units, 8);
  const int64_t site = globalThread() / lanes;
  const int lane = static_cast<int>(threadIdx.x) % lanes;
  float least = INFINITY;
  double sum = 0;
  if (site < sites) {
    for (int64_t byte = lane; byte < stride; byte += lanes) {
      const int64_t rest = units - 8 * byte;
      const PackedUnits packed =
          packUnits(pre + site * units + 8 * byte, rest < 8 ? static_cast<int>(rest) : 8, threshold);
      codes[site * stride + byte] = static_cast<uint8_t>(packed.bits);
      least = Least::join(least, packed.least);
      sum += packed.sum;
    }
  }
  least = reduceLanes<Least>(least, lanes);
  if (site < sites && lane == 0) margins[site] = least;
  sum = reduceBlock<Sum>(sum);
  if (threadIdx.x == 0) sums[blockIdx.x] = sum;
}

/** Threads that share a site: as many as it has bytes, up to a warp. */
int lanesOf(int64_t stride) {
  int lanes = 1;
  while (lanes < WARP && lanes < stride) lanes *= 2;
  return lanes;
}

}  // namespace

int64_t packBlocks(int64_t sites, int64_t units) { return divideUp(sites * lanesOf(divideUp(units, 8)), THREADS); }

void packOnDevice(cudaStream_t stream, const float* pre, int64_t sites, int64_t units, float threshold, uint8_t* codes,
                  float* margins, double* sums) {
  launch(stream, packKernel, packBlocks(sites, units), pre, sites, units, threshold, lanesOf(divideUp(units, 8)), codes,
         margins, sums);
}

}  // namespace atlas

extern "C" int atlas_cuda_pack(const float* pre, int64_t sites, int64_t units, float threshold, uint8_t* codes,
                               float* margins, double* sum) {
  using namespace atlas;
  return guarded([&] {
    const LaneLease lane(Priority::high);
    const int64_t stride = divideUp(units, 8);
    const int64_t step = chunkRows(units * 4 + stride + 4);
    const int64_t stepBlocks = packBlocks(step, units);
    Buffer<double> sums(divideUp(sites, step) * stepBlocks, lane->stream());
    sums.fill(0);
    wait(lane->stream());
    mapRows(*lane, {pre, units * 4, sites}, {codes, stride}, {margins, 4}, [&](const RowChunk& chunk) {
      packOnDevice(chunk.stream, static_cast<const float*>(chunk.in), chunk.rows, units, threshold,
                   static_cast<uint8_t*>(chunk.first), static_cast<float*>(chunk.second),
                   sums.get() + chunk.from / step * stepBlocks);
    });
    std::vector<double> parts(static_cast<size_t>(sums.size()));
    sums.download(parts.data(), sums.size());
    wait(lane->stream());
    *sum = 0;
    for (const double part : parts) *sum += part;
  });
}
