/*
 * The Hamming searches of ../contract.ts, called by library.ts. Functions return 0, or 1 where memory ran out.
 *
 * A tile of base rows is laid out in groups of eight, see scan.h, and stays in the first-level cache while every query
 * passes over it. Base rows come by ascending index, so ties end up ordered by index.
 */
#include "scan.h"
#include <stdlib.h>

/* Bytes of a tile, at least one group. */
#define TILE_BYTES 16384

enum { PLAIN, AVX2, AVX512 };

/* Rows `from` ... `to - 1` of the queries against all of the base. */
struct task {
  const uint64_t *queries, *base;
  int64_t rows, words, from, to;
  /* The queries are the base: row i is no neighbour of itself. */
  int self;
};

/* Takes a base row nearer than the limit of the query, which is counted from the task's first. */
typedef void take_near(void *state, int64_t query, int32_t index, int32_t distance);

/* The greatest instruction set of this machine; -1 where even PLAIN would be slower than WebAssembly. */
int atlas_native_best(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vpopcntdq")) return AVX512;
  if (__builtin_cpu_supports("avx2")) return AVX2;
  if (!__builtin_cpu_supports("popcnt")) return -1;
#endif
  return PLAIN;
}

static scan_rows *scan_of(int set) {
#if defined(__x86_64__)
  if (set == AVX512) return scan_avx512;
  if (set == AVX2) return scan_avx2;
#endif
  (void)set;
  return scan_plain;
}

/* Lays rows out in groups of eight. What else the last group holds is of no meaning. */
static void lay_out(const uint64_t *rows, int64_t count, int64_t words, uint64_t *groups) {
  for (int64_t row = 0; row < count; row++) {
    uint64_t *lane = groups + row / LANES * LANES * words + row % LANES;
    for (int64_t w = 0; w < words; w++) lane[w * LANES] = *rows++;
  }
}

/* Every query over one tile, which is laid out and begins with base row `first`. */
static void search_tile(const struct task *task, scan_rows *scan, const uint64_t *groups, int64_t first, int64_t rows,
                        struct near_row *near, const int32_t *limits, take_near *take, void *state) {
  const size_t count = (size_t)((rows + LANES - 1) / LANES), words = (size_t)task->words;
  for (int64_t row = task->from; row < task->to; row++) {
    const int64_t query = row - task->from;
    const size_t kept = scan(task->queries + row * task->words, groups, count, words, limits[query], near);
    for (size_t i = 0; i < kept && near[i].row < rows; i++) {
      const int64_t index = first + near[i].row;
      if (!task->self || index != row) take(state, query, (int32_t)index, near[i].distance);
    }
  }
}

/* Gives `take` the near rows by tile, then query, then ascending index. It may lower the limits, one a query. */
static int search(const struct task *task, int set, const int32_t *limits, take_near *take, void *state) {
  const int64_t row_bytes = 8 * task->words;
  const int64_t fit = row_bytes ? TILE_BYTES / (LANES * row_bytes) * LANES : TILE_BYTES;
  const int64_t tile = fit ? fit : LANES;
  uint64_t *const groups = calloc((size_t)tile, (size_t)(row_bytes ? row_bytes : 1));
  struct near_row *const near = malloc((size_t)tile * sizeof *near);
  const int failed = !groups || !near;
  for (int64_t first = 0; first < task->rows && !failed; first += tile) {
    const int64_t rows = task->rows - first < tile ? task->rows - first : tile;
    lay_out(task->base + first * task->words, rows, task->words, groups);
    search_tile(task, scan_of(set), groups, first, rows, near, limits, take, state);
  }
  free(groups);
  free(near);
  return failed;
}

/* k places a query, of which the first counts[query] are taken. */
struct nearest {
  int64_t k;
  int32_t *limits, *counts, *indices, *distances;
};

/* Inserts behind equal distances. Once all places are taken, a row must be nearer than the last. */
static void insert(void *state, int64_t query, int32_t index, int32_t distance) {
  struct nearest *const found = state;
  const int64_t k = found->k;
  int32_t *const indices = found->indices + query * k, *const distances = found->distances + query * k;
  if (distance >= found->limits[query]) return;
  int64_t at = found->counts[query] == k ? k - 1 : found->counts[query]++;
  for (; at > 0 && distances[at - 1] > distance; at--) {
    distances[at] = distances[at - 1];
    indices[at] = indices[at - 1];
  }
  distances[at] = distance;
  indices[at] = index;
  if (found->counts[query] == k) found->limits[query] = distances[k - 1];
}

/*
 * The k nearest rows, k at least 1, among those below the limits, which it lowers. Fills in counts and the places
 * taken.
 */
int atlas_native_nearest(int set, const void *queries, const void *base, int64_t rows, int64_t words, int64_t from,
                         int64_t to, int self, int32_t *limits, int32_t *counts, int64_t k, int32_t *indices,
                         int32_t *distances) {
  const struct task task = {queries, base, rows, words, from, to, self};
  struct nearest found = {k, limits, counts, indices, distances};
  return search(&task, set, limits, insert, &found);
}

struct triple {
  int32_t query, index, distance;
};

/* A growing list. */
struct within {
  struct triple *triples;
  size_t length, capacity;
  int failed;
};

static void append(void *state, int64_t query, int32_t index, int32_t distance) {
  struct within *const found = state;
  if (found->failed) return;
  if (found->length == found->capacity) {
    const size_t capacity = found->capacity ? 2 * found->capacity : 1024;
    struct triple *const larger = realloc(found->triples, capacity * sizeof *larger);
    if (!larger) {
      found->failed = 1;
      return;
    }
    found->triples = larger;
    found->capacity = capacity;
  }
  found->triples[found->length++] = (struct triple){(int32_t)query, index, distance};
}

/*
 * All rows below the limits. Counts those of query i in counts[i], 0 before, and leaves them in `*result`, which
 * atlas_native_take_within must take.
 */
int atlas_native_within(int set, const void *queries, const void *base, int64_t rows, int64_t words, int64_t from,
                        int64_t to, int self, const int32_t *limits, int32_t *counts, uint64_t *result) {
  const struct task task = {queries, base, rows, words, from, to, self};
  struct within *const found = calloc(1, sizeof *found);
  if (!found) return 1;
  if (search(&task, set, limits, append, found) || found->failed) {
    free(found->triples);
    free(found);
    return 1;
  }
  for (size_t i = 0; i < found->length; i++) counts[found->triples[i].query]++;
  *result = (uintptr_t)found;
  return 0;
}

/* Writes the rows of query i from place next[i] on, which it advances, in the order in which they were found. */
int atlas_native_take_within(uint64_t result, int32_t *next, int32_t *indices, int32_t *distances) {
  struct within *const found = (struct within *)(uintptr_t)result;
  for (size_t i = 0; i < found->length; i++) {
    const struct triple *const triple = found->triples + i;
    const int32_t at = next[triple->query]++;
    indices[at] = triple->index;
    distances[at] = triple->distance;
  }
  free(found->triples);
  free(found);
  return 0;
}
