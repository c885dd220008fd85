#include <cstdio>

#include "checks.h"

namespace check {
namespace {

void checkCodes(int64_t rows, int64_t bits, int64_t patterns, int64_t flips) {
  const Codes a = makeCodes(rows, bits, patterns, flips, static_cast<uint64_t>(bits));
  const Codes b = makeCodes(rows + 3, bits, patterns, flips, static_cast<uint64_t>(bits));
  checkColumns(a, b);
  const int32_t most = static_cast<int32_t>(bits);
  for (const int32_t k : {1, 16, 1000}) checkSearches(a, b, k, most, false);
  checkSearches(a, b, 5, most / 8, false);
  checkSearches(a, b, 5, most, true);
  checkSearches(a, b, 5, -1, false);
  checkPairs(a, b);
  checkTree(b);
}

}  // namespace

void checkAll() {
  for (const int64_t bits : {0, 1, 7, 8, 63, 64, 65, 300, 1023}) {
    for (const int64_t rows : {0, 1, 2, 65, 200}) {
      checkCodes(rows, bits, 20, 5);
      checkPack(rows, bits);
      checkWords(rows, (bits + 31) / 32);
      checkGroups(rows, (bits + 7) / 8, 30);
    }
    std::printf("rows of %d bits: checked\n", static_cast<int>(bits));
  }
  checkCodes(200, 100, 1, 0);  // all equal
  checkColumns(makeCodes(1000, 100, 1, 0, 1), makeCodes(1000, 100, 1, 0, 2));
  checkCodes(70, 64'000, 5, 3000);
  checkPack(3, 64'000);
  checkPack(9000, 300);         // several chunks of a pipeline
  checkGroups(40'000, 9, 9000);  // several batches, and a table that grows
  std::printf("equal, long and many rows: checked\n");
  const Codes few = makeCodes(20, 256, 50, 80, 1), many = makeCodes(9000, 256, 50, 80, 2);
  for (const int32_t k : {1, 16, 200}) checkSearches(few, many, k, 256, false);
  checkPairs(few, many);
  std::printf("a base in parts: checked\n");
  checkPairSums(makeCodes(1, 10, 1, 0, 1), makeCodes(1, 0, 1, 0, 1));
  checkPairSums(makeCodes(20, 30, 9, 4, 1), makeCodes(33, 300, 9, 4, 2));
  checkPairSums(makeCodes(120, 1023, 40, 99, 1), makeCodes(90, 65, 40, 9, 2));
  std::printf("sums over pairs: checked\n");
}

}  // namespace check
