-- Regions may be clustered by their activations as well as by their codes.
ALTER TYPE "CodeMetric" RENAME TO "RegionMetric";

-- AlterEnum
ALTER TYPE "RegionMetric" ADD VALUE 'EUCLIDEAN';
