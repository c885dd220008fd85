// Made-up codes for the check, and the failures that it finds.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace check {

/** Throws where a call of the library failed. */
void must(int code);

/** Counts and prints a check that does not hold. */
void expect(bool holds, const std::string& what);

/** Checks that did not hold so far. */
int failures();

/** The same on every run. */
class Random {
 public:
  explicit Random(uint64_t seed) : engine(seed) {}
  uint32_t word() { return static_cast<uint32_t>(engine()); }
  /** 0 … most. */
  int64_t upTo(int64_t most) { return static_cast<int64_t>(engine() % (static_cast<uint64_t>(most) + 1)); }
  float uniform() { return static_cast<float>(word()) / 4294967296.0f; }
  std::vector<int32_t> numbers(int64_t count, int64_t most);

 private:
  std::mt19937_64 engine;
};

/** Packed rows as the library takes them. */
struct Codes {
  uint64_t id;
  int64_t rows, bits, width;
  std::vector<uint32_t> words;

  const uint32_t* row(int64_t row) const { return words.data() + row * width; }
  bool bit(int64_t row, int64_t bit) const { return words[static_cast<size_t>(row * width + bit / 32)] >> (bit % 32) & 1; }
};

/**
 * Rows near some of `patterns` random ones, so that equal distances and equal rows are common.
 *
 * @param flips bits at most in which a row differs from its pattern
 */
Codes makeCodes(int64_t rows, int64_t bits, int64_t patterns, int64_t flips, uint64_t seed);

/** Rows with every bit random. */
Codes randomCodes(int64_t rows, int64_t bits, uint64_t seed);

}  // namespace check
