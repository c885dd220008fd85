// Stands in for the CUDA runtime, so that g++ compiles the kernels and runs them on the CPU, under sanitizers too:
// one block at a time, its threads as fibers that take turns at __syncthreads and the warp functions. Only what the
// kernels use is here. Warp functions take all 32 lanes; a barrier that some thread misses ends the program.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>

#define __global__
#define __device__
#define __host__
// Blocks run one after the other: what they share may lie in one place.
#define __shared__ static
#define __launch_bounds__(...)

struct alignas(16) uint4 {
  uint32_t x, y, z, w;
};

struct ShimIndex {
  uint32_t x;
};
extern ShimIndex threadIdx, blockIdx;

enum cudaError_t { cudaSuccess, cudaErrorMemoryAllocation = 2, cudaErrorInsufficientDriver = 35, cudaErrorNoDevice = 100 };
enum cudaMemcpyKind { cudaMemcpyHostToDevice = 1, cudaMemcpyDeviceToHost = 2, cudaMemcpyDeviceToDevice = 3 };
enum { cudaStreamNonBlocking = 1, cudaMemPoolAttrReleaseThreshold = 4 };
using cudaStream_t = struct ShimStream*;
using cudaMemPool_t = struct ShimPool*;

struct cudaDeviceProp {
  char name[256];
  int major, minor, multiProcessorCount;
};

cudaError_t cudaMalloc(void** memory, size_t bytes);
cudaError_t cudaFree(void* memory);
cudaError_t cudaMemGetInfo(size_t* free, size_t* total);
cudaError_t cudaGetDeviceProperties(cudaDeviceProp* properties, int device);
inline const char* cudaGetErrorString(cudaError_t) { return "out of memory"; }

inline cudaError_t cudaMallocAsync(void** memory, size_t bytes, cudaStream_t) { return cudaMalloc(memory, bytes); }
inline cudaError_t cudaMallocHost(void** memory, size_t bytes) { return cudaMalloc(memory, bytes); }
inline cudaError_t cudaFreeAsync(void* memory, cudaStream_t) { return cudaFree(memory); }
inline cudaError_t cudaFreeHost(void* memory) { return cudaFree(memory); }
inline cudaError_t cudaMemcpyAsync(void* to, const void* from, size_t bytes, cudaMemcpyKind, cudaStream_t) {
  if (bytes > 0) std::memcpy(to, from, bytes);
  return cudaSuccess;
}
inline cudaError_t cudaMemsetAsync(void* memory, int value, size_t bytes, cudaStream_t) {
  if (bytes > 0) std::memset(memory, value, bytes);
  return cudaSuccess;
}
inline cudaError_t cudaGetLastError() { return cudaSuccess; }
inline cudaError_t cudaGetDeviceCount(int* count) { return *count = 1, cudaSuccess; }
inline cudaError_t cudaGetDevice(int* device) { return *device = 0, cudaSuccess; }
inline cudaError_t cudaDriverGetVersion(int* version) { return *version = 0, cudaSuccess; }
inline cudaError_t cudaRuntimeGetVersion(int* version) { return *version = 0, cudaSuccess; }
inline cudaError_t cudaDeviceGetDefaultMemPool(cudaMemPool_t* pool, int) { return *pool = nullptr, cudaSuccess; }
inline cudaError_t cudaMemPoolSetAttribute(cudaMemPool_t, int, void*) { return cudaSuccess; }
inline cudaError_t cudaDeviceGetStreamPriorityRange(int* least, int* most) { return *least = *most = 0, cudaSuccess; }
inline cudaError_t cudaStreamCreateWithPriority(cudaStream_t* stream, int, int) { return *stream = nullptr, cudaSuccess; }
inline cudaError_t cudaStreamSynchronize(cudaStream_t) { return cudaSuccess; }
template <class Kernel>
cudaError_t cudaOccupancyMaxActiveBlocksPerMultiprocessor(int* blocks, Kernel, int, size_t) {
  return *blocks = 1, cudaSuccess;
}

namespace shim {

/** Runs a kernel's body once for each thread of each block. */
void run(int64_t blocks, int threads, const std::function<void()>& body);
/** Gives `value` (at most 8 bytes) to the other lanes, and waits for theirs: all 32 by lane. */
const uint64_t* exchange(const void* value, size_t bytes);
void syncBlock();
void syncWarp();

}  // namespace shim

inline void __syncthreads() { shim::syncBlock(); }
inline void __syncwarp(unsigned = 0xffffffff) { shim::syncWarp(); }

template <class Value>
Value shimLane(const uint64_t* lanes, unsigned lane) {
  Value value;
  std::memcpy(&value, lanes + lane, sizeof value);
  return value;
}
template <class Value>
Value __shfl_xor_sync(unsigned, Value value, int mask) {
  return shimLane<Value>(shim::exchange(&value, sizeof value), (threadIdx.x ^ static_cast<unsigned>(mask)) % 32);
}
template <class Value>
Value __shfl_up_sync(unsigned, Value value, unsigned distance) {
  const unsigned lane = threadIdx.x % 32;
  return shimLane<Value>(shim::exchange(&value, sizeof value), lane < distance ? lane : lane - distance);
}
inline unsigned __ballot_sync(unsigned, int predicate) {
  const uint32_t vote = predicate != 0;
  const uint64_t* lanes = shim::exchange(&vote, sizeof vote);
  unsigned votes = 0;
  for (unsigned lane = 0; lane < 32; lane++) votes |= shimLane<uint32_t>(lanes, lane) << lane;
  return votes;
}

inline int32_t max(int32_t a, int32_t b) { return a > b ? a : b; }

template <class Value>
Value atomicAdd(Value* at, Value value) {
  const Value old = *at;
  *at = old + value;
  return old;
}
template <class Value>
Value atomicMin(Value* at, Value value) {
  const Value old = *at;
  if (value < old) *at = value;
  return old;
}
template <class Value>
Value atomicOr(Value* at, Value value) {
  const Value old = *at;
  *at = old | value;
  return old;
}
template <class Value>
Value atomicCAS(Value* at, Value expected, Value value) {
  const Value old = *at;
  if (old == expected) *at = value;
  return old;
}
