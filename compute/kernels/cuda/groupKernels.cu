#include "groupKernels.cuh"

namespace atlas {
namespace {

__device__ bool sameWords(const uint32_t* a, const uint32_t* b, int64_t words) {
  for (int64_t i = 0; i < words; i++) {
    if (a[i] != b[i]) return false;
  }
  return true;
}

__device__ void copyWords(uint32_t* to, const uint32_t* from, int64_t words) {
  for (int64_t i = 0; i < words; i++) to[i] = from[i];
}

__global__ void enterKernel(Groups groups) {
  const int64_t group = globalThread();
  if (group >= groups.size) return;
  uint32_t slot = groups.hashes[4 * group] & groups.mask;
  while (atomicCAS(groups.slots + slot, EMPTY_SLOT, static_cast<uint32_t>(group)) != EMPTY_SLOT) {
    slot = (slot + 1) & groups.mask;
  }
}

/**
 * Finds or takes the slot of each row's hash. Whoever is in a slot, its hash stays that of the slot: only equal ones
 * replace each other, until the first of them is there.
 */
__global__ void claimKernel(Groups groups, GroupBatch batch) {
  const int64_t row = globalThread();
  if (row >= batch.rows) return;
  const uint32_t* hash = batch.hashes + 4 * row;
  const uint32_t self = static_cast<uint32_t>(groups.size + row);
  uint32_t slot = hash[0] & groups.mask;
  for (;; slot = (slot + 1) & groups.mask) {
    const uint32_t seen = atomicCAS(groups.slots + slot, EMPTY_SLOT, self);
    if (seen == EMPTY_SLOT) break;
    const uint32_t* other = seen < groups.size ? groups.hashes + int64_t{4} * seen
                                               : batch.hashes + 4 * (seen - groups.size);
    if (!sameWords(hash, other, 4)) continue;
    if (seen > self) atomicMin(groups.slots + slot, self);
    break;
  }
  batch.slotOf[row] = slot;
}

__global__ void compareKernel(Groups groups, GroupBatch batch) {
  const int64_t row = globalThread();
  if (row >= batch.rows) return;
  const int64_t first = groups.slots[batch.slotOf[row]];
  const uint32_t* other = first < groups.size ? groups.words + first * groups.width
                                              : batch.words + (first - groups.size) * groups.width;
  batch.firsts[row] = static_cast<uint32_t>(first);
  batch.fresh[row] = first == groups.size + row;
  if (!sameWords(batch.words + row * groups.width, other, groups.width)) {
    atomicMin(batch.collision, static_cast<uint32_t>(row));
  }
}

__global__ void assignKernel(Groups groups, GroupBatch batch, uint32_t* groupOf) {
  const int64_t row = globalThread();
  if (row >= batch.rows) return;
  const int64_t first = batch.firsts[row];
  const int64_t group = first < groups.size ? first : groups.size + batch.fresh[first - groups.size];
  groupOf[row] = static_cast<uint32_t>(group);
  atomicAdd(groups.counts + group, 1u);
  if (first != groups.size + row) return;
  groups.slots[batch.slotOf[row]] = static_cast<uint32_t>(group);
  copyWords(groups.words + group * groups.width, batch.words + row * groups.width, groups.width);
  copyWords(groups.hashes + 4 * group, batch.hashes + 4 * row, 4);
}

}  // namespace

void enterGroups(cudaStream_t stream, const Groups& groups) {
  launch(stream, enterKernel, divideUp(groups.size, THREADS), groups);
}

void findFirsts(cudaStream_t stream, const Groups& groups, const GroupBatch& batch) {
  launch(stream, claimKernel, divideUp(batch.rows, THREADS), groups, batch);
  launch(stream, compareKernel, divideUp(batch.rows, THREADS), groups, batch);
}

void assignGroups(cudaStream_t stream, const Groups& groups, const GroupBatch& batch, uint32_t* groupOf) {
  launch(stream, assignKernel, divideUp(batch.rows, THREADS), groups, batch, groupOf);
}

}  // namespace atlas
