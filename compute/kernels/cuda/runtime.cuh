// The CUDA runtime, or the host shim that stands in for it; how a kernel is launched; how a failure is told.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

#ifdef ATLAS_CUDA_HOST
#include "host/shim.h"
#else
#include <cuda_runtime.h>
#endif

/** Before a function of host and device. */
#define ATLAS_HD __host__ __device__ inline

/** Before a loop whose arrays must become registers; g++ knows no such pragma. */
#ifdef __CUDA_ARCH__
#define ATLAS_UNROLL _Pragma("unroll")
#else
#define ATLAS_UNROLL
#endif

namespace atlas {

/** Threads of a warp, and of every block of these kernels. */
constexpr int WARP = 32;
constexpr int THREADS = 256;
constexpr int WARPS = THREADS / WARP;

/** A CUDA call failed; the text is a sentence for people. */
struct CudaFailure : std::runtime_error {
  cudaError_t error;
  CudaFailure(cudaError_t code, const std::string& what)
      : std::runtime_error(what + " failed: " + cudaGetErrorString(code) + " (CUDA error " +
                           std::to_string(static_cast<int>(code)) + ")"),
        error(code) {}
};

/** Throws CudaFailure where a call did not succeed. */
inline void check(cudaError_t code, const char* what) {
  if (code != cudaSuccess) throw CudaFailure(code, what);
}

ATLAS_HD constexpr int64_t divideUp(int64_t a, int64_t b) { return (a + b - 1) / b; }

/** Launches blocks of THREADS threads; no block, no launch. Throws CudaFailure where it cannot start. */
template <class... Parameters, class... Arguments>
void launch([[maybe_unused]] cudaStream_t stream, void (*kernel)(Parameters...), int64_t blocks, Arguments... arguments) {
  if (blocks == 0) return;
  if (blocks > 0x7fffffff) throw std::runtime_error("More than 2^31 - 1 blocks for one kernel");
#ifdef ATLAS_CUDA_HOST
  shim::run(blocks, THREADS, [&] { kernel(arguments...); });
#else
  kernel<<<static_cast<unsigned>(blocks), THREADS, 0, stream>>>(arguments...);
#endif
  check(cudaGetLastError(), "Starting a kernel");
}

/** Number of this thread among all threads of the launch. */
__device__ inline int64_t globalThread() {
  return static_cast<int64_t>(blockIdx.x) * THREADS + threadIdx.x;
}

}  // namespace atlas
