// Ones in the joined words of all pairs of two tiles of rows: the inner loop of everything that looks at all pairs.
#pragma once

#include "core/bits.cuh"
#include "rowCache.cuh"

namespace atlas {

/** Rows of a tile on each side. */
constexpr int TILE = 64;
/** Words of the tile's rows that are in shared memory at once. */
constexpr int TILE_WORDS = 32;
/** Words from one row to the next there: eight rows' parts of 16 bytes lie in different banks. */
constexpr int TILE_STRIDE = TILE_WORDS + 4;
/** Threads along each side, and rows of each side that a thread takes, SIDE apart. */
constexpr int SIDE = 16;
constexpr int PER_THREAD = TILE / SIDE;
static_assert(SIDE * SIDE == THREADS);

struct TileMemory {
  alignas(16) uint32_t a[TILE * TILE_STRIDE];
  alignas(16) uint32_t b[TILE * TILE_STRIDE];
};

/** Counts of a thread's pairs. */
using PairCounts = int[PER_THREAD][PER_THREAD];

/** Row of a, counted in the tile, of the pairs counts[i][...] of this thread; row of b of counts[...][j]. */
__device__ inline int pairA(int i) { return static_cast<int>(threadIdx.x) / SIDE + SIDE * i; }
__device__ inline int pairB(int j) { return static_cast<int>(threadIdx.x) % SIDE + SIDE * j; }

/** Copies `words` words from word `at` on of the tile's rows; past the last row, zeros. */
__device__ inline void loadTile(const Rows& rows, int64_t first, int at, int words, uint32_t* to) {
  constexpr int PARTS = TILE_WORDS / 4;
  for (int part = static_cast<int>(threadIdx.x); part < TILE * PARTS; part += THREADS) {
    const int64_t row = first + part / PARTS;
    const int word = part % PARTS * 4;
    uint4 value{0, 0, 0, 0};
    if (row < rows.rows && word < words) {
      value = *reinterpret_cast<const uint4*>(rows.words + row * rows.width + at + word);
    }
    *reinterpret_cast<uint4*>(to + part / PARTS * TILE_STRIDE + word) = value;
  }
}

/** Adds eight words of each of the thread's pairs. */
template <class Join>
__device__ void addBlock(const TileMemory& memory, int at, PairCounts& counts) {
  uint32_t a[PER_THREAD][BLOCK_WORDS];
  ATLAS_UNROLL
  for (int i = 0; i < PER_THREAD; i++) loadBlock(memory.a + pairA(i) * TILE_STRIDE + at, a[i]);
  ATLAS_UNROLL
  for (int j = 0; j < PER_THREAD; j++) {
    uint32_t b[BLOCK_WORDS];
    loadBlock(memory.b + pairB(j) * TILE_STRIDE + at, b);
    ATLAS_UNROLL
    for (int i = 0; i < PER_THREAD; i++) {
      uint32_t joined[BLOCK_WORDS];
      ATLAS_UNROLL
      for (int word = 0; word < BLOCK_WORDS; word++) joined[word] = Join::join(a[i][word], b[word]);
      counts[i][j] += popcount8(joined);
    }
  }
}

/**
 * Counts the pairs of the rows firstA … of a and firstB … of b. All threads of the block call; `memory` is free again
 * after the next __syncthreads.
 */
template <class Join>
__device__ void countTile(const Rows& a, int64_t firstA, const Rows& b, int64_t firstB, TileMemory& memory,
                          PairCounts& counts) {
  ATLAS_UNROLL
  for (int i = 0; i < PER_THREAD; i++) {
    ATLAS_UNROLL
    for (int j = 0; j < PER_THREAD; j++) counts[i][j] = 0;
  }
  for (int from = 0; from < a.width; from += TILE_WORDS) {
    const int words = a.width - from < TILE_WORDS ? a.width - from : TILE_WORDS;
    __syncthreads();
    loadTile(a, firstA, from, words, memory.a);
    loadTile(b, firstB, from, words, memory.b);
    __syncthreads();
    for (int at = 0; at < words; at += BLOCK_WORDS) addBlock<Join>(memory, at, counts);
  }
}

}  // namespace atlas
