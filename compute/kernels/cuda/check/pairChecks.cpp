// Kernels that look at all pairs of rows, against plain loops.
#include <algorithm>
#include <cmath>

#include "../atlas_cuda.h"
#include "checks.h"

namespace check {
namespace {

std::string ofPairs(const char* what, const Codes& a, const Codes& b) {
  return std::string(what) + " of " + std::to_string(a.rows) + " x " + std::to_string(b.rows) + " rows of " +
         std::to_string(a.bits) + " bits";
}

int32_t distanceOf(const Codes& a, int64_t i, const Codes& b, int64_t j) {
  int32_t distance = 0;
  for (int64_t word = 0; word < a.width; word++) distance += __builtin_popcount(a.row(i)[word] ^ b.row(j)[word]);
  return distance;
}

/** Neighbours of query i within the radius: distance and index, ascending. */
std::vector<std::pair<int32_t, int32_t>> neighbours(const Codes& a, int64_t i, const Codes& b, int32_t most, bool self) {
  std::vector<std::pair<int32_t, int32_t>> near;
  for (int64_t j = 0; j < b.rows; j++) {
    const int32_t distance = distanceOf(a, i, b, j);
    if (distance <= most && !(self && i == j)) near.push_back({distance, static_cast<int32_t>(j)});
  }
  std::sort(near.begin(), near.end());
  return near;
}

}  // namespace

void checkSearches(const Codes& a, const Codes& other, int32_t k, int32_t maxDistance, bool self) {
  const Codes& b = self ? a : other;
  const int64_t from = a.rows / 3, queries = a.rows - from;
  k = static_cast<int32_t>(std::min<int64_t>(k, b.rows));
  std::vector<int32_t> counts(static_cast<size_t>(queries)), expectedCounts(counts.size());
  std::vector<int32_t> indices(static_cast<size_t>(queries * k)), distances(indices.size());
  std::vector<int32_t> expectedIndices(indices.size(), -1), expectedDistances(indices.size(), -1);
  std::vector<int32_t> starts(counts.size() + 1), expectedStarts{0}, allIndices, allDistances;
  for (int64_t query = 0; query < queries; query++) {
    auto near = neighbours(a, from + query, b, maxDistance, self);
    const int64_t found = std::min<int64_t>(k, static_cast<int64_t>(near.size()));
    expectedCounts[static_cast<size_t>(query)] = static_cast<int32_t>(found);
    for (int64_t i = 0; i < found; i++) {
      expectedDistances[static_cast<size_t>(query * k + i)] = near[static_cast<size_t>(i)].first;
      expectedIndices[static_cast<size_t>(query * k + i)] = near[static_cast<size_t>(i)].second;
    }
    std::sort(near.begin(), near.end(), [](const auto& x, const auto& y) { return x.second < y.second; });
    for (const auto& [distance, index] : near) {
      allIndices.push_back(index);
      allDistances.push_back(distance);
    }
    expectedStarts.push_back(static_cast<int32_t>(allIndices.size()));
  }
  if (k > 0) {
    must(atlas_cuda_nearest(a.id, a.words.data(), a.rows, b.id, b.words.data(), b.rows, a.width, from, a.rows, k,
                            maxDistance, self, counts.data(), indices.data(), distances.data()));
    expect(counts == expectedCounts && indices == expectedIndices && distances == expectedDistances,
           ofPairs("nearest rows", a, b) + ", k = " + std::to_string(k));
  }
  uint64_t result = 0;
  must(atlas_cuda_within(a.id, a.words.data(), a.rows, b.id, b.words.data(), b.rows, a.width, from, a.rows, maxDistance,
                         self, starts.data(), &result));
  std::vector<int32_t> nearIndices(static_cast<size_t>(starts.back())), nearDistances(nearIndices.size());
  must(atlas_cuda_within_take(result, nearIndices.data(), nearDistances.data()));
  expect(starts == expectedStarts && nearIndices == allIndices && nearDistances == allDistances,
         ofPairs("rows within a radius", a, b));
}

void checkPairs(const Codes& a, const Codes& b) {
  std::vector<int32_t> common(static_cast<size_t>(a.rows * b.rows)), expectedCommon(common.size());
  std::vector<double> counts(static_cast<size_t>(a.bits + 1)), expectedCounts(counts.size());
  Random random(7);
  // Products beyond 32 bits.
  const auto sizes = random.numbers(a.rows, 100'000);
  const int64_t from = a.rows / 4;
  for (int64_t i = 0; i < a.rows; i++) {
    const double size = sizes[static_cast<size_t>(i)];
    if (i >= from) expectedCounts[0] += size * (size - 1) / 2;
    for (int64_t j = std::max(from, i) + (i >= from); i >= from && j < a.rows; j++) {
      expectedCounts[static_cast<size_t>(distanceOf(a, i, a, j))] += size * sizes[static_cast<size_t>(j)];
    }
    for (int64_t j = 0; j < b.rows; j++) {
      int32_t& count = expectedCommon[static_cast<size_t>(i * b.rows + j)];
      for (int64_t word = 0; word < a.width; word++) count += __builtin_popcount(a.row(i)[word] & b.row(j)[word]);
    }
  }
  must(atlas_cuda_count_common(a.id, a.words.data(), a.rows, b.id, b.words.data(), b.rows, a.width, common.data()));
  must(atlas_cuda_count_distances(a.id, a.words.data(), a.rows, a.width, a.bits, sizes.data(), from, a.rows,
                                  counts.data()));
  expect(common == expectedCommon, ofPairs("common ones", a, b));
  expect(counts == expectedCounts, ofPairs("counts of distances", a, a));
}

void checkTree(const Codes& rows) {
  Random random(11);
  const auto core = random.numbers(rows.rows, rows.bits / 4);
  const size_t size = static_cast<size_t>(rows.rows);
  std::vector<int32_t> distance(size, INT32_MAX), through(size), expectedFrom, expectedTo, expectedDistances;
  std::vector<bool> joined(size);
  for (int64_t last = 0; static_cast<int64_t>(expectedTo.size()) + 1 < rows.rows;) {
    joined[static_cast<size_t>(last)] = true;
    int64_t nearest = -1;
    for (int64_t row = 0; row < rows.rows; row++) {
      const size_t at = static_cast<size_t>(row);
      if (joined[at]) continue;
      const int32_t reach =
          std::max({distanceOf(rows, last, rows, row), core[at], core[static_cast<size_t>(last)]});
      if (reach < distance[at]) {
        distance[at] = reach;
        through[at] = static_cast<int32_t>(last);
      }
      if (nearest < 0 || distance[at] < distance[static_cast<size_t>(nearest)]) nearest = row;
    }
    expectedTo.push_back(static_cast<int32_t>(nearest));
    expectedFrom.push_back(through[static_cast<size_t>(nearest)]);
    expectedDistances.push_back(distance[static_cast<size_t>(nearest)]);
    last = nearest;
  }
  uint64_t tree = 0;
  int64_t edges = 0;
  must(atlas_cuda_tree(rows.id, rows.words.data(), rows.rows, rows.width, core.data(), &tree));
  must(atlas_cuda_tree_grow(tree, 3, &edges));
  must(atlas_cuda_tree_grow(tree, rows.rows, &edges));
  std::vector<int32_t> from(static_cast<size_t>(edges)), to(from.size()), distances(from.size());
  must(atlas_cuda_tree_download(tree, from.data(), to.data(), distances.data()));
  must(atlas_cuda_tree_free(tree));
  expect(from == expectedFrom && to == expectedTo && distances == expectedDistances, ofPairs("the tree", rows, rows));
}

}  // namespace check
