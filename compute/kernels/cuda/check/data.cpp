#include "data.h"

#include <cstdio>
#include <stdexcept>

#include "../atlas_cuda.h"

namespace check {
namespace {

int failed = 0;

Codes emptyCodes(int64_t rows, int64_t bits) {
  static uint64_t ids = 0;
  const int64_t width = (bits + 255) / 256 * 8;
  return {++ids, rows, bits, width, std::vector<uint32_t>(static_cast<size_t>(rows * width))};
}

/** Writes random words over a row, zeros after its last bit. */
void randomize(uint32_t* row, int64_t bits, Random& random) {
  for (int64_t bit = 0; bit < bits; bit += 32) {
    row[bit / 32] = bits - bit >= 32 ? random.word() : random.word() & ((1u << (bits - bit)) - 1);
  }
}

}  // namespace

void must(int code) {
  if (code != 0) throw std::runtime_error(atlas_cuda_error());
}

void expect(bool holds, const std::string& what) {
  if (holds) return;
  failed++;
  std::printf("FAILED %s\n", what.c_str());
}

int failures() { return failed; }

std::vector<int32_t> Random::numbers(int64_t count, int64_t most) {
  std::vector<int32_t> numbers(static_cast<size_t>(count));
  for (int32_t& number : numbers) number = static_cast<int32_t>(upTo(most));
  return numbers;
}

Codes randomCodes(int64_t rows, int64_t bits, uint64_t seed) {
  Random random(seed);
  Codes codes = emptyCodes(rows, bits);
  for (int64_t row = 0; row < rows; row++) randomize(codes.words.data() + row * codes.width, bits, random);
  return codes;
}

Codes makeCodes(int64_t rows, int64_t bits, int64_t patterns, int64_t flips, uint64_t seed) {
  const Codes pattern = randomCodes(patterns, bits, seed);
  Random random(seed + 1);
  Codes codes = emptyCodes(rows, bits);
  for (int64_t row = 0; row < rows; row++) {
    uint32_t* const words = codes.words.data() + row * codes.width;
    const uint32_t* const from = pattern.row(random.upTo(patterns - 1));
    for (int64_t word = 0; word < codes.width; word++) words[word] = from[word];
    for (int64_t flip = bits == 0 ? 0 : random.upTo(flips); flip > 0; flip--) {
      const int64_t bit = random.upTo(bits - 1);
      words[bit / 32] ^= 1u << (bit % 32);
    }
  }
  return codes;
}

}  // namespace check
