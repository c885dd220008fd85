// What was measured, and the file that it goes to.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace check {

/** One measured kernel. */
struct Figure {
  std::string what;
  /** Median of the runs. */
  double seconds;
  int runs;
  /** Work a second, and in what. */
  double rate;
  std::string unit;
  /** What the rate is compared with, and their ratio; "" for nothing. */
  std::string limit;
  double ofLimit;
};

/** Median seconds of `runs` runs, after one that is not counted. */
double medianSeconds(int runs, const std::function<void()>& run);

/** Writes and prints all figures; returns the file's name, cuda-<gpu>.json in `folder`. */
std::string writeReport(const std::string& folder, const std::string& gpu, const std::string& sizes,
                        const std::vector<Figure>& figures);

}  // namespace check
