// The sums over pairs of sites of two partitions, against loops over the sites themselves.
#include <algorithm>
#include <cmath>
#include <map>

#include "../atlas_cuda.h"
#include "checks.h"

namespace check {
namespace {

constexpr int SUMS = 57;
constexpr int MOST = 50;

/** Sites with a region on each side, and the cells that they fall into. */
struct Sites {
  std::vector<int32_t> a, b;
  std::vector<int32_t> cellA, cellB, cellSites, sizesA, sizesB;
};

Sites makeSites(int64_t count, int64_t regionsA, int64_t regionsB) {
  Random random(3);
  // Each region has a site, as those of a partition have.
  Sites sites{random.numbers(count, regionsA - 1), random.numbers(count, regionsB - 1), {}, {}, {}, {}, {}};
  for (int64_t i = 0; i < regionsA; i++) sites.a[static_cast<size_t>(i)] = static_cast<int32_t>(i);
  for (int64_t i = 0; i < regionsB; i++) sites.b[static_cast<size_t>(count - 1 - i)] = static_cast<int32_t>(i);
  sites.sizesA.resize(static_cast<size_t>(regionsA));
  sites.sizesB.resize(static_cast<size_t>(regionsB));
  std::map<std::pair<int32_t, int32_t>, int32_t> cells;
  for (size_t i = 0; i < sites.a.size(); i++) {
    cells[{sites.a[i], sites.b[i]}]++;
    sites.sizesA[static_cast<size_t>(sites.a[i])]++;
    sites.sizesB[static_cast<size_t>(sites.b[i])]++;
  }
  for (const auto& [cell, size] : cells) {
    sites.cellA.push_back(cell.first);
    sites.cellB.push_back(cell.second);
    sites.cellSites.push_back(size);
  }
  return sites;
}

std::vector<int32_t> distancesFrom(const Codes& codes, const std::vector<int32_t>& regions, size_t site) {
  std::vector<int32_t> distances;
  for (const int32_t region : regions) {
    int32_t distance = 0;
    for (int64_t word = 0; word < codes.width; word++) {
      distance += __builtin_popcount(codes.row(regions[site])[word] ^ codes.row(region)[word]);
    }
    distances.push_back(distance);
  }
  return distances;
}

/** Probability of each site to be among the k nearest to `site`, ties broken at random. */
std::vector<double> chances(const std::vector<int32_t>& distances, size_t site, size_t k) {
  std::vector<int32_t> others = distances;
  others.erase(others.begin() + static_cast<int64_t>(site));
  std::sort(others.begin(), others.end());
  const int32_t last = others[k - 1];
  const auto [from, to] = std::equal_range(others.begin(), others.end(), last);
  const double share = static_cast<double>(static_cast<int64_t>(k) - (from - others.begin())) / static_cast<double>(to - from);
  std::vector<double> chance;
  for (const int32_t distance : distances) chance.push_back(distance < last ? 1 : distance == last ? share : 0);
  chance[site] = 0;
  return chance;
}

/** Adds one site's part of the sums. */
void addSite(const Sites& sites, size_t site, const Codes& a, const Codes& b, const std::vector<double>& ranksA,
             const std::vector<double>& ranksB, std::vector<double>& sums) {
  const auto ofA = distancesFrom(a, sites.a, site), ofB = distancesFrom(b, sites.b, site);
  double rowA = 0, rowB = 0;
  for (size_t other = 0; other < ofA.size(); other++) {
    const double distanceA = ofA[other], distanceB = ofB[other];
    rowA += distanceA;
    rowB += distanceB;
    sums[1] += distanceA * distanceB;
    if (other != site) sums[0] += ranksA[static_cast<size_t>(ofA[other])] * ranksB[static_cast<size_t>(ofB[other])];
  }
  const double rows[] = {rowA, rowB, rowA * rowA, rowB * rowB, rowA * rowB};
  for (size_t i = 0; i < 5; i++) sums[2 + i] += rows[i];
  for (size_t k = 1; k <= MOST; k++) {
    double common = k < ofA.size() ? 0 : static_cast<double>(k);
    if (k < ofA.size()) {
      const auto chanceA = chances(ofA, site, k), chanceB = chances(ofB, site, k);
      for (size_t other = 0; other < chanceA.size(); other++) common += chanceA[other] * chanceB[other];
    }
    sums[6 + k] += common / static_cast<double>(k);
  }
}

}  // namespace

void checkPairSums(const Codes& a, const Codes& b) {
  const int64_t count = std::max(a.rows, b.rows) + a.rows / 2;
  const Sites sites = makeSites(count, a.rows, b.rows);
  Random random(5);
  std::vector<double> ranksA(static_cast<size_t>(a.bits + 1)), ranksB(static_cast<size_t>(b.bits + 1));
  for (double& rank : ranksA) rank = random.uniform();
  for (double& rank : ranksB) rank = random.uniform();
  const int64_t cells = static_cast<int64_t>(sites.cellA.size());
  std::vector<double> expected(SUMS), first(SUMS), second(SUMS);
  for (size_t site = 0; site < sites.a.size(); site++) addSite(sites, site, a, b, ranksA, ranksB, expected);
  const auto sum = [&](int64_t from, int64_t to, std::vector<double>& sums) {
    must(atlas_cuda_sum_pairs(sites.cellA.data(), sites.cellB.data(), sites.cellSites.data(), cells, count, a.id,
                              a.words.data(), a.rows, a.width, a.bits, sites.sizesA.data(), ranksA.data(), b.id,
                              b.words.data(), b.rows, b.width, b.bits, sites.sizesB.data(), ranksB.data(), from, to,
                              sums.data()));
  };
  sum(0, cells / 2, first);
  sum(cells / 2, cells, second);
  for (size_t i = 0; i < SUMS; i++) {
    const double found = first[i] + second[i];
    expect(std::fabs(found - expected[i]) <= 1e-9 * std::fabs(expected[i]),
           "sum " + std::to_string(i) + " over pairs of " + std::to_string(count) + " sites of " +
               std::to_string(a.bits) + " and " + std::to_string(b.bits) + " bits");
  }
}

}  // namespace check
