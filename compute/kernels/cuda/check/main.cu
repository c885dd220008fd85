// Checks every kernel against plain loops: check
// Times them and writes cuda-<gpu>.json: check --time FOLDER [DIVISOR OF THE SIZES]
// The exit code is 0 where all is well, 1 where something failed, 3 where there is no GPU.
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "../library.cu"
#include "checkAll.cpp"
#include "data.cpp"
#include "pairChecks.cpp"
#include "pairSumChecks.cpp"
#include "report.cpp"
#include "rowChecks.cpp"
#include "timings.cu"

namespace {

constexpr int NO_GPU = 3;

int run(const char* gpu, int count, char** arguments) {
  if (count == 1) {
    check::checkAll();
    std::printf("%d failures\n", check::failures());
    return check::failures() > 0;
  }
  const int64_t divisor = count > 3 ? std::atoll(arguments[3]) : 1;
  const std::string sizes = divisor == 1 ? "full" : "divided by " + std::to_string(divisor);
  const std::string file = check::writeReport(arguments[2], gpu, sizes, check::timeAll(divisor));
  std::printf("wrote %s\n", file.c_str());
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  if (count != 1 && (count < 3 || std::strcmp(arguments[1], "--time") != 0)) {
    std::printf("usage: %s [--time FOLDER [DIVISOR]]\n", arguments[0]);
    return 1;
  }
  char name[256];
  if (atlas_cuda_open(name, sizeof name) != 0) {
    std::printf("no GPU to run on: %s\n", atlas_cuda_error());
    return NO_GPU;
  }
  std::printf("on %s\n", name);
  try {
    return run(name, count, arguments);
  } catch (const std::exception& failure) {
    std::printf("FAILED %s\n", failure.what());
    return 1;
  }
}
