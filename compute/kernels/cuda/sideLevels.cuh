// What a pass over pairs of sites needs to know of one side's regions.
#pragma once

#include "buffer.cuh"
#include "core/levels.cuh"
#include "rowCache.cuh"

namespace atlas {

/** Some regions of a side on the device. */
struct Side {
  /** Per picked region: its distances to all `regions`. */
  const int32_t* distances;
  int64_t regions;
  /** Per picked region: the level of each distance 0 … bits up to its reach that occurs. */
  const uint32_t* levelOf;
  int64_t bits;
  const Levels* levels;
};

/** The memory of a Side. */
struct SideBuffers {
  Buffer<int32_t> distances;
  Buffer<uint32_t> levelOf;
  Buffer<Levels> levels;
};

/** Bytes of a Side, a picked region. */
inline int64_t sideBytes(int64_t regions, int64_t bits) {
  return (regions + bits + 1) * 4 + static_cast<int64_t>(sizeof(Levels));
}

/**
 * Measures the picked regions against all.
 *
 * @param sizes sites of each region, on the device
 * @param wanted neighbours to find, at most MAX_OVERLAP and at most the number of other sites
 */
SideBuffers measureSide(cudaStream_t stream, const Rows& rows, int64_t bits, const int32_t* sizes,
                        const std::vector<int32_t>& picks, int wanted);

}  // namespace atlas
