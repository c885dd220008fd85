/* The limit of a Hamming search on one core: xor and popcnt over two arrays in the first-level cache, Gbit/s. */
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#define WORDS 1024
#define ROUNDS 1000000

static volatile uint64_t a[WORDS], b[WORDS];

int main(void) {
  struct timespec begin, end;
  uint64_t sum = 0;
  const uint64_t *x = (const uint64_t *)a, *y = (const uint64_t *)b;
  for (int i = 0; i < WORDS; i++) a[i] = i * 0x9e3779b97f4a7c15u, b[i] = i * 0xbf58476d1ce4e5b9u;
  clock_gettime(CLOCK_MONOTONIC, &begin);
  for (int round = 0; round < ROUNDS; round++) {
    for (int i = 0; i < WORDS; i += 4)
      sum += (uint64_t)(__builtin_popcountll(x[i] ^ y[i]) + __builtin_popcountll(x[i + 1] ^ y[i + 1]) +
                        __builtin_popcountll(x[i + 2] ^ y[i + 2]) + __builtin_popcountll(x[i + 3] ^ y[i + 3]));
    __asm__ volatile("" : "+r"(sum) : : "memory");
  }
  clock_gettime(CLOCK_MONOTONIC, &end);
  const double seconds = (double)(end.tv_sec - begin.tv_sec) + (double)(end.tv_nsec - begin.tv_nsec) / 1e9;
  printf("%.1f\n", 64.0 * WORDS * ROUNDS / seconds / 1e9);
  return sum == 42;
}
