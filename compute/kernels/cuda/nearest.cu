#include <algorithm>

#include "atlas_cuda.h"
#include "buffer.cuh"
#include "core/splits.cuh"
#include "device.cuh"
#include "sort.cuh"
#include "tile.cuh"

namespace atlas {
namespace {

/** Base rows that are worth a block of their own. */
constexpr int64_t PART_ROWS = 2048;
/** Candidates that a warp can sort in shared memory. */
constexpr int SHARED_KEYS = 256;

/**
 * A search. A block scans one part of the base for one tile of queries. Each of its queries has a list of
 * candidates, nearer than its limit: when a list may overflow, it is sorted and cut to the k nearest, the last of
 * which lowers the limit for all parts.
 */
struct Search {
  Rows queries, base;
  /** The queries are `from` … `from + count - 1`. */
  int64_t from, count;
  bool self;
  int k;
  /** Room of a list, a power of two; with more than k + TILE, or for all rows. */
  int capacity;
  int64_t parts;
  /** tiles x parts x TILE lists. */
  Key* candidates;
  /** Per query: only keys below are wanted. */
  Key* limits;
};

union NearestMemory {
  TileMemory tiles;
  Key keys[WARPS][SHARED_KEYS];
};

/** The lists of a block. */
struct Lists {
  int counts[TILE];
  Key limits[TILE];
};

__device__ Key* listOf(const Search& search, int query) {
  return search.candidates + (static_cast<int64_t>(blockIdx.x) * TILE + query) * search.capacity;
}

/** Appends this thread's pairs that are below the limits. */
__device__ void gather(const Search& search, Lists& lists, int64_t tile, int64_t first, int64_t end,
                       const PairCounts& distances) {
  for (int i = 0; i < PER_THREAD; i++) {
    const int query = pairA(i);
    const Key limit = lists.limits[query];
    const int64_t self = search.self ? search.from + tile * TILE + query : -1;
    for (int j = 0; j < PER_THREAD; j++) {
      const int64_t index = first + pairB(j);
      const Key key = keyOf(distances[i][j], index);
      if (key >= limit || index >= end || index == self) continue;
      listOf(search, query)[atomicAdd(lists.counts + query, 1)] = key;
    }
  }
}

/** Sorts a list and cuts it to the k nearest. All lanes of a warp call. */
__device__ void cut(const Search& search, Lists& lists, int64_t tile, int query, Key* shared) {
  const int lane = static_cast<int>(threadIdx.x) % WARP;
  const int count = lists.counts[query];
  int size = 1;
  while (size < count) size *= 2;
  Key* const list = listOf(search, query);
  Key* const keys = size <= SHARED_KEYS ? shared : list;
  for (int i = lane; i < size; i += WARP) keys[i] = i < count ? list[i] : NO_KEY;
  sortKeys(keys, size);
  const int kept = count < search.k ? count : search.k;
  for (int i = lane; i < kept; i += WARP) list[i] = keys[i];
  if (lane == 0) {
    lists.counts[query] = kept;
    if (kept == search.k) atomicMin(search.limits + tile * TILE + query, keys[kept - 1]);
  }
  __syncwarp();
}

/** Cuts the lists that another tile may overflow; at the end all, filled up with NO_KEY. */
__device__ void cutLists(const Search& search, Lists& lists, int64_t tile, NearestMemory& memory, bool last) {
  const int warp = static_cast<int>(threadIdx.x) / WARP;
  for (int query = warp; query < TILE; query += WARPS) {
    if (!last && lists.counts[query] <= search.capacity - TILE) continue;
    cut(search, lists, tile, query, memory.keys[warp]);
    if (!last) continue;
    const int lane = static_cast<int>(threadIdx.x) % WARP;
    for (int i = lists.counts[query] + lane; i < search.k; i += WARP) listOf(search, query)[i] = NO_KEY;
  }
}

__global__ void __launch_bounds__(THREADS, 2) nearestKernel(Search search) {
  __shared__ NearestMemory memory;
  __shared__ Lists lists;
  const int64_t tile = blockIdx.x / search.parts;
  const int64_t part = blockIdx.x % search.parts;
  const int64_t partRows = divideUp(divideUp(search.base.rows, search.parts), TILE) * TILE;
  const int64_t end = (part + 1) * partRows < search.base.rows ? (part + 1) * partRows : search.base.rows;
  const int self = static_cast<int>(threadIdx.x);
  if (self < TILE) lists.counts[self] = 0;
  for (int64_t first = part * partRows; first < end; first += TILE) {
    PairCounts distances;
    if (self < TILE) {
      // Other blocks lower it meanwhile: an older value only lets more pass.
      const int64_t query = tile * TILE + self;
      lists.limits[self] = query < search.count ? *static_cast<volatile Key*>(search.limits + query) : 0;
    }
    countTile<Differing>(search.queries, search.from + tile * TILE, search.base, first, memory.tiles, distances);
    // Even codes of no words need the limits of other threads.
    __syncthreads();
    gather(search, lists, tile, first, end, distances);
    __syncthreads();
    cutLists(search, lists, tile, memory, false);
    __syncthreads();
  }
  __syncthreads();
  cutLists(search, lists, tile, memory, true);
}

__global__ void setLimitsKernel(Key* limits, int64_t count, Key limit) {
  if (globalThread() < count) limits[globalThread()] = limit;
}

struct Neighbours {
  int32_t *counts, *indices, *distances;
};

/**
 * Merges a query's sorted lists, one a part: a candidate's place is the number of candidates below it. No two keys
 * are equal. A block takes a query.
 */
__global__ void mergeKernel(Search search, Neighbours found) {
  const int64_t query = blockIdx.x;
  const Key* lists = search.candidates + (query / TILE * search.parts * TILE + query % TILE) * search.capacity;
  const int64_t apart = int64_t{TILE} * search.capacity;
  for (int64_t i = threadIdx.x; i < search.parts * search.k; i += THREADS) {
    const int64_t own = i / search.k;
    int64_t place = i % search.k;
    const Key key = lists[own * apart + place];
    if (key == NO_KEY) continue;
    for (int64_t part = 0; part < search.parts && place < search.k; part++) {
      if (part != own) place += keysBelow(lists + part * apart, search.k, key);
    }
    if (place >= search.k) continue;
    atomicAdd(found.counts + query, 1);
    found.indices[query * search.k + place] = keyIndex(key);
    found.distances[query * search.k + place] = keyDistance(key);
  }
}

/** What an entry of the C interface is asked for; `k` is at most the number of base rows. */
struct NearestRequest {
  HostRows queries, base;
  int64_t from, to;
  int k, maxDistance;
  bool self;
};

int capacityOf(int64_t k, int64_t rows) {
  int64_t capacity = TILE;
  while (capacity < std::min(2 * k + TILE, rows)) capacity *= 2;
  return static_cast<int>(capacity);
}

/** Searches for some of the queries. */
void searchSome(cudaStream_t stream, Search search, int64_t tiles, Key limit, const Neighbours& to) {
  const int64_t found = search.count * search.k;
  const Buffer<Key> candidates(tiles * search.parts * TILE * search.capacity, stream);
  const Buffer<Key> limits(search.count, stream);
  Buffer<int32_t> counts(search.count, stream), indices(found, stream), distances(found, stream);
  counts.fill(0);
  indices.fill(0xff);
  distances.fill(0xff);
  search.candidates = candidates.get();
  search.limits = limits.get();
  launch(stream, setLimitsKernel, divideUp(search.count, THREADS), limits.get(), search.count, limit);
  launch(stream, nearestKernel, tiles * search.parts, search);
  launch(stream, mergeKernel, search.count, search, Neighbours{counts.get(), indices.get(), distances.get()});
  counts.download(to.counts, search.count);
  indices.download(to.indices, found);
  distances.download(to.distances, found);
  wait(stream);
}

void searchAll(const NearestRequest& request, const Neighbours& to) {
  const LaneLease lane(priorityOf(request.to - request.from, request.base.rows, request.base.width));
  const HeldRows queries = hold(request.queries, lane->stream());
  const HeldRows base = hold(request.base, lane->stream());
  const int capacity = capacityOf(request.k, base.rows);
  const int64_t most = std::max<int64_t>(1, device().scratchBytes / (int64_t{TILE} * capacity * static_cast<int64_t>(sizeof(Key))));
  const int64_t step = most * TILE;
  for (int64_t from = request.from; from < request.to; from += step) {
    const int64_t count = std::min(step, request.to - from);
    const int64_t tiles = divideUp(count, TILE);
    const int64_t worth = std::max<int64_t>(1, std::min(most / tiles, base.rows / PART_ROWS));
    const int64_t parts = chooseParts(tiles, residentBlocks(nearestKernel), worth);
    const int64_t done = from - request.from;
    searchSome(lane->stream(),
               {queries, base, from, count, request.self, request.k, capacity, parts, nullptr, nullptr}, tiles,
               keyOf(request.maxDistance + 1, 0),
               {to.counts + done, to.indices + done * request.k, to.distances + done * request.k});
  }
}

}  // namespace
}  // namespace atlas

extern "C" int atlas_cuda_nearest(uint64_t queryId, const uint32_t* queryWords, int64_t queryRows, uint64_t baseId,
                                  const uint32_t* baseWords, int64_t baseRows, int64_t width, int64_t from, int64_t to,
                                  int32_t k, int32_t maxDistance, int self, int32_t* counts, int32_t* indices,
                                  int32_t* distances) {
  return atlas::guarded([&] {
    atlas::searchAll({{queryId, queryWords, queryRows, width}, {baseId, baseWords, baseRows, width}, from, to, k,
                      maxDistance, self != 0},
                     {counts, indices, distances});
  });
}
