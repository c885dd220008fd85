#include "timings.h"

#include "../atlas_cuda.h"
#include "../buffer.cuh"
#include "../device.cuh"
#include "../pack.cuh"
#include "data.h"

namespace check {
namespace {

constexpr int64_t BITS = 1024;
constexpr int64_t WORDS = BITS / 32;

/** Independent chains of a thread, enough to hide their latency. */
constexpr int CHAINS = 8;

/** A bare loop of popcounts, with the two operations beside them that a Hamming distance needs. */
__global__ void popcountLoopKernel(int64_t steps, uint32_t* sink) {
  uint32_t values[CHAINS];
  for (int i = 0; i < CHAINS; i++) values[i] = static_cast<uint32_t>(atlas::globalThread()) * 31 + i;
  for (int64_t step = 0; step < steps; step++) {
    ATLAS_UNROLL
    for (int i = 0; i < CHAINS; i++) {
      values[i] += static_cast<uint32_t>(atlas::popcount(values[i] ^ static_cast<uint32_t>(step)));
    }
  }
  uint32_t all = 0;
  for (const uint32_t value : values) all ^= value;
  sink[atlas::globalThread()] = all;
}

/** Popcounts of 32-bit words that the GPU does in a second. */
double popcountLimit(int64_t divisor) {
  const atlas::LaneLease lane(atlas::Priority::low);
  const int64_t blocks = 8 * atlas::residentBlocks(popcountLoopKernel);
  const int64_t steps = 100'000 / divisor;
  const atlas::Buffer<uint32_t> sink(blocks * atlas::THREADS, lane->stream());
  const double seconds = medianSeconds(5, [&] {
    atlas::launch(lane->stream(), popcountLoopKernel, blocks, steps, sink.get());
    atlas::wait(lane->stream());
  });
  return static_cast<double>(blocks * atlas::THREADS * steps * CHAINS) / seconds;
}

/** Codes as networks make them: some near each other. */
Codes codesOf(int64_t rows, uint64_t seed) { return makeCodes(rows, BITS, rows / 50 + 1, 300, seed); }

Figure timeNearest(const std::string& what, const Codes& queries, const Codes& base, int32_t k, bool self, int runs,
                   double limit) {
  const size_t found = static_cast<size_t>(queries.rows) * static_cast<size_t>(k);
  std::vector<int32_t> counts(static_cast<size_t>(queries.rows)), indices(found), distances(found);
  const double seconds = medianSeconds(runs, [&] {
    must(atlas_cuda_nearest(queries.id, queries.words.data(), queries.rows, base.id, base.words.data(), base.rows,
                            base.width, 0, queries.rows, k, BITS, self, counts.data(), indices.data(),
                            distances.data()));
  });
  const double pairs = static_cast<double>(queries.rows) * static_cast<double>(base.rows) / seconds;
  return {what, seconds, runs, pairs, "pairs/s", "a bare popcount loop, by words", pairs * WORDS / limit};
}

std::string allPairs(const std::string& what, int64_t a, int64_t b) {
  return what + ", " + std::to_string(a) + " x " + std::to_string(b) + " x " + std::to_string(BITS) + " bits";
}

/** On the device alone: pack against a copy of the same floats. */
Figure timePack(int64_t divisor) {
  const int64_t sites = 200'000 / divisor, units = 2048;
  const atlas::LaneLease lane(atlas::Priority::low);
  cudaStream_t stream = lane->stream();
  atlas::Buffer<float> pre(sites * units, stream), copy(sites * units, stream);
  const atlas::Buffer<uint8_t> codes(sites * units / 8, stream);
  const atlas::Buffer<float> margins(sites, stream);
  const atlas::Buffer<double> sums(atlas::packBlocks(sites, units), stream);
  pre.fill(0x3f);
  const double copied = medianSeconds(9, [&] {
    copy.take(pre, pre.size());
    atlas::wait(stream);
  });
  const double seconds = medianSeconds(9, [&] {
    atlas::packOnDevice(stream, pre.get(), sites, units, 0.5f, codes.get(), margins.get(), sums.get());
    atlas::wait(stream);
  });
  const double bytes = static_cast<double>(pre.size()) * sizeof(float);
  return {"pack on the device, " + std::to_string(sites) + " x " + std::to_string(units) + " floats", seconds, 9,
          bytes / seconds, "bytes/s", "a copy of the same floats", copied / seconds};
}

/** From host memory and back, as a caller sees it. */
Figure timePackCall(int64_t divisor) {
  const int64_t sites = 50'000 / divisor, units = 2048;
  const std::vector<float> pre(static_cast<size_t>(sites * units), 0.75f);
  std::vector<uint8_t> codes(static_cast<size_t>(sites * units / 8));
  std::vector<float> margins(static_cast<size_t>(sites)), copy(pre.size());
  double sum = 0;
  const double copied = medianSeconds(5, [&] { std::copy(pre.begin(), pre.end(), copy.begin()); });
  const double seconds = medianSeconds(5, [&] {
    must(atlas_cuda_pack(pre.data(), sites, units, 0.5f, codes.data(), margins.data(), &sum));
  });
  const double bytes = static_cast<double>(pre.size()) * sizeof(float);
  return {"pack from host memory, " + std::to_string(sites) + " x " + std::to_string(units) + " floats", seconds, 5,
          bytes / seconds, "bytes/s", "a copy of the same floats by the host", copied / seconds};
}

Figure timeGroups(int64_t divisor) {
  const int64_t rows = 10'000'000 / divisor, distinct = rows / 10 + 1;
  const Codes codes = makeCodes(rows, 256, distinct, 0, 9);
  std::vector<int32_t> groups(static_cast<size_t>(rows));
  const double seconds = medianSeconds(3, [&] {
    uint64_t table = 0;
    int64_t collision = 0, size = 0;
    must(atlas_cuda_group_table(32, 1, &table));
    must(atlas_cuda_group_insert(table, codes.words.data(), rows, groups.data(), &collision, &size));
    must(atlas_cuda_group_free(table));
  });
  return {"group, " + std::to_string(rows) + " x 256 bits, a tenth distinct", seconds, 3,
          static_cast<double>(rows) / seconds, "rows/s", "", 0};
}

/** Every site a cell of its own. */
Figure timePairSums(const Codes& a, const Codes& b, double limit) {
  const int64_t cells = a.rows;
  std::vector<int32_t> numbers(static_cast<size_t>(cells)), ones(numbers.size(), 1);
  for (int64_t i = 0; i < cells; i++) numbers[static_cast<size_t>(i)] = static_cast<int32_t>(i);
  const std::vector<double> ranks(BITS + 1, 0.5);
  std::vector<double> sums(57);
  const double seconds = medianSeconds(3, [&] {
    must(atlas_cuda_sum_pairs(numbers.data(), numbers.data(), ones.data(), cells, cells, a.id, a.words.data(), a.rows,
                              a.width, BITS, ones.data(), ranks.data(), b.id, b.words.data(), b.rows, b.width, BITS,
                              ones.data(), ranks.data(), 0, cells, sums.data()));
  });
  const double pairs = static_cast<double>(cells) * static_cast<double>(cells) / seconds;
  return {allPairs("sums over pairs of sites", cells, cells), seconds, 3, pairs, "pairs/s",
          "a bare popcount loop, by words of both sides", 2 * pairs * WORDS / limit};
}

Figure timeDistanceCounts(const Codes& codes, double limit) {
  const std::vector<int32_t> ones(static_cast<size_t>(codes.rows), 1);
  std::vector<double> counts(BITS + 1);
  const double seconds = medianSeconds(3, [&] {
    must(atlas_cuda_count_distances(codes.id, codes.words.data(), codes.rows, codes.width, BITS, ones.data(), 0,
                                    codes.rows, counts.data()));
  });
  const double rows = static_cast<double>(codes.rows);
  const double pairs = rows * (rows - 1) / 2 / seconds;
  return {allPairs("distance counts, half of", codes.rows, codes.rows), seconds, 3, pairs, "pairs/s",
          "a bare popcount loop, by words", pairs * WORDS / limit};
}

Figure timeTree(const Codes& codes) {
  const std::vector<int32_t> core(static_cast<size_t>(codes.rows), 10);
  int64_t edges = 0;
  const double seconds = medianSeconds(1, [&] {
    uint64_t tree = 0;
    must(atlas_cuda_tree(codes.id, codes.words.data(), codes.rows, codes.width, core.data(), &tree));
    must(atlas_cuda_tree_grow(tree, codes.rows, &edges));
    must(atlas_cuda_tree_free(tree));
  });
  return {"spanning tree, " + std::to_string(codes.rows) + " x " + std::to_string(BITS) + " bits", seconds, 1,
          static_cast<double>(edges) / seconds, "edges/s", "", 0};
}

}  // namespace

std::vector<Figure> timeAll(int64_t divisor) {
  const double limit = popcountLimit(divisor);
  std::vector<Figure> figures{{"a bare popcount loop", 0, 5, limit, "words/s", "", 0}};
  const Codes base = codesOf(100'000 / divisor, 1), queries = codesOf(1'000 / divisor, 2);
  figures.push_back(timeNearest(allPairs("top 10", queries.rows, base.rows), queries, base, 10, false, 9, limit));
  figures.push_back(timeNearest(allPairs("top 10", base.rows, base.rows), base, base, 10, true, 5, limit));
  const Codes many = codesOf(1'000'000 / divisor, 3);
  figures.push_back(timeNearest(allPairs("top 16", many.rows, many.rows), many, many, 16, true, 1, limit));
  figures.push_back(timePack(divisor));
  figures.push_back(timePackCall(divisor));
  figures.push_back(timeGroups(divisor));
  const Codes a = codesOf(30'000 / divisor, 4), b = codesOf(30'000 / divisor, 5);
  figures.push_back(timePairSums(a, b, limit));
  figures.push_back(timeDistanceCounts(base, limit));
  figures.push_back(timeTree(base));
  return figures;
}

}  // namespace check
