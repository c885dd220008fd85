// Every entry of the C interface against plain loops on the host.
#pragma once

#include "data.h"

namespace check {

void checkPack(int64_t sites, int64_t units);
/** Popcounts and differences of rows of any width. */
void checkWords(int64_t rows, int64_t width);
/** Grouping and hashes. */
void checkGroups(int64_t rows, int64_t stride, int64_t distinct);
/** Set bits and flips. */
void checkColumns(const Codes& a, const Codes& b);

/** Nearest rows and those within a radius; with `self`, of a among themselves. */
void checkSearches(const Codes& a, const Codes& b, int32_t k, int32_t maxDistance, bool self);
/** Common ones, and counts of distances. */
void checkPairs(const Codes& a, const Codes& b);
void checkPairSums(const Codes& a, const Codes& b);
void checkTree(const Codes& rows);

/** Runs them all, over ragged sizes. */
void checkAll();

}  // namespace check
