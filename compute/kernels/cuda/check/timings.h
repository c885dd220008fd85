// Timings of the kernels at the sizes that users meet.
#pragma once

#include "report.h"

namespace check {

/** Sizes are divided by this: 1 for a GPU of a server; 8 for a small one; more where the host shim runs the kernels. */
std::vector<Figure> timeAll(int64_t divisor);

}  // namespace check
