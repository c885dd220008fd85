#include <algorithm>

#include "atlas_cuda.h"
#include "buffer.cuh"
#include "core/bits.cuh"
#include "core/key.cuh"
#include "device.cuh"
#include "reduce.cuh"

namespace atlas {
namespace {

/** Rows of which a block finds the nearest. */
constexpr int64_t BLOCK_ROWS = 4 * THREADS;

/** Prim's tree, on the device. */
struct Tree {
  Rows rows;
  const int32_t* core;
  /** Per row outside the tree: its distance to the tree, and the row of the tree that is so near. -1: inside. */
  int32_t* distance;
  int32_t* from;
  /** Per edge: the distance and row that joined. */
  Key* joined;
};

/**
 * One step: brings the rows outside up to date with the row that joined last, and finds the nearest of them, of
 * equally near ones the first. Steps follow each other on the stream without the host's waiting for any.
 */
__global__ void growKernel(Tree tree, int64_t step) {
  const int64_t last = step == 0 ? 0 : keyIndex(tree.joined[step - 1]);
  const uint32_t* const joined = tree.rows.words + last * tree.rows.width;
  const int32_t core = tree.core[last];
  Key nearest = NO_KEY;
  const int64_t first = blockIdx.x * BLOCK_ROWS + threadIdx.x;
  for (int64_t row = first; row < first + BLOCK_ROWS && row < tree.rows.rows; row += THREADS) {
    if (row == last) tree.distance[row] = -1;
    int32_t distance = tree.distance[row];
    if (distance < 0) continue;
    int32_t through = countPair<Differing>(joined, tree.rows.words + row * tree.rows.width, tree.rows.width);
    through = max(max(through, tree.core[row]), core);
    if (through < distance) {
      distance = through;
      tree.distance[row] = distance;
      tree.from[row] = static_cast<int32_t>(last);
    }
    nearest = Least::join(nearest, keyOf(distance, row));
  }
  nearest = reduceBlock<Least>(nearest);
  if (threadIdx.x == 0 && nearest != NO_KEY) atomicMin(tree.joined + step, nearest);
}

__global__ void startKernel(Tree tree) {
  const int64_t row = globalThread();
  if (row >= tree.rows.rows) return;
  tree.distance[row] = INT32_MAX;
  tree.from[row] = 0;
  tree.joined[row] = NO_KEY;
}

/** A tree that grows. Keeps a lane and its rows, since it outlives a call. */
class DeviceTree {
 public:
  DeviceTree(const HostRows& host, const int32_t* cores)
      : lane(Priority::low),
        rows(hold(host, lane->stream())),
        core(uploaded(cores, rows.rows, lane->stream())),
        distance(rows.rows, lane->stream()),
        from(rows.rows, lane->stream()),
        joined(rows.rows, lane->stream()) {
    launch(lane->stream(), startKernel, divideUp(rows.rows, THREADS), tree());
    wait(lane->stream());
  }

  int64_t size() const { return edges; }

  void grow(int64_t more) {
    const int64_t end = std::min(edges + more, std::max<int64_t>(1, rows.rows) - 1);
    for (; edges < end; edges++) launch(lane->stream(), growKernel, divideUp(rows.rows, BLOCK_ROWS), tree(), edges);
    wait(lane->stream());
  }

  void download(int32_t* ends, int32_t* starts, int32_t* distances) const {
    std::vector<Key> keys(static_cast<size_t>(edges));
    std::vector<int32_t> through(static_cast<size_t>(rows.rows));
    joined.download(keys.data(), edges);
    from.download(through.data(), rows.rows);
    wait(lane->stream());
    for (size_t edge = 0; edge < keys.size(); edge++) {
      ends[edge] = keyIndex(keys[edge]);
      starts[edge] = through[static_cast<size_t>(ends[edge])];
      distances[edge] = keyDistance(keys[edge]);
    }
  }

 private:
  LaneLease lane;
  HeldRows rows;
  Buffer<int32_t> core, distance, from;
  Buffer<Key> joined;
  int64_t edges = 0;

  Tree tree() const { return {rows, core.get(), distance.get(), from.get(), joined.get()}; }
};

DeviceTree& treeOf(uint64_t handle) { return *reinterpret_cast<DeviceTree*>(handle); }

}  // namespace
}  // namespace atlas

extern "C" int atlas_cuda_tree(uint64_t id, const uint32_t* words, int64_t rows, int64_t width, const int32_t* core,
                               uint64_t* tree) {
  return atlas::guarded([&] {
    *tree = reinterpret_cast<uint64_t>(new atlas::DeviceTree({id, words, rows, width}, core));
  });
}

extern "C" int atlas_cuda_tree_grow(uint64_t tree, int64_t edges, int64_t* size) {
  return atlas::guarded([&] {
    atlas::treeOf(tree).grow(edges);
    *size = atlas::treeOf(tree).size();
  });
}

extern "C" int atlas_cuda_tree_download(uint64_t tree, int32_t* from, int32_t* to, int32_t* distances) {
  return atlas::guarded([&] { atlas::treeOf(tree).download(to, from, distances); });
}

extern "C" int atlas_cuda_tree_free(uint64_t tree) {
  return atlas::guarded([&] { delete &atlas::treeOf(tree); });
}
