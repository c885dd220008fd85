// The functions that the kernels are made of, on the CPU, against slow and plain ones. Prints what fails; the exit
// code is the number of failures.
#include <algorithm>
#include <cstdio>
#include <map>
#include <random>
#include <vector>

#include "../core/bitPlanes.cuh"
#include "../core/key.cuh"
#include "../core/levels.cuh"
#include "../core/murmur3.cuh"
#include "../core/packUnits.cuh"
#include "../core/splits.cuh"
#include "../core/wideCount.cuh"

namespace {

using namespace atlas;

std::mt19937_64 generator(1);
uint32_t randomWord() { return static_cast<uint32_t>(generator()); }
/** 0 … most. */
int randomUpTo(int most) { return static_cast<int>(generator() % (static_cast<unsigned>(most) + 1)); }

int failures = 0;

void expect(bool holds, const char* what) {
  if (holds) return;
  failures++;
  std::printf("failed: %s\n", what);
}

int slowPopcount(uint32_t word) {
  int count = 0;
  for (int bit = 0; bit < 32; bit++) count += (word >> bit) & 1;
  return count;
}

void testBits() {
  for (int round = 0; round < 1000; round++) {
    alignas(16) uint32_t a[24], b[24];
    int differing = 0, common = 0, ones = 0;
    for (int i = 0; i < 24; i++) {
      // Sparse, dense and full words: every carry of the tree occurs.
      a[i] = round % 3 == 0 ? 0xffffffffu : randomWord() | randomWord();
      b[i] = round % 3 == 1 ? 0 : randomWord() & randomWord();
      differing += slowPopcount(a[i] ^ b[i]);
      common += slowPopcount(a[i] & b[i]);
      if (i < 8) ones += slowPopcount(a[i]);
    }
    const uint32_t(&eight)[8] = *reinterpret_cast<const uint32_t(*)[8]>(a);
    expect(popcount8(eight) == ones, "popcount8 counts the ones of eight words");
    expect(countPair<Differing>(a, b, 24) == differing, "countPair counts differing bits");
    expect(countPair<Common>(a, b, 24) == common, "countPair counts common bits");
    expect(countPair<Differing>(a, b, 0) == 0, "countPair of no words is 0");
  }
}

void testBitPlanes() {
  BitPlanes full;
  for (int i = 0; i < PLANE_WORDS; i++) full.add(0xffffffffu);
  expect(full.count(7) == PLANE_WORDS, "BitPlanes count as many words as they say");
  for (const int words : {0, 1, 2, 254, PLANE_WORDS}) {
    BitPlanes planes;
    uint32_t counts[32] = {};
    for (int i = 0; i < words; i++) {
      const uint32_t word = i % 2 ? 0xffffffffu : randomWord();
      planes.add(word);
      for (int bit = 0; bit < 32; bit++) counts[bit] += (word >> bit) & 1;
    }
    for (int bit = 0; bit < 32; bit++) expect(planes.count(bit) == counts[bit], "BitPlanes count each bit");
  }
}

/**
 * The check of its author's test suite, SMHasher: hash the keys {}, {0}, {0, 1}, … with the seeds 256, 255, …, then
 * all the hashes; the first word is known.
 */
void testMurmur3() {
  std::vector<uint32_t> hashes(256 * 4);
  for (uint32_t length = 0; length < 256; length++) {
    std::vector<uint32_t> key(64);
    for (uint32_t i = 0; i < length; i++) key[i / 4] |= i << (8 * (i % 4));
    uint32_t hash[4];
    hash128(key.data(), length, 256 - length, hash);
    std::copy(hash, hash + 4, hashes.begin() + length * 4);
  }
  uint32_t last[4];
  hash128(hashes.data(), 256 * 16, 0, last);
  expect(last[0] == 0xb3ece62au, "hash128 is MurmurHash3_x86_128");
}

void testPackUnits() {
  for (int round = 0; round < 1000; round++) {
    float pre[8];
    const float threshold = static_cast<float>(randomUpTo(8) - 4);
    const int units = randomUpTo(8);
    uint32_t bits = 0;
    double sum = 0;
    std::vector<float> distances{INFINITY};
    for (int i = 0; i < units; i++) {
      pre[i] = static_cast<float>(randomUpTo(16) - 8) / 2;
      if (pre[i] > threshold) bits += 1u << i;
      distances.push_back(pre[i] > threshold ? pre[i] - threshold : threshold - pre[i]);
      sum += distances.back();
    }
    const PackedUnits packed = packUnits(pre, units, threshold);
    expect(packed.bits == bits, "packUnits sets the bits above the threshold");
    expect(packed.least == *std::min_element(distances.begin(), distances.end()), "packUnits finds the least distance");
    expect(packed.sum == sum, "packUnits sums the distances");
  }
}

void testKeys() {
  for (int round = 0; round < 1000; round++) {
    std::vector<std::pair<int, int>> pairs;
    for (int i = randomUpTo(20); i > 0; i--) pairs.push_back({randomUpTo(5), randomUpTo(1) ? i : INT32_MAX - i});
    std::sort(pairs.begin(), pairs.end());
    std::vector<Key> keys;
    for (const auto& [distance, index] : pairs) {
      keys.push_back(keyOf(distance, index));
      expect(keyDistance(keys.back()) == distance && keyIndex(keys.back()) == index, "a key holds what it is made of");
    }
    expect(std::is_sorted(keys.begin(), keys.end()), "keys are ordered by distance, then index");
    const Key key = keyOf(randomUpTo(6), randomUpTo(20));
    const auto below = std::count_if(keys.begin(), keys.end(), [&](Key other) { return other < key; });
    expect(keysBelow(keys.data(), static_cast<int64_t>(keys.size()), key) == below, "keysBelow counts lower keys");
  }
}

void testParts() {
  for (const int64_t tiles : {1, 2, 16, 263, 264, 265, 15625}) {
    for (const int64_t most : {1, 7, 500}) {
      const int64_t parts = chooseParts(tiles, 264, most);
      expect(parts >= 1 && parts <= most, "chooseParts stays in bounds");
      const int64_t blocks = tiles * parts;
      const double busy = static_cast<double>(blocks) / static_cast<double>(divideUp(blocks, 264) * 264);
      if (most == 500) expect(busy > 0.9, "chooseParts keeps nine places of ten busy where it may");
    }
  }
  expect(chooseParts(264, 264, 500) == 1, "chooseParts does not cut what fills the GPU");
}

void testWideCount() {
  uint32_t low = 0, high = 0;
  uint64_t sum = 0;
  for (int round = 0; round < 1000; round++) {
    const uint64_t value = generator() >> (16 + randomUpTo(40));
    addWide(&low, &high, value);
    sum += value;
    expect(((static_cast<uint64_t>(high) << 32) | low) == sum, "addWide carries");
  }
}

/** The other sites' distances from one site, on two sides. */
using Sites = std::vector<std::pair<int, int>>;

Levels levelsOf(const std::map<int, uint32_t>& sites, uint32_t wanted) {
  Levels levels{};
  levels.reach = -1;
  for (const auto& [distance, tied] : sites) {
    if (sitesWithin(levels) < wanted) addLevel(levels, distance, tied);
  }
  return levels;
}

/** Probability that a site at `distance` is among the k nearest, ties broken at random. */
double chance(const std::map<int, uint32_t>& sites, int distance, uint32_t k) {
  uint32_t closer = 0;
  for (const auto& [other, tied] : sites) closer += other < distance ? tied : 0;
  if (closer >= k) return 0;
  const uint32_t tied = sites.at(distance);
  return closer + tied <= k ? 1 : static_cast<double>(k - closer) / tied;
}

/** Sites by level of both sides, summed up as commonNeighbours wants them. */
void fillJoint(JointCounts& joint, const Sites& sites, const Levels& a, const Levels& b,
               const std::map<int, uint32_t>& ofA, const std::map<int, uint32_t>& ofB) {
  const auto limit = [](const Levels& levels, const std::map<int, uint32_t>& of, int level) {
    auto at = of.begin();
    for (int i = 0; i < level && at != of.end(); i++) at++;
    return level > levels.length || at == of.end() ? INT32_MAX : at->first;
  };
  for (int i = 0; i <= a.length; i++) {
    for (int j = 0; j <= b.length; j++) {
      const int beforeA = limit(a, ofA, i), beforeB = limit(b, ofB, j);
      joint[i * JOINT_STRIDE + j] = static_cast<uint32_t>(std::count_if(
          sites.begin(), sites.end(), [&](const auto& site) { return site.first < beforeA && site.second < beforeB; }));
    }
  }
}

void testOverlap() {
  for (int round = 0; round < 300; round++) {
    Sites sites;
    std::map<int, uint32_t> ofA, ofB;
    for (int i = randomUpTo(80); i >= 0; i--) {
      sites.push_back({randomUpTo(round % 30 + 1), randomUpTo(round % 7 + 1)});
      ofA[sites.back().first]++;
      ofB[sites.back().second]++;
    }
    const uint32_t wanted = static_cast<uint32_t>(std::min<size_t>(MAX_OVERLAP, sites.size()));
    const Levels a = levelsOf(ofA, wanted), b = levelsOf(ofB, wanted);
    expect(a.length > 0 && sitesWithin(a) >= wanted && a.closer[a.length - 1] < wanted, "levels hold what is wanted, and no more");
    JointCounts joint = {};
    fillJoint(joint, sites, a, b, ofA, ofB);
    for (uint32_t k = 1; k <= wanted; k++) {
      double expected = 0;
      for (const auto& [distanceA, distanceB] : sites) expected += chance(ofA, distanceA, k) * chance(ofB, distanceB, k);
      const double found = commonNeighbours(a, b, joint, k);
      expect(std::fabs(found - expected) < 1e-9, "commonNeighbours is the expected number of common neighbours");
    }
  }
}

}  // namespace

int main() {
  testBits();
  testBitPlanes();
  testMurmur3();
  testPackUnits();
  testKeys();
  testParts();
  testWideCount();
  testOverlap();
  std::printf("%d failures\n", failures);
  return failures > 255 ? 255 : failures;
}
