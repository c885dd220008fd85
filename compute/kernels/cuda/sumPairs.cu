#include <algorithm>

#include "atlas_cuda.h"
#include "device.cuh"
#include "reduce.cuh"
#include "sideLevels.cuh"

namespace atlas {
namespace {

/** Cells of a batch at most. */
constexpr int64_t BATCH_CELLS = 4096;

/** What is found out of one cell, for one of its sites. */
struct CellSums {
  double rankProducts, distanceProducts;
  double rowA, rowB;
  /** Shares of common neighbours, at [k - 1] for k = 1 … wanted. */
  double overlaps[MAX_OVERLAP];
};

/** The cells of two partitions: region of a, region of b, sites; all on the device. */
struct Cells {
  const int32_t *a, *b, *sites;
  int64_t count;
};

/** The cells of a batch: the first of them, and per cell which of the sides' picked regions are its. */
struct Batch {
  int64_t first;
  const int32_t *pickA, *pickB;
};

/** One side's data of a cell. */
struct CellSide {
  const int32_t* distances;
  const uint32_t* levelOf;
  const Levels* levels;
  __device__ CellSide(const Side& side, int64_t pick)
      : distances(side.distances + pick * side.regions),
        levelOf(side.levelOf + pick * (side.bits + 1)),
        levels(side.levels + pick) {}
};

/** Makes N of the sites by level: sums along both axes. Both are shifted by one, so that row and column 0 are zero. */
__device__ void sumJoint(JointCounts& joint, int lengthA, int lengthB) {
  const int line = static_cast<int>(threadIdx.x) + 1;
  __syncthreads();
  if (line <= lengthA) {
    for (int j = 1; j <= lengthB; j++) joint[line * JOINT_STRIDE + j] += joint[line * JOINT_STRIDE + j - 1];
  }
  __syncthreads();
  if (line <= lengthB) {
    for (int i = 1; i <= lengthA; i++) joint[i * JOINT_STRIDE + line] += joint[(i - 1) * JOINT_STRIDE + line];
  }
  __syncthreads();
}

/** One cell against all. A block takes a cell. */
__global__ void sumCellKernel(Cells cells, Batch batch, Side sideA, Side sideB, const double* ranksA,
                              const double* ranksB, uint32_t wanted, CellSums* sums) {
  __shared__ JointCounts joint;
  for (int i = static_cast<int>(threadIdx.x); i < JOINT_STRIDE * JOINT_STRIDE; i += THREADS) joint[i] = 0;
  __syncthreads();
  const int64_t own = batch.first + blockIdx.x;
  const CellSide a(sideA, batch.pickA[blockIdx.x]);
  const CellSide b(sideB, batch.pickB[blockIdx.x]);
  const int reachA = a.levels->reach;
  const int reachB = b.levels->reach;
  double rankProducts = 0;
  double distanceProducts = 0;
  for (int64_t cell = threadIdx.x; cell < cells.count; cell += THREADS) {
    // The cell itself stands for its other sites, at distance 0 on both sides.
    const int32_t sites = cells.sites[cell] - (cell == own);
    if (sites == 0) continue;
    const int32_t distanceA = a.distances[cells.a[cell]];
    const int32_t distanceB = b.distances[cells.b[cell]];
    rankProducts += sites * ranksA[distanceA] * ranksB[distanceB];
    distanceProducts += static_cast<double>(sites) * distanceA * distanceB;
    if (distanceA <= reachA && distanceB <= reachB) {
      atomicAdd(joint + (a.levelOf[distanceA] + 1) * JOINT_STRIDE + b.levelOf[distanceB] + 1,
                static_cast<uint32_t>(sites));
    }
  }
  rankProducts = reduceBlock<Sum>(rankProducts);
  distanceProducts = reduceBlock<Sum>(distanceProducts);
  sumJoint(joint, a.levels->length, b.levels->length);
  CellSums& out = sums[blockIdx.x];
  if (threadIdx.x < wanted) {
    const uint32_t k = threadIdx.x + 1;
    out.overlaps[threadIdx.x] = commonNeighbours(*a.levels, *b.levels, joint, k) / k;
  }
  if (threadIdx.x > 0) return;
  out.rankProducts = rankProducts;
  out.distanceProducts = distanceProducts;
  out.rowA = a.levels->sum;
  out.rowB = b.levels->sum;
}

/** Cells of a batch, cut into the picked regions of a side and, per cell, which of them is its. */
struct Picks {
  std::vector<int32_t> regions, ofCell;
};

/** @param cells region of each cell */
Picks pickRegions(const int32_t* cells, int64_t count) {
  Picks picks;
  picks.regions.assign(cells, cells + count);
  std::sort(picks.regions.begin(), picks.regions.end());
  picks.regions.erase(std::unique(picks.regions.begin(), picks.regions.end()), picks.regions.end());
  for (int64_t cell = 0; cell < count; cell++) {
    const auto found = std::lower_bound(picks.regions.begin(), picks.regions.end(), cells[cell]);
    picks.ofCell.push_back(static_cast<int32_t>(found - picks.regions.begin()));
  }
  return picks;
}

/** One side of a pass: on the host, and on the device. */
struct SideInput {
  HostRows rows;
  int64_t bits;
  /** Region of each cell, sites of each region, centred rank of each distance. */
  const int32_t* cells;
  const int32_t* sizes;
  const double* ranks;
};

struct DeviceSide {
  const SideInput& host;
  HeldRows rows;
  Buffer<int32_t> cells, sizes;
  Buffer<double> ranks;

