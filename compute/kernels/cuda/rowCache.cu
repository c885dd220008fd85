#include "rowCache.cuh"

#include <iterator>
#include <list>
#include <mutex>
#include <unordered_map>

#include "buffer.cuh"
#include "device.cuh"

namespace atlas {
namespace {

struct CachedRows {
  uint64_t id;
  std::shared_ptr<const Buffer<uint32_t>> memory;
};

using CacheList = std::list<CachedRows>;

/** All copies, the one used last in front. */
struct RowCache {
  std::mutex busy;
  CacheList rows;
  std::unordered_map<uint64_t, CacheList::iterator> byId;
  size_t bytes = 0;

  void drop(CacheList::iterator row) {
    bytes -= static_cast<size_t>(row->memory->size()) * sizeof(uint32_t);
    byId.erase(row->id);
    rows.erase(row);
  }
};

// Never destroyed: at the end of the process the CUDA runtime may be gone before it.
RowCache& cache = *new RowCache;

std::shared_ptr<const Buffer<uint32_t>> cached(uint64_t id) {
  const std::lock_guard<std::mutex> lock(cache.busy);
  const auto found = cache.byId.find(id);
  if (found == cache.byId.end()) return nullptr;
  cache.rows.splice(cache.rows.begin(), cache.rows, found->second);
  return found->second->memory;
}

void makeRoom(size_t bytes) {
  const std::lock_guard<std::mutex> lock(cache.busy);
  while (!cache.rows.empty() && cache.bytes + bytes > device().cacheBytes) cache.drop(std::prev(cache.rows.end()));
}

/** Two threads may upload the same rows at once: the first copy stays. */
void keep(uint64_t id, const std::shared_ptr<const Buffer<uint32_t>>& memory) {
  const std::lock_guard<std::mutex> lock(cache.busy);
  if (cache.byId.count(id) > 0) return;
  cache.rows.push_front({id, memory});
  cache.byId[id] = cache.rows.begin();
  cache.bytes += static_cast<size_t>(memory->size()) * sizeof(uint32_t);
}

}  // namespace

HeldRows hold(const HostRows& rows, cudaStream_t stream) {
  auto memory = cached(rows.id);
  if (!memory) {
    const int64_t words = rows.rows * rows.width;
    makeRoom(static_cast<size_t>(words) * sizeof(uint32_t));
    memory = std::make_shared<const Buffer<uint32_t>>(uploaded(rows.words, words, stream));
    wait(stream);
    keep(rows.id, memory);
  }
  return {{memory->get(), rows.rows, static_cast<int>(rows.width)}, memory};
}

void forgetRows() {
  const std::lock_guard<std::mutex> lock(cache.busy);
  while (!cache.rows.empty()) cache.drop(cache.rows.begin());
}

}  // namespace atlas
