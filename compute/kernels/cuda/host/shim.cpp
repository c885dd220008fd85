#include "shim.h"

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <ucontext.h>
#include <unistd.h>
#include <vector>

ShimIndex threadIdx, blockIdx, gridDim;

namespace shim {
namespace {

constexpr size_t STACK_BYTES = 256 * 1024;
constexpr int LANES = 32;

enum class State { ready, atWarp, atBlock, done };

/** Where a fiber, or the scheduler, goes on. */
struct Place {
  ucontext_t context;
  void* jump[5];
  bool entered = false;
};

struct Fiber : Place {
  std::unique_ptr<char[]> stack;
  State state = State::done;
};

struct Warp {
  /** Values exchanged, by parity: a lane may write the next ones before all have read the last. */
  uint64_t values[2][LANES];
};

std::mutex busy;
Place scheduler;
std::vector<std::unique_ptr<Fiber>> fibers;
std::vector<Warp> warps;
std::vector<unsigned> parity;
const std::function<void()>* body;

// The address sanitizer is kept out: it takes a jump for the end of the stack's life.
[[noreturn, gnu::noinline, gnu::no_sanitize_address]] void go(Place& to) { __builtin_longjmp(to.jump, 1); }

/** What swapcontext does, without its system calls; there is one when a fiber is entered first. */
[[gnu::noinline, gnu::no_sanitize_address]] void change(Place& from, Place& to) {
  from.entered = true;
  if (__builtin_setjmp(from.jump) != 0) return;
  if (to.entered) go(to);
  setcontext(&to.context);
}

/** Leaves the fiber that runs; the scheduler goes on. */
void leave(State state) {
  Fiber& fiber = *fibers[threadIdx.x];
  fiber.state = state;
  change(fiber, scheduler);
}

/** A fiber's whole life: one thread of one block after the other. */
void live() {
  for (;;) {
    (*body)();
    leave(State::done);
  }
}

void enter(unsigned thread) {
  threadIdx.x = thread;
  Fiber& fiber = *fibers[thread];
  change(scheduler, fiber);
}

void addFiber() {
  auto fiber = std::make_unique<Fiber>();
  fiber->stack.reset(new char[STACK_BYTES]);
  getcontext(&fiber->context);
  fiber->context.uc_stack.ss_sp = fiber->stack.get();
  fiber->context.uc_stack.ss_size = STACK_BYTES;
  makecontext(&fiber->context, live, 0);
  fibers.push_back(std::move(fiber));
}

/** How many of the threads `from` … `to - 1` are in a state. */
int count(unsigned from, unsigned to, State state) {
  int found = 0;
  for (unsigned thread = from; thread < to; thread++) found += fibers[thread]->state == state;
  return found;
}

void release(unsigned from, unsigned to) {
  for (unsigned thread = from; thread < to; thread++) fibers[thread]->state = State::ready;
}

/** Runs a warp until its lanes wait for other warps or are done. */
void runWarp(unsigned first) {
  for (;;) {
    for (unsigned lane = first; lane < first + LANES; lane++) {
      if (fibers[lane]->state == State::ready) enter(lane);
    }
    const int waiting = count(first, first + LANES, State::atWarp);
    if (waiting == 0) return;
    if (waiting < LANES) {
      std::fprintf(stderr, "shim: %d of 32 lanes wait at a warp function in block %u\n", waiting, blockIdx.x);
      std::abort();
    }
    release(first, first + LANES);
  }
}

void runBlock(unsigned threads) {
  release(0, threads);
  for (;;) {
    for (unsigned first = 0; first < threads; first += LANES) runWarp(first);
    const unsigned waiting = static_cast<unsigned>(count(0, threads, State::atBlock));
    if (waiting == 0) return;
    if (waiting < threads) {
      std::fprintf(stderr, "shim: %u of %u threads wait at __syncthreads in block %u\n", waiting, threads, blockIdx.x);
      std::abort();
    }
    release(0, threads);
  }
}

}  // namespace

void run(int64_t blocks, int threads, const std::function<void()>& kernel) {
  const std::lock_guard<std::mutex> lock(busy);
  const unsigned count = static_cast<unsigned>(threads);
  while (fibers.size() < count) addFiber();
  warps.resize(count / LANES);
  parity.assign(count, 0);
  body = &kernel;
  gridDim.x = static_cast<uint32_t>(blocks);
  for (blockIdx.x = 0; blockIdx.x < gridDim.x; blockIdx.x++) runBlock(count);
}

void syncBlock() { leave(State::atBlock); }
void syncWarp() { leave(State::atWarp); }

const uint64_t* exchange(const void* value, size_t bytes) {
  const unsigned thread = threadIdx.x;
  uint64_t* values = warps[thread / LANES].values[parity[thread]++ % 2];
  std::memcpy(values + thread % LANES, value, bytes);
  syncWarp();
  return values;
}

}  // namespace shim

cudaError_t cudaMalloc(void** memory, size_t bytes) {
  *memory = std::malloc(bytes);
  return *memory ? cudaSuccess : cudaErrorMemoryAllocation;
}
cudaError_t cudaMallocAsync(void** memory, size_t bytes, cudaStream_t) { return cudaMalloc(memory, bytes); }
cudaError_t cudaMallocHost(void** memory, size_t bytes) { return cudaMalloc(memory, bytes); }
cudaError_t cudaFree(void* memory) { return std::free(memory), cudaSuccess; }
cudaError_t cudaFreeAsync(void* memory, cudaStream_t) { return cudaFree(memory); }
cudaError_t cudaFreeHost(void* memory) { return cudaFree(memory); }
// Little, so that small tests too cut their work in parts and run out of room for uploaded codes.
cudaError_t cudaMemGetInfo(size_t* free, size_t* total) { return *free = *total = size_t{4} << 20, cudaSuccess; }

cudaError_t cudaGetDeviceProperties(cudaDeviceProp* properties, int) {
  std::snprintf(properties->name, sizeof properties->name, "host shim");
  properties->major = 9;
  properties->minor = 0;
  properties->multiProcessorCount = 4;
  return cudaSuccess;
}

const char* cudaGetErrorString(cudaError_t error) {
  return error == cudaErrorMemoryAllocation ? "out of memory" : "unknown error";
}
