#include "pipeline.cuh"

#include <algorithm>
#include <cstring>

namespace atlas {
namespace {

/** Bytes of a chunk's rows, input and outputs together. */
constexpr int64_t CHUNK_BYTES = int64_t{8} << 20;

constexpr int64_t aligned(int64_t bytes) { return divideUp(bytes, 256) * 256; }

/** One of the two stages with the chunk that is on it. */
class PipelineStage {
 public:
  PipelineStage(Stage& stage, RowInput in, RowOutput first, RowOutput second)
      : stage(stage), in(in), first(first), second(second) {}

  /** Copies rows in, has them worked on, and asks for what comes out; waits for none of it. */
  void begin(int64_t firstRow, int64_t count, const std::function<void(const RowChunk&)>& start) {
    from = firstRow;
    rows = count;
    firstAt = aligned(rows * in.bytes);
    secondAt = firstAt + aligned(rows * first.bytes);
    const int64_t end = secondAt + aligned(rows * second.bytes);
    stage.reserve(static_cast<size_t>(end));
    const size_t bytes = static_cast<size_t>(rows * in.bytes);
    if (bytes > 0) std::memcpy(stage.host, static_cast<const char*>(in.host) + from * in.bytes, bytes);
    check(cudaMemcpyAsync(stage.device, stage.host, bytes, cudaMemcpyHostToDevice, stage.stream), "Copying rows");
    start({stage.stream, stage.device, stage.device + firstAt, stage.device + secondAt, from, rows});
    check(cudaMemcpyAsync(stage.host + firstAt, stage.device + firstAt, static_cast<size_t>(end - firstAt),
                          cudaMemcpyDeviceToHost, stage.stream),
          "Copying rows back");
  }

  /** Waits, and hands over what came out. */
  void finish() {
    if (rows == 0) return;
    wait(stage.stream);
    take(first, firstAt);
    take(second, secondAt);
    rows = 0;
  }

 private:
  Stage& stage;
  const RowInput in;
  const RowOutput first, second;
  int64_t from = 0, rows = 0, firstAt = 0, secondAt = 0;

  void take(const RowOutput& output, int64_t at) const {
    if (output.bytes == 0) return;
    char* const to = static_cast<char*>(output.host) + from * output.bytes;
    std::memcpy(to, stage.host + at, static_cast<size_t>(rows * output.bytes));
  }
};

}  // namespace

int64_t chunkRows(int64_t rowBytes) {
  return std::max<int64_t>(1, CHUNK_BYTES / std::max<int64_t>(1, rowBytes));
}

void mapRows(Lane& lane, RowInput in, RowOutput first, RowOutput second,
             const std::function<void(const RowChunk&)>& start) {
  PipelineStage stages[2] = {{lane.stages[0], in, first, second}, {lane.stages[1], in, first, second}};
  const int64_t step = chunkRows(in.bytes + first.bytes + second.bytes);
  int turn = 0;
  for (int64_t from = 0; from < in.rows; from += step, turn ^= 1) {
    stages[turn].finish();
    stages[turn].begin(from, std::min(step, in.rows - from), start);
  }
  stages[turn].finish();
  stages[turn ^ 1].finish();
}

}  // namespace atlas
