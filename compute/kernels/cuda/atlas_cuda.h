/*
 * The C interface of the CUDA kernels: plain pointers and whole numbers, so that any language can call it.
 *
 * A call runs to its end on the calling thread and returns 0, or the code of a failure: CUDA's own code, or -1.
 * atlas_cuda_error then tells what happened, a sentence for people. No call ends the process. All calls may come from
 * several threads at once; a table or tree is used by one thread at a time.
 *
 * Layout. A code's bit i is bit i % 8 of byte i / 8. *Words* are 32 bits, little-endian. Pointers are to host memory:
 * the library copies what it needs. Arrays have no gaps: rows x width words, say, row after row.
 *
 * "Rows" in the calls below are packed codes that stay on the device between calls, and are four arguments:
 *   id     unlike that of all other rows: the copy on the device is found by it, so the words must never change
 *   words  rows x width, zeros after a row's last bit
 *   rows   number of rows
 *   width  words a row, a multiple of 8; two sides of one call have the same width unless each has its own
 *
 * What the calls compute is told in ../contract.ts; a call's comment here tells what differs.
 */
#ifndef ATLAS_CUDA_H
#define ATLAS_CUDA_H

#include <stdint.h>

#define ATLAS_CUDA_API __attribute__((visibility("default")))

#ifdef __cplusplus
extern "C" {
#endif

/* Opens the GPU and writes its name, at most `bytes` with the final zero. Other calls open it by themselves. */
ATLAS_CUDA_API int atlas_cuda_open(char* name, int64_t bytes);

/* What made the last failing call of this thread fail. */
ATLAS_CUDA_API const char* atlas_cuda_error(void);

/* sites x units -> codes (sites x ceil(units / 8) bytes), margins (sites), and the sum of the distances. */
ATLAS_CUDA_API int atlas_cuda_pack(const float* pre, int64_t sites, int64_t units, float threshold, uint8_t* codes,
                                   float* margins, double* sum);

/* rows x ceil(stride / 4) words -> rows x 4 words. */
ATLAS_CUDA_API int atlas_cuda_hash128(const uint32_t* words, int64_t stride, int64_t rows, uint32_t seed,
                                      uint32_t* hashes);

/* rows x width words, any width -> one count a row. */
ATLAS_CUDA_API int atlas_cuda_popcounts(const uint32_t* words, int64_t width, int64_t rows, uint32_t* counts);

/* Adds to the width words of `differing` every bit in which a row, of any width, is not `reference`. */
ATLAS_CUDA_API int atlas_cuda_mark_differences(const uint32_t* words, int64_t width, int64_t rows,
                                               const uint32_t* reference, uint32_t* differing);

/* An empty table of rows of `stride` bytes; it lives on the device until it is freed. */
ATLAS_CUDA_API int atlas_cuda_group_table(int64_t stride, uint32_t seed, uint64_t* table);
/* Writes the group of each row, the first row with the hash of a different one or -1, and the number of groups. */
ATLAS_CUDA_API int atlas_cuda_group_insert(uint64_t table, const uint32_t* words, int64_t rows, int32_t* groups,
                                           int64_t* collision, int64_t* size);
/* Groups x ceil(stride / 4) words, groups x 4 words, one count a group; NULL for what is not wanted. */
ATLAS_CUDA_API int atlas_cuda_group_download(uint64_t table, uint32_t* words, uint32_t* hashes, uint32_t* counts);
ATLAS_CUDA_API int atlas_cuda_group_free(uint64_t table);

/* k from 1 to the number of base rows; queries x k entries. */
ATLAS_CUDA_API int atlas_cuda_nearest(uint64_t queryId, const uint32_t* queryWords, int64_t queryRows,
                                      uint64_t baseId, const uint32_t* baseWords, int64_t baseRows, int64_t width,
                                      int64_t from, int64_t to, int32_t k, int32_t maxDistance, int self,
                                      int32_t* counts, int32_t* indices, int32_t* distances);

/* Writes the starts, and keeps the starts[to - from] near rows in `result` until they are taken. */
ATLAS_CUDA_API int atlas_cuda_within(uint64_t queryId, const uint32_t* queryWords, int64_t queryRows, uint64_t baseId,
                                     const uint32_t* baseWords, int64_t baseRows, int64_t width, int64_t from,
                                     int64_t to, int32_t maxDistance, int self, int32_t* starts, uint64_t* result);
/* Hands over what was found, and forgets it. */
ATLAS_CUDA_API int atlas_cuda_within_take(uint64_t result, int32_t* indices, int32_t* distances);

/* bits + 1 counts. */
ATLAS_CUDA_API int atlas_cuda_count_distances(uint64_t id, const uint32_t* words, int64_t rows, int64_t width,
                                              int64_t bits, const int32_t* sizes, int64_t from, int64_t to,
                                              double* counts);

/*
 * 57 sums: products of ranks, products of distances, R_a, R_b, R_a R_a, R_b R_b, R_a R_b, and the overlaps for
 * k = 1 ... 50. A cell has a region of a, one of b, and sites; a side has rows, sites of each row, and bits + 1 ranks.
 */
ATLAS_CUDA_API int atlas_cuda_sum_pairs(const int32_t* cellsA, const int32_t* cellsB, const int32_t* sites,
                                        int64_t cells, int64_t siteCount, uint64_t aId, const uint32_t* aWords,
                                        int64_t aRows, int64_t aWidth, int64_t aBits, const int32_t* aSizes,
                                        const double* aRanks, uint64_t bId, const uint32_t* bWords, int64_t bRows,
                                        int64_t bWidth, int64_t bBits, const int32_t* bSizes, const double* bRanks,
                                        int64_t from, int64_t to, double* sums);

/* A tree of one row; it lives on the device until it is freed. `core` has one distance a row. */
ATLAS_CUDA_API int atlas_cuda_tree(uint64_t id, const uint32_t* words, int64_t rows, int64_t width,
                                   const int32_t* core, uint64_t* tree);
/* Adds edges, as many as are left at most; writes how many there are. */
ATLAS_CUDA_API int atlas_cuda_tree_grow(uint64_t tree, int64_t edges, int64_t* size);
/* The edges so far. */
ATLAS_CUDA_API int atlas_cuda_tree_download(uint64_t tree, int32_t* from, int32_t* to, int32_t* distances);
ATLAS_CUDA_API int atlas_cuda_tree_free(uint64_t tree);

/* runs + 1 starts in the picked rows -> runs x bits counts. */
ATLAS_CUDA_API int atlas_cuda_count_bits(uint64_t id, const uint32_t* words, int64_t rows, int64_t width, int64_t bits,
                                         const int32_t* picks, int64_t picked, const int32_t* starts, int64_t runs,
                                         uint32_t* counts);

/* `picked` rows of each side -> one count a bit. */
ATLAS_CUDA_API int atlas_cuda_count_flips(uint64_t aId, const uint32_t* aWords, int64_t aRows, const int32_t* aPicks,
                                          uint64_t bId, const uint32_t* bWords, int64_t bRows, const int32_t* bPicks,
                                          int64_t width, int64_t bits, int64_t picked, uint32_t* counts);

/* a rows x b rows counts. */
ATLAS_CUDA_API int atlas_cuda_count_common(uint64_t aId, const uint32_t* aWords, int64_t aRows, uint64_t bId,
                                           const uint32_t* bWords, int64_t bRows, int64_t width, int32_t* counts);

#ifdef __cplusplus
}
#endif

#endif
