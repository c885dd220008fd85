// Kernels that look at every row once, against plain loops.
#include <algorithm>
#include <cmath>
#include <map>

#include "../atlas_cuda.h"
#include "../core/murmur3.cuh"
#include "checks.h"

namespace check {
namespace {

std::string ofRows(const char* what, int64_t rows, int64_t bits) {
  return std::string(what) + " of " + std::to_string(rows) + " rows of " + std::to_string(bits) + " bits";
}

/** Compares sums of distances, which may differ by their rounding alone. */
bool nearlyEqual(double a, double b) { return std::fabs(a - b) <= 1e-9 * std::fabs(b); }

}  // namespace

void checkPack(int64_t sites, int64_t units) {
  Random random(static_cast<uint64_t>(sites * 7919 + units));
  std::vector<float> pre(static_cast<size_t>(sites * units));
  // Quarters: some lie on the threshold.
  for (float& value : pre) value = static_cast<float>(random.upTo(16) - 8) / 4;
  const int64_t stride = (units + 7) / 8;
  const float threshold = 0.25f;
  std::vector<uint8_t> codes(static_cast<size_t>(sites * stride)), expected(codes.size());
  std::vector<float> margins(static_cast<size_t>(sites)), least(margins.size(), INFINITY);
  double sum = 0, expectedSum = 0;
  for (int64_t site = 0; site < sites; site++) {
    for (int64_t unit = 0; unit < units; unit++) {
      const float value = pre[static_cast<size_t>(site * units + unit)];
      if (value > threshold) expected[static_cast<size_t>(site * stride + unit / 8)] |= 1 << (unit % 8);
      float& margin = least[static_cast<size_t>(site)];
      margin = std::min(margin, std::fabs(value - threshold));
      expectedSum += std::fabs(value - threshold);
    }
  }
  must(atlas_cuda_pack(pre.data(), sites, units, threshold, codes.data(), margins.data(), &sum));
  expect(codes == expected, ofRows("codes", sites, units));
  expect(margins == least, ofRows("margins", sites, units));
  expect(nearlyEqual(sum, expectedSum), ofRows("the sum of the distances", sites, units));
}

void checkWords(int64_t rows, int64_t width) {
  Random random(static_cast<uint64_t>(rows * 31 + width));
  std::vector<uint32_t> words(static_cast<size_t>(rows * width)), reference(static_cast<size_t>(width));
  for (uint32_t& word : words) word = random.word() & random.word() & random.word();
  for (uint32_t& word : reference) word = random.word() & random.word() & random.word();
  std::vector<uint32_t> marks(reference.size(), 1), expectedMarks = marks;
  std::vector<uint32_t> counts(static_cast<size_t>(rows)), expectedCounts(counts.size());
  for (size_t i = 0; i < words.size(); i++) {
    expectedCounts[i / reference.size()] += static_cast<uint32_t>(__builtin_popcount(words[i]));
    expectedMarks[i % reference.size()] |= words[i] ^ reference[i % reference.size()];
  }
  must(atlas_cuda_popcounts(words.data(), width, rows, counts.data()));
  must(atlas_cuda_mark_differences(words.data(), width, rows, reference.data(), marks.data()));
  expect(counts == expectedCounts, ofRows("popcounts", rows, width * 32));
  expect(marks == expectedMarks, ofRows("differences", rows, width * 32));
}

void checkGroups(int64_t rows, int64_t stride, int64_t distinct) {
  Random random(static_cast<uint64_t>(rows + stride));
  const int64_t width = (stride + 3) / 4;
  std::vector<std::vector<uint32_t>> patterns;
  for (int64_t i = 0; i < distinct; i++) {
    std::vector<uint32_t> pattern(static_cast<size_t>(width));
    for (int64_t byte = 0; byte < stride; byte++) pattern[static_cast<size_t>(byte / 4)] |= (random.word() & 0xff) << (byte % 4 * 8);
    patterns.push_back(pattern);
  }
  std::map<std::vector<uint32_t>, int32_t> numbers;
  std::vector<uint32_t> words, distinctWords, expectedCounts, expectedHashes;
  std::vector<int32_t> expected;
  for (int64_t row = 0; row < rows; row++) {
    const auto& pattern = patterns[static_cast<size_t>(random.upTo(distinct - 1))];
    words.insert(words.end(), pattern.begin(), pattern.end());
    const auto [at, fresh] = numbers.try_emplace(pattern, static_cast<int32_t>(numbers.size()));
    expected.push_back(at->second);
    if (fresh) {
      distinctWords.insert(distinctWords.end(), pattern.begin(), pattern.end());
      expectedCounts.push_back(0);
      uint32_t hash[4];
      atlas::hash128(pattern.data(), stride, 5, hash);
      expectedHashes.insert(expectedHashes.end(), hash, hash + 4);
    }
    expectedCounts[static_cast<size_t>(at->second)]++;
  }
  uint64_t table = 0;
  must(atlas_cuda_group_table(stride, 5, &table));
  std::vector<int32_t> groups(static_cast<size_t>(rows));
  int64_t collision = 0, size = 0;
  // In two parts: the second finds groups of the first.
  const int64_t half = rows / 2;
  must(atlas_cuda_group_insert(table, words.data(), half, groups.data(), &collision, &size));
  must(atlas_cuda_group_insert(table, words.data() + half * width, rows - half, groups.data() + half, &collision, &size));
  std::vector<uint32_t> foundWords(static_cast<size_t>(size * width)), hashes(static_cast<size_t>(size * 4));
  std::vector<uint32_t> counts(static_cast<size_t>(size)), rowHashes(static_cast<size_t>(rows * 4));
  must(atlas_cuda_group_download(table, foundWords.data(), hashes.data(), counts.data()));
  must(atlas_cuda_group_free(table));
  expect(collision == -1 && groups == expected, ofRows("groups", rows, stride * 8));
  expect(foundWords == distinctWords && counts == expectedCounts, ofRows("the groups' rows and counts", rows, stride * 8));
  expect(hashes == expectedHashes, ofRows("the groups' hashes", rows, stride * 8));
  must(atlas_cuda_hash128(words.data(), stride, rows, 5, rowHashes.data()));
  bool same = true;
  for (int64_t row = 0; row < rows; row++) {
    const auto group = expectedHashes.begin() + 4 * expected[static_cast<size_t>(row)];
    same = same && std::equal(group, group + 4, rowHashes.begin() + 4 * row);
  }
  expect(same, ofRows("hashes", rows, stride * 8));
}

void checkColumns(const Codes& a, const Codes& b) {
  if (a.rows == 0) return;
  Random random(static_cast<uint64_t>(a.rows * 13 + a.bits));
  const int64_t picked = 3 * a.rows;
  const auto picksA = random.numbers(picked, a.rows - 1), picksB = random.numbers(picked, a.rows - 1);
  // A run of none, one of few, one of the rest.
  const std::vector<int32_t> starts{0, 0, static_cast<int32_t>(a.rows / 2), static_cast<int32_t>(picked)};
  std::vector<uint32_t> bits(static_cast<size_t>(3 * a.bits)), flips(static_cast<size_t>(a.bits));
  std::vector<uint32_t> expectedBits(bits.size()), expectedFlips(flips.size());
  for (int64_t i = 0; i < picked; i++) {
    const size_t at = static_cast<size_t>(i);
    const int64_t run = i < starts[2] ? 1 : 2;
    for (int64_t bit = 0; bit < a.bits; bit++) {
      expectedBits[static_cast<size_t>(run * a.bits + bit)] += a.bit(picksA[at], bit);
      expectedFlips[static_cast<size_t>(bit)] += a.bit(picksA[at], bit) != b.bit(picksB[at], bit);
    }
  }
  must(atlas_cuda_count_bits(a.id, a.words.data(), a.rows, a.width, a.bits, picksA.data(), picked, starts.data(), 3,
                             bits.data()));
  must(atlas_cuda_count_flips(a.id, a.words.data(), a.rows, picksA.data(), b.id, b.words.data(), b.rows,
                              picksB.data(), a.width, a.bits, picked, flips.data()));
  expect(bits == expectedBits, ofRows("set bits", a.rows, a.bits));
  expect(flips == expectedFlips, ofRows("flips", a.rows, a.bits));
}

}  // namespace check
