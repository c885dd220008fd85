// Rows in, rows out, for kernels that look at every row once: copies in both directions overlap with the kernels.
#pragma once

#include <functional>

#include "device.cuh"

namespace atlas {

/** Rows of the host's that go through: `bytes` a row. */
struct RowInput {
  const void* host;
  int64_t bytes;
  int64_t rows;
};

/** Rows that come out, `bytes` each; 0 where nothing does. */
struct RowOutput {
  void* host;
  int64_t bytes;
};

/** Some of the rows, on the device. */
struct RowChunk {
  cudaStream_t stream;
  const void* in;
  void* first;
  void* second;
  /** Number of the first row. */
  int64_t from;
  int64_t rows;
};

/** Rows of a chunk, where a row's input and outputs have so many bytes. */
int64_t chunkRows(int64_t rowBytes);

/**
 * Calls `start` for chunk after chunk; it launches kernels on the chunk's stream that fill the outputs. The chunks
 * take turns on two stages: while the host fills one, the other is copied over, worked on and copied back.
 */
void mapRows(Lane& lane, RowInput in, RowOutput first, RowOutput second,
             const std::function<void(const RowChunk&)>& start);

}  // namespace atlas
