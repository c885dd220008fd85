#include <algorithm>

#include "atlas_cuda.h"
#include "buffer.cuh"
#include "device.cuh"
#include "groupKernels.cuh"
#include "hash128.cuh"
#include "scan.cuh"

namespace atlas {
namespace {

/** A group has a number of 31 bits, and that of a row of a batch added to it stays below EMPTY_SLOT. */
constexpr int64_t MOST_GROUPS = int64_t{1} << 31;

/** Words of a batch's row beside the row itself: its hash, and an entry of four arrays. */
constexpr int64_t BATCH_WORDS = 8;

int64_t powerOfTwo(int64_t least) {
  int64_t power = 1;
  while (power < least) power *= 2;
  return power;
}

/** Distinct rows on the device, in order of first appearance. Keeps a lane, since its buffers outlive a call. */
class DeviceGroupTable {
 public:
  DeviceGroupTable(int64_t stride, uint32_t seed) : lane(Priority::high), row{stride, seed} {}

  int64_t size() const { return count; }

  /** Returns -1, or the first row whose hash is that of a different one. */
  int64_t insert(const uint32_t* from, int64_t rows, int32_t* groupOf) {
    const int64_t rowBytes = (row.width() + BATCH_WORDS) * static_cast<int64_t>(sizeof(uint32_t));
    const int64_t step = std::clamp<int64_t>(device().scratchBytes / rowBytes, 1, SCAN_VALUES);
    for (int64_t first = 0; first < rows; first += step) {
      const int64_t added = std::min(step, rows - first);
      const int64_t collision = insertBatch(from + first * row.width(), added, groupOf + first);
      if (collision >= 0) return first + collision;
    }
    return -1;
  }

  void download(uint32_t* toWords, uint32_t* toHashes, uint32_t* toCounts) const {
    if (toWords) words.download(toWords, count * row.width());
    if (toHashes) hashes.download(toHashes, count * 4);
    if (toCounts) counts.download(toCounts, count);
    wait(lane->stream());
  }

 private:
  LaneLease lane;
  HashedRow row;
  int64_t count = 0;
  Buffer<uint32_t> words, hashes, counts, slots;

  int64_t insertBatch(const uint32_t* from, int64_t rows, int32_t* groupOf);
  void reserve(int64_t rows);

  /** Room for `least` values, those there are kept; it doubles at least. */
  void grow(Buffer<uint32_t>& buffer, int64_t used, int64_t least) const {
    if (buffer.get() && least <= buffer.size()) return;
    Buffer<uint32_t> larger(std::max(least, 2 * buffer.size()), lane->stream());
    larger.take(buffer, used);
    buffer = std::move(larger);
  }

  Groups groups() const {
    return {{words.get(), hashes.get()}, counts.get(), count, row.width(), slots.get(),
            static_cast<uint32_t>(slots.size() - 1)};
  }
};

/** Makes room for as many new groups as rows; the slots are half full at most. */
void DeviceGroupTable::reserve(int64_t rows) {
  const int64_t most = count + rows;
  if (most > MOST_GROUPS) throw std::runtime_error("More than 2^31 distinct rows");
  grow(words, count * row.width(), most * row.width());
  grow(hashes, count * 4, most * 4);
  const int64_t counted = counts.size();
  grow(counts, count, most);
  if (counts.size() > counted) {
    const size_t bytes = static_cast<size_t>(counts.size() - count) * sizeof(uint32_t);
    check(cudaMemsetAsync(counts.get() + count, 0, bytes, lane->stream()), "Filling device memory");
  }
  if (2 * most <= slots.size()) return;
  slots = Buffer<uint32_t>(powerOfTwo(2 * most), lane->stream());
  slots.fill(0xff);
  enterGroups(lane->stream(), groups());
}

int64_t DeviceGroupTable::insertBatch(const uint32_t* from, int64_t rows, int32_t* groupOf) {
  cudaStream_t stream = lane->stream();
  reserve(rows);
  const Buffer<uint32_t> batchWords = uploaded(from, rows * row.width(), stream);
  const Buffer<uint32_t> batchHashes(rows * 4, stream);
  const Buffer<uint32_t> slotOf(rows, stream), firsts(rows, stream), fresh(rows, stream), found(rows, stream);
  const Buffer<uint32_t> sums(divideUp(rows, SCAN_BLOCK) + 1, stream);
  Buffer<uint32_t> collision(1, stream);
  collision.fill(0xff);
  hashRows(stream, row, batchWords.get(), rows, batchHashes.get());
  const GroupBatch batch{{batchWords.get(), batchHashes.get()}, rows, slotOf.get(), firsts.get(), fresh.get(),
                         collision.get()};
  findFirsts(stream, groups(), batch);
  scanInPlace(stream, fresh.get(), rows, sums.get());
  uint32_t collided = 0;
  uint32_t added = 0;
  collision.download(&collided, 1);
  check(cudaMemcpyAsync(&added, sums.get() + sums.size() - 1, sizeof added, cudaMemcpyDeviceToHost, stream), "Copying");
  wait(stream);
  if (collided < rows) return collided;
  assignGroups(stream, groups(), batch, found.get());
  found.download(reinterpret_cast<uint32_t*>(groupOf), rows);
  wait(stream);
  count += added;
  return -1;
}

DeviceGroupTable& tableOf(uint64_t handle) { return *reinterpret_cast<DeviceGroupTable*>(handle); }

}  // namespace
}  // namespace atlas

extern "C" int atlas_cuda_group_table(int64_t stride, uint32_t seed, uint64_t* table) {
  return atlas::guarded([&] { *table = reinterpret_cast<uint64_t>(new atlas::DeviceGroupTable(stride, seed)); });
}

extern "C" int atlas_cuda_group_insert(uint64_t table, const uint32_t* words, int64_t rows, int32_t* groups,
                                       int64_t* collision, int64_t* size) {
  return atlas::guarded([&] {
    *collision = atlas::tableOf(table).insert(words, rows, groups);
    *size = atlas::tableOf(table).size();
  });
}

extern "C" int atlas_cuda_group_download(uint64_t table, uint32_t* words, uint32_t* hashes, uint32_t* counts) {
  return atlas::guarded([&] { atlas::tableOf(table).download(words, hashes, counts); });
}

extern "C" int atlas_cuda_group_free(uint64_t table) {
  return atlas::guarded([&] { delete &atlas::tableOf(table); });
}
