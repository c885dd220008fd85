-- AlterTable
ALTER TABLE "layer" ADD COLUMN     "position_shape" INTEGER[] DEFAULT ARRAY[]::INTEGER[];

-- AlterTable
ALTER TABLE "partition" ADD COLUMN     "position_start" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "position_step" INTEGER NOT NULL DEFAULT 1;

-- DropIndex
DROP INDEX "partition_network_id_dataset_id_from_layer_to_layer_granula_key";

-- CreateIndex
CREATE UNIQUE INDEX "partition_key" ON "partition"("network_id", "dataset_id", "from_layer", "to_layer", "granularity", "position_start", "position_step");

-- Of layers imported before, only the number of positions is known.
UPDATE "layer" SET "position_shape" = ARRAY["position_count"] WHERE "position_count" > 1;
