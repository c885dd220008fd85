#include "report.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <stdexcept>

#include "../runtime.cuh"

namespace check {
namespace {

std::string slug(const std::string& name) {
  std::string slug;
  for (const char c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (plain) slug += c;
    else if (c >= 'A' && c <= 'Z') slug += static_cast<char>(c - 'A' + 'a');
    else if (!slug.empty() && slug.back() != '-') slug += '-';
  }
  return slug;
}

void writeFigure(std::FILE* file, const Figure& figure) {
  std::fprintf(file, "    { \"what\": \"%s\", \"seconds\": %.6g, \"runs\": %d, \"rate\": %.4g, \"unit\": \"%s\"",
               figure.what.c_str(), figure.seconds, figure.runs, figure.rate, figure.unit.c_str());
  if (!figure.limit.empty()) {
    std::fprintf(file, ", \"limit\": \"%s\", \"ofLimit\": %.3f", figure.limit.c_str(), figure.ofLimit);
  }
  std::fprintf(file, " }");
}

}  // namespace

double medianSeconds(int runs, const std::function<void()>& run) {
  run();
  std::vector<double> seconds;
  for (int i = 0; i < runs; i++) {
    const auto start = std::chrono::steady_clock::now();
    run();
    seconds.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  std::sort(seconds.begin(), seconds.end());
  return seconds[seconds.size() / 2];
}

std::string writeReport(const std::string& folder, const std::string& gpu, const std::string& sizes,
                        const std::vector<Figure>& figures) {
  int driver = 0;
  int runtime = 0;
  atlas::check(cudaDriverGetVersion(&driver), "Asking for the driver's version");
  atlas::check(cudaRuntimeGetVersion(&runtime), "Asking for the runtime's version");
  const std::string name = folder + "/cuda-" + slug(gpu) + ".json";
  std::FILE* const file = std::fopen(name.c_str(), "w");
  if (!file) throw std::runtime_error("cannot write " + name);
  std::fprintf(file, "{\n  \"gpu\": \"%s\",\n  \"driver\": %d,\n  \"runtime\": %d,\n  \"sizes\": \"%s\",\n", gpu.c_str(),
               driver, runtime, sizes.c_str());
  std::fprintf(file, "  \"figures\": [\n");
  for (const Figure& figure : figures) {
    writeFigure(file, figure);
    std::fprintf(file, &figure == &figures.back() ? "\n" : ",\n");
    std::printf("%-58s %10.4f s  %10.4g %s", figure.what.c_str(), figure.seconds, figure.rate, figure.unit.c_str());
    if (!figure.limit.empty()) std::printf(", %.2f of %s", figure.ofLimit, figure.limit.c_str());
    std::printf("\n");
  }
  std::fprintf(file, "  ]\n}\n");
  std::fclose(file);
  return name;
}

}  // namespace check
