#include "device.cuh"

#include <algorithm>
#include <cstdio>
#include <mutex>
#include <vector>

#include "atlas_cuda.h"

namespace atlas {
namespace {

/** Freed memory that the pool keeps for the next call instead of giving it back. */
constexpr uint64_t POOL_BYTES = uint64_t{1} << 30;

/** Scratch memory of a call: an eighth of what is free, no more than this. */
constexpr size_t SCRATCH_BYTES = size_t{1} << 30;

/** Least compute capability: sm_80. */
constexpr int LEAST_MAJOR = 8;

std::string version(int number) { return std::to_string(number / 1000) + "." + std::to_string(number % 1000 / 10); }

/** Why there is no GPU to use, as far as CUDA's answer to the first call tells. */
std::string reasonOf(cudaError_t error) {
  if (error == cudaErrorNoDevice) return "CUDA sees no NVIDIA GPU (CUDA error 100)";
  if (error != cudaErrorInsufficientDriver) return CudaFailure(error, "Looking for a GPU").what();
  int driver = 0;
  int runtime = 0;
  check(cudaDriverGetVersion(&driver), "Asking for the driver's version");
  check(cudaRuntimeGetVersion(&runtime), "Asking for the runtime's version");
  if (driver == 0) return "there is no NVIDIA driver on this machine (CUDA error 35)";
  return "the NVIDIA driver supports CUDA " + version(driver) + " and the library was built with " +
         version(runtime) + ": update the driver or build with an older nvcc (CUDA error 35)";
}

Device openDevice() {
  int count = 0;
  const cudaError_t error = cudaGetDeviceCount(&count);
  if (error != cudaSuccess) throw std::runtime_error(reasonOf(error));
  int index = 0;
  check(cudaGetDevice(&index), "Choosing a GPU");
  cudaDeviceProp properties;
  check(cudaGetDeviceProperties(&properties, index), "Asking for the GPU's properties");
  if (properties.major < LEAST_MAJOR) {
    throw std::runtime_error(std::string(properties.name) + " has compute capability " +
                             std::to_string(properties.major) + "." + std::to_string(properties.minor) +
                             "; the kernels need 8.0 or more");
  }
  size_t free = 0;
  size_t total = 0;
  check(cudaMemGetInfo(&free, &total), "Asking for free device memory");
  cudaMemPool_t pool;
  uint64_t kept = POOL_BYTES;
  check(cudaDeviceGetDefaultMemPool(&pool, index), "Asking for the memory pool");
  check(cudaMemPoolSetAttribute(pool, cudaMemPoolAttrReleaseThreshold, &kept), "Setting up the memory pool");
  return {properties.name, properties.multiProcessorCount, free / 2,
          static_cast<int64_t>(std::min(free / 8, SCRATCH_BYTES))};
}

std::unique_ptr<Lane> openLane(Priority priority) {
  int least = 0;
  int most = 0;
  check(cudaDeviceGetStreamPriorityRange(&least, &most), "Asking for stream priorities");
  auto lane = std::make_unique<Lane>();
  for (Stage& stage : lane->stages) {
    check(cudaStreamCreateWithPriority(&stage.stream, cudaStreamNonBlocking, priority == Priority::high ? most : least),
          "Creating a stream");
  }
  return lane;
}

// Never destroyed: at the end of the process the CUDA runtime may be gone before them.
std::mutex& lanesBusy = *new std::mutex;
std::vector<std::unique_ptr<Lane>>* const freeLanes = new std::vector<std::unique_ptr<Lane>>[2];

thread_local std::string lastError;

}  // namespace

const Device& device() {
  // A failure is thrown anew on each call, since nothing is stored then.
  static const Device* const opened = new Device(openDevice());
  return *opened;
}

void Stage::reserve(size_t wanted) {
  if (wanted <= bytes) return;
  check(cudaFreeHost(host), "Freeing pinned memory");
  host = nullptr;
  check(cudaFree(device), "Freeing device memory");
  device = nullptr;
  bytes = 0;
  check(cudaMallocHost(reinterpret_cast<void**>(&host), wanted), "Reserving pinned memory");
  check(cudaMalloc(reinterpret_cast<void**>(&device), wanted), "Reserving device memory");
  bytes = wanted;
}

LaneLease::LaneLease(Priority wanted) : priority(wanted) {
  device();
  {
    const std::lock_guard<std::mutex> lock(lanesBusy);
    auto& lanes = freeLanes[static_cast<int>(priority)];
    if (!lanes.empty()) {
      lane = std::move(lanes.back());
      lanes.pop_back();
    }
  }
  if (!lane) lane = openLane(priority);
}

LaneLease::~LaneLease() {
  // After a failure work may be under way; what failed has been told already.
  for (const Stage& stage : lane->stages) static_cast<void>(cudaStreamSynchronize(stage.stream));
  const std::lock_guard<std::mutex> lock(lanesBusy);
  freeLanes[static_cast<int>(priority)].push_back(std::move(lane));
}

int failed(const std::exception& failure) {
  lastError = failure.what();
  const auto* cuda = dynamic_cast<const CudaFailure*>(&failure);
  return cuda ? static_cast<int>(cuda->error) : -1;
}

}  // namespace atlas

extern "C" const char* atlas_cuda_error(void) { return atlas::lastError.c_str(); }

extern "C" int atlas_cuda_open(char* name, int64_t bytes) {
  return atlas::guarded([&] {
    const std::string& found = atlas::device().name;
    std::snprintf(name, static_cast<size_t>(bytes), "%s", found.c_str());
  });
}
