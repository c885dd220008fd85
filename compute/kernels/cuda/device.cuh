// The GPU in use, the lanes on which calls run beside each other, and the frame of every call of the C interface.
#pragma once

#include <memory>
#include <string>

#include "runtime.cuh"

namespace atlas {

/** The GPU in use: the first that CUDA_VISIBLE_DEVICES leaves. */
struct Device {
  std::string name;
  /** Streaming multiprocessors. */
  int processors;
  /** Bytes of uploaded codes to keep at most: half of what was free at the start. */
  size_t cacheBytes;
  /** Bytes that a call takes at a time for what lies between its input and its answer, where one row needs no more. */
  int64_t scratchBytes;
};

/** Opens the GPU on the first call. Throws with a sentence that says why none can be used. */
const Device& device();

/** Blocks of a kernel that the GPU holds at once. */
template <class Kernel>
int64_t residentBlocks(Kernel kernel) {
  int perProcessor = 0;
  check(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&perProcessor, kernel, THREADS, 0), "Asking for occupancy");
  return static_cast<int64_t>(device().processors) * (perProcessor > 0 ? perProcessor : 1);
}

/** Pinned host memory and device memory of one stage of a pipeline; grows, and stays with its lane. */
struct Stage {
  cudaStream_t stream = nullptr;
  unsigned char* host = nullptr;
  unsigned char* device = nullptr;
  size_t bytes = 0;
  void reserve(size_t wanted);
};

/** Two streams: that of the call, also the first of its pipeline's, and the second of the pipeline's. */
struct Lane {
  Stage stages[2];
  cudaStream_t stream() const { return stages[0].stream; }
};

/**
 * How long a call may take. Short calls, which may come from a thread that must not wait long, go before the blocks
 * of long ones that have not started.
 */
enum class Priority { low, high };

/** That of a call which looks at so many pairs of rows: some thousandths of a second are short. */
constexpr Priority priorityOf(int64_t rowsA, int64_t rowsB, int64_t width) {
  return static_cast<double>(rowsA) * static_cast<double>(rowsB) * static_cast<double>(width) < 1e9 ? Priority::high
                                                                                                   : Priority::low;
}

/** A lane of one's own, taken from those that are free; waits for its streams at the end. */
class LaneLease {
 public:
  explicit LaneLease(Priority priority);
  ~LaneLease();
  LaneLease(const LaneLease&) = delete;
  LaneLease& operator=(const LaneLease&) = delete;
  Lane& operator*() const { return *lane; }
  Lane* operator->() const { return lane.get(); }

 private:
  Priority priority;
  std::unique_ptr<Lane> lane;
};

/** Waits for a stream. Throws what went wrong on it. */
inline void wait(cudaStream_t stream) { check(cudaStreamSynchronize(stream), "A kernel"); }

/** Keeps a failure's sentence for atlas_cuda_error of this thread. Returns the code of the failure. */
int failed(const std::exception& failure);

/** Runs the body of an entry of the C interface: no exception leaves it. Returns 0, or the code of the failure. */
template <class Work>
int guarded(Work work) {
  try {
    work();
    return 0;
  } catch (const std::exception& failure) {
    return failed(failure);
  }
}

}  // namespace atlas
