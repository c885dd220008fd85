-- CreateEnum
CREATE TYPE "SegmentGroupKind" AS ENUM ('ALL', 'WITHIN', 'BETWEEN', 'LABELS');

-- CreateTable
CREATE TABLE "segment_set" (
    "id" SERIAL NOT NULL,
    "network_id" INTEGER NOT NULL,
    "dataset_id" INTEGER NOT NULL,
    "from_layer" INTEGER NOT NULL,
    "to_layer" INTEGER NOT NULL,
    "pairs" INTEGER NOT NULL,
    "seed" INTEGER NOT NULL,
    "pair_count" BIGINT NOT NULL,
    "segment_count" INTEGER NOT NULL,
    "computed_at" TIMESTAMPTZ(3),
    "job_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "segment_set_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "segment" (
    "set_id" INTEGER NOT NULL,
    "index" INTEGER NOT NULL,
    "from_input" INTEGER NOT NULL,
    "to_input" INTEGER NOT NULL,
    "length" DOUBLE PRECISION NOT NULL,
    "region_count" INTEGER NOT NULL,
    "endpoint_distance" INTEGER NOT NULL,
    "prediction_changes" INTEGER NOT NULL,

    CONSTRAINT "segment_pkey" PRIMARY KEY ("set_id","index")
);

-- CreateTable
CREATE TABLE "segment_group" (
    "set_id" INTEGER NOT NULL,
    "index" INTEGER NOT NULL,
    "kind" "SegmentGroupKind" NOT NULL,
    "label_a" INTEGER,
    "label_b" INTEGER,
    "first_segment" INTEGER NOT NULL,
    "count" INTEGER NOT NULL,
    "zero_length_count" INTEGER NOT NULL,
    "estimates" JSONB NOT NULL,

    CONSTRAINT "segment_group_pkey" PRIMARY KEY ("set_id","index")
);

-- CreateIndex
CREATE INDEX "segment_set_dataset_id_idx" ON "segment_set"("dataset_id");

-- CreateIndex
CREATE UNIQUE INDEX "segment_set_network_id_dataset_id_from_layer_to_layer_pairs_key" ON "segment_set"("network_id", "dataset_id", "from_layer", "to_layer", "pairs", "seed");

-- CreateIndex
CREATE INDEX "segment_set_id_region_count_index_idx" ON "segment"("set_id", "region_count", "index");

-- CreateIndex
CREATE INDEX "segment_set_id_length_index_idx" ON "segment"("set_id", "length", "index");

-- AddForeignKey
ALTER TABLE "segment_set" ADD CONSTRAINT "segment_set_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "segment_set" ADD CONSTRAINT "segment_set_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "dataset"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "segment_set" ADD CONSTRAINT "segment_set_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "job"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "segment" ADD CONSTRAINT "segment_set_id_fkey" FOREIGN KEY ("set_id") REFERENCES "segment_set"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "segment_group" ADD CONSTRAINT "segment_group_set_id_fkey" FOREIGN KEY ("set_id") REFERENCES "segment_set"("id") ON DELETE CASCADE ON UPDATE CASCADE;
