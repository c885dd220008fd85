// Steps of the grouping of a batch of rows, on the device.
#pragma once

#include "runtime.cuh"

namespace atlas {

/** A slot of the table that holds nothing. */
constexpr uint32_t EMPTY_SLOT = 0xffffffffu;

/** Rows with their hashes: rows x width and rows x 4 words. */
struct HashedRows {
  uint32_t* words;
  uint32_t* hashes;
};

/** The distinct rows so far, `size` of them, and their open-addressing table with linear probing. */
struct Groups : HashedRows {
  uint32_t* counts;
  int64_t size;
  /** Words a row. */
  int64_t width;
  /**
   * Each holds the number of a group, or, while a batch is grouped, `size` plus the number of a row of the batch: the
   * lower number came first.
   */
  uint32_t* slots;
  /** Number of slots - 1, the number a power of two. */
  uint32_t mask;
};

/** A batch of rows, and what is found out of them, an entry a row. */
struct GroupBatch : HashedRows {
  int64_t rows;
  /** The slot of the row's hash. */
  uint32_t* slotOf;
  /** What came first with that hash, as the slots tell it. */
  uint32_t* firsts;
  /** 1 for the first row of a new group; once scanned, the number of such rows before this one. */
  uint32_t* fresh;
  /** The lowest row whose hash is that of a different one; it stays as it was where there is none. */
  uint32_t* collision;
};

/** Enters the groups into empty slots by their hashes, which are all different. */
void enterGroups(cudaStream_t stream, const Groups& groups);

/** Fills slotOf, firsts, fresh and collision; every comparison is of bits in the end. */
void findFirsts(cudaStream_t stream, const Groups& groups, const GroupBatch& batch);

/** After `fresh` was scanned: appends the new groups, counts, and writes the group of each row. */
void assignGroups(cudaStream_t stream, const Groups& groups, const GroupBatch& batch, uint32_t* groupOf);

}  // namespace atlas