  DeviceSide(const SideInput& input, int64_t cellCount, cudaStream_t stream)
      : host(input),
        rows(hold(input.rows, stream)),
        cells(uploaded(input.cells, cellCount, stream)),
        sizes(uploaded(input.sizes, input.rows.rows, stream)),
        ranks(uploaded(input.ranks, input.bits + 1, stream)) {}

  Side side(const SideBuffers& measured) const {
    return {measured.distances.get(), rows.rows, measured.levelOf.get(), host.bits, measured.levels.get()};
  }
};

/** What an entry of the C interface is asked for. */
struct PairRequest {
  const int32_t* sites;
  int64_t cells, siteCount;
  SideInput a, b;
  int64_t from, to;
};

/** Adds a cell's sums for all its sites, in the order of atlas_cuda_sum_pairs. */
void addCell(double* sums, const CellSums& cell, double sites, int wanted) {
  const double of[] = {cell.rankProducts,     cell.distanceProducts, cell.rowA, cell.rowB,
                       cell.rowA * cell.rowA, cell.rowB * cell.rowB, cell.rowA * cell.rowB};
  for (const double value : of) *sums++ += sites * value;
  for (int k = 0; k < MAX_OVERLAP; k++) sums[k] += k < wanted ? sites * cell.overlaps[k] : sites;
}

/** The sums of `count` cells from `first` on. */
std::vector<CellSums> sumBatch(cudaStream_t stream, const Cells& cells, int64_t first, int64_t count,
                               const DeviceSide& a, const DeviceSide& b, int wanted) {
  const Picks picksA = pickRegions(a.host.cells + first, count);
  const Picks picksB = pickRegions(b.host.cells + first, count);
  const SideBuffers measuredA = measureSide(stream, a.rows, a.host.bits, a.sizes.get(), picksA.regions, wanted);
  const SideBuffers measuredB = measureSide(stream, b.rows, b.host.bits, b.sizes.get(), picksB.regions, wanted);
  const Buffer<int32_t> ofCellA = uploaded(picksA.ofCell, stream);
  const Buffer<int32_t> ofCellB = uploaded(picksB.ofCell, stream);
  const Buffer<CellSums> sums(count, stream);
  launch(stream, sumCellKernel, count, cells, Batch{first, ofCellA.get(), ofCellB.get()}, a.side(measuredA),
         b.side(measuredB), a.ranks.get(), b.ranks.get(), static_cast<uint32_t>(wanted), sums.get());
  std::vector<CellSums> found(static_cast<size_t>(count));
  sums.download(found.data(), count);
  wait(stream);
  return found;
}

void sumAll(const PairRequest& request, double* sums) {
  const LaneLease lane(Priority::low);
  const DeviceSide a(request.a, request.cells, lane->stream());
  const DeviceSide b(request.b, request.cells, lane->stream());
  const Buffer<int32_t> sites = uploaded(request.sites, request.cells, lane->stream());
  const Cells cells{a.cells.get(), b.cells.get(), sites.get(), request.cells};
  const int wanted = static_cast<int>(std::clamp<int64_t>(request.siteCount - 1, 0, MAX_OVERLAP));
  const int64_t cellBytes = sideBytes(a.rows.rows, request.a.bits) + sideBytes(b.rows.rows, request.b.bits);
  const int64_t step = std::clamp<int64_t>(device().scratchBytes / cellBytes, 1, BATCH_CELLS);
  std::fill(sums, sums + 7 + MAX_OVERLAP, 0.0);
  for (int64_t first = request.from; first < request.to; first += step) {
    const int64_t count = std::min(step, request.to - first);
    const std::vector<CellSums> found = sumBatch(lane->stream(), cells, first, count, a, b, wanted);
    for (int64_t i = 0; i < count; i++) addCell(sums, found[static_cast<size_t>(i)], request.sites[first + i], wanted);
  }
}

}  // namespace
}  // namespace atlas

extern "C" int atlas_cuda_sum_pairs(const int32_t* cellsA, const int32_t* cellsB, const int32_t* sites, int64_t cells,
                                    int64_t siteCount, uint64_t aId, const uint32_t* aWords, int64_t aRows,
                                    int64_t aWidth, int64_t aBits, const int32_t* aSizes, const double* aRanks,
                                    uint64_t bId, const uint32_t* bWords, int64_t bRows, int64_t bWidth, int64_t bBits,
                                    const int32_t* bSizes, const double* bRanks, int64_t from, int64_t to,
                                    double* sums) {
  return atlas::guarded([&] {
    atlas::sumAll({sites,
                   cells,
                   siteCount,
                   {{aId, aWords, aRows, aWidth}, aBits, cellsA, aSizes, aRanks},
                   {{bId, bWords, bRows, bWidth}, bBits, cellsB, bSizes, bRanks},
                   from,
                   to},
                  sums);
  });
}
