// Uploaded codes, kept on the device between calls.
#pragma once

#include <memory>

#include "runtime.cuh"

namespace atlas {

template <class Value>
class Buffer;

/** Rows of packed codes on the device: rows x width words, width a multiple of 8. */
struct Rows {
  const uint32_t* words;
  int64_t rows;
  int width;
};

/** Rows that stay on the device as long as this lives. */
struct HeldRows : Rows {
  std::shared_ptr<const Buffer<uint32_t>> memory;
};

/** Codes as the caller has them. `id` is unlike that of all other codes. */
struct HostRows {
  uint64_t id;
  const uint32_t* words;
  int64_t rows;
  int64_t width;
};

/** The rows' copy on the device, uploaded where it is not there yet; the least lately used copies make room. */
HeldRows hold(const HostRows& rows, cudaStream_t stream);

/** Gives up all copies that no call uses, for want of memory. */
void forgetRows();

}  // namespace atlas
