#include <algorithm>
#include <memory>

#include "atlas_cuda.h"
#include "buffer.cuh"
#include "device.cuh"
#include "pairMatrix.cuh"
#include "reduce.cuh"

namespace atlas {
namespace {

/** Base rows of a query that a block looks at. */
constexpr int64_t SEGMENT = 16 * THREADS;

/** Distances of some queries to all base rows, and which of them count. */
struct Distances {
  const int32_t* values;
  int64_t base;
  int32_t most;
  /** Base row that is the first query itself; that of the others follows. Less than -queries for none. */
  int64_t self;

  __device__ bool isNear(int64_t query, int64_t index) const {
    return index < base && values[query * base + index] <= most && index != self + query;
  }
};

/** Counts the near rows of each segment. */
__global__ void countNearKernel(Distances distances, int64_t segments, uint32_t* counts) {
  const int64_t query = blockIdx.x / segments;
  const int64_t from = blockIdx.x % segments * SEGMENT;
  uint32_t count = 0;
  for (int64_t index = from + threadIdx.x; index < from + SEGMENT; index += THREADS) {
    count += distances.isNear(query, index);
  }
  count = reduceBlock<Sum>(count);
  if (threadIdx.x == 0) counts[blockIdx.x] = count;
}

/** Writes the near rows of each segment in order. */
__global__ void writeNearKernel(Distances distances, int64_t segments, const int64_t* starts, int32_t* nearIndices,
                                int32_t* nearDistances) {
  const int64_t query = blockIdx.x / segments;
  const int64_t from = blockIdx.x % segments * SEGMENT;
  int64_t at = starts[blockIdx.x];
  for (int64_t index = from + threadIdx.x; index < from + SEGMENT; index += THREADS) {
    const bool near = distances.isNear(query, index);
    uint32_t all;
    const int64_t place = at + sumBefore(near, all);
    at += all;
    if (!near) continue;
    nearIndices[place] = static_cast<int32_t>(index);
    nearDistances[place] = distances.values[query * distances.base + index];
  }
}

/** What was found, until the caller has made room for it. */
struct NearRows {
  std::vector<int32_t> indices, distances;
};

/** What an entry of the C interface is asked for. */
struct WithinRequest {
  HostRows queries, base;
  int64_t from, to;
  int32_t maxDistance;
  bool self;
};

/** Starts of the segments' entries, and, at every `segments`-th, those of the queries. */
std::vector<int64_t> startsOf(const Buffer<uint32_t>& counts, cudaStream_t stream) {
  std::vector<uint32_t> found(static_cast<size_t>(counts.size()));
  counts.download(found.data(), counts.size());
  wait(stream);
  std::vector<int64_t> starts{0};
  for (const uint32_t count : found) starts.push_back(starts.back() + count);
  return starts;
}

/** Finds the rows near some queries. Appends them to `near`, and writes where those of each query end. */
void findSome(cudaStream_t stream, const Distances& distances, int64_t queries, NearRows& near, int32_t* ends) {
  const int64_t segments = divideUp(distances.base, SEGMENT);
  const Buffer<uint32_t> counts(queries * segments, stream);
  launch(stream, countNearKernel, queries * segments, distances, segments, counts.get());
  const std::vector<int64_t> starts = startsOf(counts, stream);
  const int64_t before = static_cast<int64_t>(near.indices.size());
  const int64_t end = before + starts.back();
  if (end > INT32_MAX) throw std::runtime_error("More than 2^31 - 1 near rows; search with fewer queries at once");
  for (int64_t query = 0; query < queries; query++) {
    ends[query] = static_cast<int32_t>(before + starts[static_cast<size_t>((query + 1) * segments)]);
  }
  const Buffer<int64_t> places = uploaded(starts, stream);
  const Buffer<int32_t> foundIndices(starts.back(), stream), foundDistances(starts.back(), stream);
  launch(stream, writeNearKernel, queries * segments, distances, segments, places.get(), foundIndices.get(),
         foundDistances.get());
  near.indices.resize(static_cast<size_t>(end));
  near.distances.resize(static_cast<size_t>(end));
  foundIndices.download(near.indices.data() + before, starts.back());
  foundDistances.download(near.distances.data() + before, starts.back());
  wait(stream);
}

void findAll(const WithinRequest& request, NearRows& near, int32_t* starts) {
  const LaneLease lane(priorityOf(request.to - request.from, request.base.rows, request.base.width));
  const HeldRows queries = hold(request.queries, lane->stream());
  const HeldRows base = hold(request.base, lane->stream());
  const int64_t step = matrixRows(request.to - request.from, base.rows);
  const Buffer<int32_t> matrix(step * base.rows, lane->stream());
  starts[0] = 0;
  for (int64_t from = request.from; from < request.to; from += step) {
    const int64_t count = std::min(step, request.to - from);
    distanceMatrix(lane->stream(), queries, from, count, base, matrix.get());
    const Distances distances{matrix.get(), base.rows, request.maxDistance, request.self ? from : INT64_MIN / 2};
    findSome(lane->stream(), distances, count, near, starts + 1 + (from - request.from));
  }
}

}  // namespace
}  // namespace atlas

extern "C" int atlas_cuda_within(uint64_t queryId, const uint32_t* queryWords, int64_t queryRows, uint64_t baseId,
                                 const uint32_t* baseWords, int64_t baseRows, int64_t width, int64_t from, int64_t to,
                                 int32_t maxDistance, int self, int32_t* starts, uint64_t* result) {
  return atlas::guarded([&] {
    auto near = std::make_unique<atlas::NearRows>();
    atlas::findAll({{queryId, queryWords, queryRows, width}, {baseId, baseWords, baseRows, width}, from, to,
                    maxDistance, self != 0},
                   *near, starts);
    *result = reinterpret_cast<uint64_t>(near.release());
  });
}

extern "C" int atlas_cuda_within_take(uint64_t result, int32_t* indices, int32_t* distances) {
  return atlas::guarded([&] {
    const std::unique_ptr<atlas::NearRows> near(reinterpret_cast<atlas::NearRows*>(result));
    std::copy(near->indices.begin(), near->indices.end(), indices);
    std::copy(near->distances.begin(), near->distances.end(), distances);
  });
}
