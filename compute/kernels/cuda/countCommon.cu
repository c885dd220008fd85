#include <algorithm>

#include "atlas_cuda.h"
#include "buffer.cuh"
#include "device.cuh"
#include "pairMatrix.cuh"

extern "C" int atlas_cuda_count_common(uint64_t aId, const uint32_t* aWords, int64_t aRows, uint64_t bId,
                                       const uint32_t* bWords, int64_t bRows, int64_t width, int32_t* counts) {
  using namespace atlas;
  return guarded([&] {
    const LaneLease lane(priorityOf(aRows, bRows, width));
    const HeldRows a = hold({aId, aWords, aRows, width}, lane->stream());
    const HeldRows b = hold({bId, bWords, bRows, width}, lane->stream());
    const int64_t step = matrixRows(aRows, bRows);
    const Buffer<int32_t> part(step * bRows, lane->stream());
    for (int64_t from = 0; from < aRows; from += step) {
      const int64_t rows = std::min(step, aRows - from);
      commonMatrix(lane->stream(), a, from, rows, b, part.get());
      part.download(counts + from * bRows, rows * bRows);
    }
    wait(lane->stream());
  });
}
