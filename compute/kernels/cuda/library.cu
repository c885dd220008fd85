// The whole library as one unit: the CUDA headers are read once, which is most of the time that compiling takes.
#include "countColumns.cu"
#include "countCommon.cu"
#include "countDistances.cu"
#include "device.cu"
#include "groupKernels.cu"
#include "groupTable.cu"
#include "hash128.cu"
#include "markDifferences.cu"
#include "nearest.cu"
#include "pack.cu"
#include "pairMatrix.cu"
#include "pipeline.cu"
#include "popcounts.cu"
#include "rowCache.cu"
#include "scan.cu"
#include "sideLevels.cu"
#include "spanningTree.cu"
#include "sumPairs.cu"
#include "within.cu"

#ifdef ATLAS_CUDA_HOST
#include "host/shim.cpp"
#endif
