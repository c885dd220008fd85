// The neighbours of a site by level, and the overlap that two sides' levels lead to.
#pragma once

#include "../runtime.cuh"

namespace atlas {

/** Neighbours at most of which the overlap is asked. */
constexpr int MAX_OVERLAP = 50;

/**
 * The distinct distances among a site's nearest neighbours on one side, ascending, until so many sites as wanted are
 * reached.
 */
struct Levels {
  /** Number of levels. */
  int length;
  /** Greatest distance of a level; -1 of none. */
  int reach;
  /** Sites nearer than each level, and at it. */
  uint32_t closer[MAX_OVERLAP], tied[MAX_OVERLAP];
  /** Sum of the distances to all sites. */
  double sum;
};

/** Sites that the levels so far hold. */
ATLAS_HD uint32_t sitesWithin(const Levels& levels) {
  return levels.length == 0 ? 0 : levels.closer[levels.length - 1] + levels.tied[levels.length - 1];
}

/** Adds the next level: `tied` sites, at least one, at `distance`. Returns its number. */
ATLAS_HD int addLevel(Levels& levels, int distance, uint32_t tied) {
  const uint32_t closer = sitesWithin(levels);
  const int level = levels.length++;
  levels.closer[level] = closer;
  levels.tied[level] = tied;
  levels.reach = distance;
  return level;
}

/** The level that holds the k-th neighbour, 1 the first. */
ATLAS_HD int levelOfNeighbour(const Levels& levels, uint32_t k) {
  int level = 0;
  while (k > levels.closer[level] + levels.tied[level]) level++;
  return level;
}

/** Entry [i][j]: sites before level i of side a and before level j of side b. */
constexpr int JOINT_STRIDE = MAX_OVERLAP + 1;
using JointCounts = uint32_t[JOINT_STRIDE * JOINT_STRIDE];

/**
 * Expected number of common sites among the k nearest on both sides, ties at the k-th distance broken at random: N
 * of `joint`, interpolated bilinearly between the levels that hold the k-th neighbour.
 */
ATLAS_HD double commonNeighbours(const Levels& a, const Levels& b, const JointCounts& joint, uint32_t k) {
  const int i = levelOfNeighbour(a, k);
  const int j = levelOfNeighbour(b, k);
  const double shareA = static_cast<double>(k - a.closer[i]) / a.tied[i];
  const double shareB = static_cast<double>(k - b.closer[j]) / b.tied[j];
  const uint32_t* corner = joint + i * JOINT_STRIDE + j;
  const double before = corner[0] + shareB * (static_cast<double>(corner[1]) - corner[0]);
  corner += JOINT_STRIDE;
  const double after = corner[0] + shareB * (static_cast<double>(corner[1]) - corner[0]);
  return before + shareA * (after - before);
}

}  // namespace atlas
