// Sums, minima and running sums over the threads of a warp and of a block. All threads call; all get the answer.
#pragma once

#include "runtime.cuh"

namespace atlas {

constexpr unsigned ALL_LANES = 0xffffffffu;

struct Sum {
  template <class Value>
  ATLAS_HD static Value join(Value a, Value b) {
    return a + b;
  }
};
struct Least {
  template <class Value>
  ATLAS_HD static Value join(Value a, Value b) {
    return b < a ? b : a;
  }
};

/** Joins the values of each run of `lanes` lanes, a power of two. */
template <class Join, class Value>
__device__ Value reduceLanes(Value value, int lanes = WARP) {
  for (int mask = lanes / 2; mask > 0; mask /= 2) value = Join::join(value, __shfl_xor_sync(ALL_LANES, value, mask));
  return value;
}

template <class Join, class Value>
__device__ Value reduceBlock(Value value) {
  __shared__ Value ofWarps[WARPS];
  value = reduceLanes<Join>(value);
  __syncthreads();
  if (threadIdx.x % WARP == 0) ofWarps[threadIdx.x / WARP] = value;
  __syncthreads();
  value = ofWarps[0];
  for (int warp = 1; warp < WARPS; warp++) value = Join::join(value, ofWarps[warp]);
  return value;
}

/** Sum of the values of the threads before this one; `total` becomes that of all. */
__device__ inline uint32_t sumBefore(uint32_t value, uint32_t& total) {
  __shared__ uint32_t ofWarps[WARPS];
  const unsigned lane = threadIdx.x % WARP;
  uint32_t sum = value;
  for (unsigned distance = 1; distance < WARP; distance *= 2) {
    const uint32_t before = __shfl_up_sync(ALL_LANES, sum, distance);
    if (lane >= distance) sum += before;
  }
  __syncthreads();
  if (lane == WARP - 1) ofWarps[threadIdx.x / WARP] = sum;
  __syncthreads();
  total = 0;
  uint32_t start = 0;
  for (unsigned warp = 0; warp < WARPS; warp++) {
    if (warp == threadIdx.x / WARP) start = total;
    total += ofWarps[warp];
  }
  return start + sum - value;
}

}  // namespace atlas
