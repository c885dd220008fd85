// Device memory that frees itself.
#pragma once

#include <utility>
#include <vector>

#include "rowCache.cuh"
#include "runtime.cuh"

namespace atlas {

/** `size` values of device memory, reserved and freed in the order of a stream. */
template <class Value>
class Buffer {
 public:
  Buffer() = default;
  Buffer(int64_t count, cudaStream_t order) : stream(order), count(count) {
    const size_t bytes = sizeof(Value) * static_cast<size_t>(count > 0 ? count : 1);
    void** const at = reinterpret_cast<void**>(&memory);
    cudaError_t error = cudaMallocAsync(at, bytes, stream);
    if (error == cudaErrorMemoryAllocation) {
      static_cast<void>(cudaGetLastError());
      forgetRows();
      error = cudaMallocAsync(at, bytes, stream);
    }
    if (error == cudaErrorMemoryAllocation) {
      static_cast<void>(cudaGetLastError());
      throw CudaFailure(error, "Reserving " + std::to_string(bytes) + " bytes of device memory");
    }
    check(error, "Reserving device memory");
  }
  Buffer(Buffer&& other) noexcept { swap(other); }
  Buffer& operator=(Buffer&& other) noexcept {
    swap(other);
    return *this;
  }
  ~Buffer() {
    if (memory) static_cast<void>(cudaFreeAsync(memory, stream));
  }

  Value* get() const { return memory; }
  int64_t size() const { return count; }

  /** Sets every byte. */
  void fill(int byte) {
    check(cudaMemsetAsync(memory, byte, sizeof(Value) * static_cast<size_t>(count), stream), "Filling device memory");
  }
  void upload(const Value* from, int64_t values, int64_t at = 0) { copy(memory + at, from, values, cudaMemcpyHostToDevice); }
  void download(Value* to, int64_t values) const { copy(to, memory, values, cudaMemcpyDeviceToHost); }
  /** Copies the first `values` of another buffer. */
  void take(const Buffer& from, int64_t values) { copy(memory, from.memory, values, cudaMemcpyDeviceToDevice); }

 private:
  Value* memory = nullptr;
  cudaStream_t stream = nullptr;
  int64_t count = 0;

  void swap(Buffer& other) noexcept {
    std::swap(memory, other.memory);
    std::swap(stream, other.stream);
    std::swap(count, other.count);
  }
  void copy(Value* to, const Value* from, int64_t values, cudaMemcpyKind kind) const {
    if (values == 0) return;
    check(cudaMemcpyAsync(to, from, sizeof(Value) * static_cast<size_t>(values), kind, stream), "Copying");
  }
};

/** A buffer with a copy of host values. */
template <class Value>
Buffer<Value> uploaded(const Value* from, int64_t count, cudaStream_t stream) {
  Buffer<Value> buffer(count, stream);
  buffer.upload(from, count);
  return buffer;
}

template <class Value>
Buffer<Value> uploaded(const std::vector<Value>& from, cudaStream_t stream) {
  return uploaded(from.data(), static_cast<int64_t>(from.size()), stream);
}

}  // namespace atlas
