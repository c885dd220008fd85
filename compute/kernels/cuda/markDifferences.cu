#include "atlas_cuda.h"
#include "buffer.cuh"
#include "pipeline.cuh"

namespace atlas {
namespace {

/** Rows that one thread looks at. */
constexpr int64_t MARKED_ROWS = 64;

/** A thread takes one word of some rows; threads next to each other take words next to each other. */
__global__ void markKernel(const uint32_t* words, int64_t width, int64_t rows, const uint32_t* reference,
                           uint32_t* differing) {
  const int64_t from = globalThread() / width * MARKED_ROWS;
  const int64_t word = globalThread() % width;
  const int64_t to = from + MARKED_ROWS < rows ? from + MARKED_ROWS : rows;
  uint32_t bits = 0;
  for (int64_t row = from; row < to; row++) bits |= words[row * width + word] ^ reference[word];
  if (bits != 0) atomicOr(differing + word, bits);
}

}  // namespace
}  // namespace atlas

extern "C" int atlas_cuda_mark_differences(const uint32_t* words, int64_t width, int64_t rows,
                                           const uint32_t* reference, uint32_t* differing) {
  using namespace atlas;
  return guarded([&] {
    if (width == 0) return;
    const LaneLease lane(Priority::high);
    const Buffer<uint32_t> expected = uploaded(reference, width, lane->stream());
    const Buffer<uint32_t> marks = uploaded(differing, width, lane->stream());
    wait(lane->stream());
    mapRows(*lane, {words, width * 4, rows}, {nullptr, 0}, {nullptr, 0}, [&](const RowChunk& chunk) {
      launch(chunk.stream, markKernel, divideUp(divideUp(chunk.rows, MARKED_ROWS) * width, THREADS),
             static_cast<const uint32_t*>(chunk.in), width, chunk.rows, expected.get(), marks.get());
    });
    marks.download(differing, width);
    wait(lane->stream());
  });
}
