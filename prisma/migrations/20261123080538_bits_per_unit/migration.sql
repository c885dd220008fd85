-- AlterTable
ALTER TABLE "layer" ADD COLUMN     "bits_per_unit" INTEGER NOT NULL DEFAULT 1;
