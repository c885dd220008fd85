#include <algorithm>

#include "atlas_cuda.h"
#include "buffer.cuh"
#include "core/bitPlanes.cuh"
#include "device.cuh"

namespace atlas {
namespace {

/** Picked rows of one run that a block counts: as many a warp as the planes take. */
constexpr int64_t PICKS = WARPS * PLANE_WORDS;

struct PickRange {
  int64_t run;
  int64_t from, to;
};

/** The words of picked rows. */
struct PickedRows {
  Rows rows;
  const int32_t* picks;
  __device__ uint32_t word(int64_t pick, int at) const { return rows.words[int64_t{picks[pick]} * rows.width + at]; }
};

/** Where two aligned picks of rows differ. */
struct FlippedRows {
  PickedRows a, b;
  __device__ uint32_t word(int64_t pick, int at) const { return a.word(pick, at) ^ b.word(pick, at); }
};

/** A block takes one range and 32 words next to each other; a warp takes every eighth row, a lane a word. */
template <class Source>
__global__ void countColumnsKernel(Source source, int width, int64_t bits, const PickRange* ranges, uint32_t* counts) {
  const int64_t groups = divideUp(width, WARP);
  const PickRange range = ranges[blockIdx.x / groups];
  const int word = static_cast<int>(blockIdx.x % groups * WARP + threadIdx.x % WARP);
  if (word >= width) return;
  BitPlanes planes;
  for (int64_t pick = range.from + threadIdx.x / WARP; pick < range.to; pick += WARPS) {
    planes.add(source.word(pick, word));
  }
  for (int bit = 0; bit < 32 && word * int64_t{32} + bit < bits; bit++) {
    const uint32_t count = planes.count(bit);
    if (count != 0) atomicAdd(counts + range.run * bits + word * int64_t{32} + bit, count);
  }
}

/** Cuts a run into ranges of at most PICKS. */
void addRanges(std::vector<PickRange>& ranges, int64_t run, int64_t from, int64_t to) {
  for (; from < to; from += PICKS) ranges.push_back({run, from, std::min(to, from + PICKS)});
}

/** Counts columns over ranges: `counts` has runs x bits. */
template <class Source>
void countColumns(cudaStream_t stream, const Source& source, int width, int64_t bits,
                  const std::vector<PickRange>& ranges, int64_t runs, uint32_t* counts) {
  Buffer<uint32_t> found(runs * bits, stream);
  found.fill(0);
  const Buffer<PickRange> onDevice = uploaded(ranges, stream);
  launch(stream, countColumnsKernel<Source>, onDevice.size() * divideUp(width, WARP), source, width, bits,
         onDevice.get(), found.get());
  found.download(counts, runs * bits);
  wait(stream);
}

}  // namespace
}  // namespace atlas

extern "C" int atlas_cuda_count_bits(uint64_t id, const uint32_t* words, int64_t rows, int64_t width, int64_t bits,
                                     const int32_t* picks, int64_t picked, const int32_t* starts, int64_t runs,
                                     uint32_t* counts) {
  using namespace atlas;
  return guarded([&] {
    const LaneLease lane(Priority::high);
    const HeldRows held = hold({id, words, rows, width}, lane->stream());
    const Buffer<int32_t> onDevice = uploaded(picks, picked, lane->stream());
    std::vector<PickRange> ranges;
    for (int64_t run = 0; run < runs; run++) addRanges(ranges, run, starts[run], starts[run + 1]);
    countColumns(lane->stream(), PickedRows{held, onDevice.get()}, held.width, bits, ranges, runs, counts);
  });
}

extern "C" int atlas_cuda_count_flips(uint64_t aId, const uint32_t* aWords, int64_t aRows, const int32_t* aPicks,
                                      uint64_t bId, const uint32_t* bWords, int64_t bRows, const int32_t* bPicks,
                                      int64_t width, int64_t bits, int64_t picked, uint32_t* counts) {
  using namespace atlas;
  return guarded([&] {
    const LaneLease lane(Priority::high);
    const HeldRows a = hold({aId, aWords, aRows, width}, lane->stream());
    const HeldRows b = hold({bId, bWords, bRows, width}, lane->stream());
    const Buffer<int32_t> picksA = uploaded(aPicks, picked, lane->stream());
    const Buffer<int32_t> picksB = uploaded(bPicks, picked, lane->stream());
    std::vector<PickRange> ranges;
    addRanges(ranges, 0, 0, picked);
    const FlippedRows source{{a, picksA.get()}, {b, picksB.get()}};
    countColumns(lane->stream(), source, a.width, bits, ranges, 1, counts);
  });
}
