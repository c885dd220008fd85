#include "shim.h"

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <ucontext.h>
#include <vector>

ShimIndex threadIdx, blockIdx;

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
  std::unique_ptr<char[]> stack{new char[STACK_BYTES]};
  State state = State::done;
  /** Values that it has given to the other lanes. */
  unsigned exchanges = 0;
};

struct Warp {
  /** Values given, of the even and of the odd exchanges: a lane may give the next before all have read the last. */
  uint64_t values[2][LANES];
};

std::mutex busy;
Place scheduler;
std::vector<std::unique_ptr<Fiber>> fibers;
std::vector<Warp> warps;
const std::function<void()>* body;
/** Threads take turns up and down: what hangs on their order comes out differently. */
unsigned turns;

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
  change(scheduler, *fibers[thread]);
}

void addFiber() {
  auto fiber = std::make_unique<Fiber>();
  getcontext(&fiber->context);
  fiber->context.uc_stack.ss_sp = fiber->stack.get();
  fiber->context.uc_stack.ss_size = STACK_BYTES;
  makecontext(&fiber->context, live, 0);
  fibers.push_back(std::move(fiber));
}

/** How many of the threads `from` … `to - 1` are in a state. */
unsigned count(unsigned from, unsigned to, State state) {
  unsigned found = 0;
  for (unsigned thread = from; thread < to; thread++) found += fibers[thread]->state == state;
  return found;
}

void release(unsigned from, unsigned to) {
  for (unsigned thread = from; thread < to; thread++) fibers[thread]->state = State::ready;
}

[[noreturn]] void fail(const char* what) {
  std::fprintf(stderr, "shim, block %u: %s\n", blockIdx.x, what);
  std::abort();
}

/** Runs a warp until its lanes wait for other warps or are done. */
void runWarp(unsigned first) {
  for (;;) {
    const unsigned last = turns++ % 2 ? LANES - 1 : 0;
    for (unsigned lane = 0; lane < LANES; lane++) {
      const unsigned thread = first + (lane ^ last);
      if (fibers[thread]->state == State::ready) enter(thread);
    }
    const unsigned waiting = count(first, first + LANES, State::atWarp);
    if (waiting == 0) return;
    if (waiting < LANES) fail("lanes wait at a warp function, the others of the warp do not");
    release(first, first + LANES);
  }
}

void runBlock(unsigned threads) {
  release(0, threads);
  for (;;) {
    const bool down = turns++ % 2;
    for (unsigned first = 0; first < threads; first += LANES) runWarp(down ? threads - LANES - first : first);
    const unsigned waiting = count(0, threads, State::atBlock);
    if (waiting == 0) return;
    if (waiting < threads) fail("threads wait at __syncthreads, the others of the block do not");
    release(0, threads);
  }
}

}  // namespace

void run(int64_t blocks, int threads, const std::function<void()>& kernel) {
  const std::lock_guard<std::mutex> lock(busy);
  const unsigned count = static_cast<unsigned>(threads);
  while (fibers.size() < count) addFiber();
  warps.resize(count / LANES);
  body = &kernel;
  for (blockIdx.x = 0; blockIdx.x < blocks; blockIdx.x++) runBlock(count);
}

void syncBlock() { leave(State::atBlock); }
void syncWarp() { leave(State::atWarp); }

const uint64_t* exchange(const void* value, size_t bytes) {
  const unsigned thread = threadIdx.x;
  uint64_t* values = warps[thread / LANES].values[fibers[thread]->exchanges++ % 2];
  std::memcpy(values + thread % LANES, value, bytes);
  syncWarp();
  return values;
}

}  // namespace shim

cudaError_t cudaMalloc(void** memory, size_t bytes) {
  *memory = std::malloc(bytes);
  return *memory ? cudaSuccess : cudaErrorMemoryAllocation;
}
cudaError_t cudaFree(void* memory) { return std::free(memory), cudaSuccess; }
// Little, so that small tests too cut their work in parts and run out of room for uploaded codes.
cudaError_t cudaMemGetInfo(size_t* free, size_t* total) { return *free = *total = size_t{4} << 20, cudaSuccess; }

cudaError_t cudaGetDeviceProperties(cudaDeviceProp* properties, int) {
  std::snprintf(properties->name, sizeof properties->name, "host shim");
  properties->major = 9;
  properties->minor = 0;
  properties->multiProcessorCount = 4;
  return cudaSuccess;
}
