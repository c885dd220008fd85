-- Comparisons of before lack the overlap of their regions and the bits that differ once units are aligned. They hold
-- nothing but what the partitions say: whoever asks for one again gets it whole.
DELETE FROM "comparison";

-- AlterTable
ALTER TABLE "comparison" RENAME COLUMN "bit_flips" TO "flips";
