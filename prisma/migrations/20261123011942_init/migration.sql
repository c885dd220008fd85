-- CreateEnum
CREATE TYPE "Exactness" AS ENUM ('PIECEWISE_AFFINE', 'APPROXIMATE');

-- CreateEnum
CREATE TYPE "Granularity" AS ENUM ('WHOLE_INPUT', 'PER_POSITION');

-- CreateEnum
CREATE TYPE "ElementType" AS ENUM ('U8', 'F32');

-- CreateEnum
CREATE TYPE "JobState" AS ENUM ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED');

-- CreateTable
CREATE TABLE "file" (
    "sha256" CHAR(64) NOT NULL,
    "byte_count" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "file_pkey" PRIMARY KEY ("sha256")
);

-- CreateTable
CREATE TABLE "file_chunk" (
    "sha256" CHAR(64) NOT NULL,
    "index" INTEGER NOT NULL,
    "data" BYTEA NOT NULL,

    CONSTRAINT "file_chunk_pkey" PRIMARY KEY ("sha256","index")
);

-- CreateTable
CREATE TABLE "network" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "sha256" CHAR(64) NOT NULL,
    "description" TEXT NOT NULL,
    "tags" TEXT[],
    "parameter_count" INTEGER NOT NULL,
    "input_shape" INTEGER[],
    "output_shape" INTEGER[],
    "exactness" "Exactness" NOT NULL,
    "approximations" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "network_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "layer" (
    "network_id" INTEGER NOT NULL,
    "index" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "operator" TEXT NOT NULL,
    "unit_count" INTEGER NOT NULL,
    "position_count" INTEGER NOT NULL,
    "exact" BOOLEAN NOT NULL,

    CONSTRAINT "layer_pkey" PRIMARY KEY ("network_id","index")
);

-- CreateTable
CREATE TABLE "dataset" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "sha256" CHAR(64) NOT NULL,
    "shape" INTEGER[],
    "class_names" TEXT[],
    "input_count" INTEGER NOT NULL,
    "element_type" "ElementType" NOT NULL,
    "scale" DOUBLE PRECISION NOT NULL,
    "sample_byte_count" INTEGER NOT NULL,
    "chunk_size" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "dataset_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "dataset_chunk" (
    "dataset_id" INTEGER NOT NULL,
    "index" INTEGER NOT NULL,
    "data" BYTEA NOT NULL,

    CONSTRAINT "dataset_chunk_pkey" PRIMARY KEY ("dataset_id","index")
);

-- CreateTable
CREATE TABLE "input" (
    "dataset_id" INTEGER NOT NULL,
    "index" INTEGER NOT NULL,
    "label" INTEGER,

    CONSTRAINT "input_pkey" PRIMARY KEY ("dataset_id","index")
);

-- CreateTable
CREATE TABLE "code_chunk" (
    "network_id" INTEGER NOT NULL,
    "dataset_id" INTEGER NOT NULL,
    "layer" INTEGER NOT NULL,
    "index" INTEGER NOT NULL,
    "codes" BYTEA NOT NULL,
    "margins" BYTEA NOT NULL,
    "absolute_sum" DOUBLE PRECISION NOT NULL,
    "count" BIGINT NOT NULL,

    CONSTRAINT "code_chunk_pkey" PRIMARY KEY ("network_id","dataset_id","layer","index")
);

-- CreateTable
CREATE TABLE "prediction_chunk" (
    "network_id" INTEGER NOT NULL,
    "dataset_id" INTEGER NOT NULL,
    "index" INTEGER NOT NULL,
    "scores" BYTEA NOT NULL,

    CONSTRAINT "prediction_chunk_pkey" PRIMARY KEY ("network_id","dataset_id","index")
);

-- CreateTable
CREATE TABLE "partition" (
    "id" SERIAL NOT NULL,
    "network_id" INTEGER NOT NULL,
    "dataset_id" INTEGER NOT NULL,
    "from_layer" INTEGER NOT NULL,
    "to_layer" INTEGER NOT NULL,
    "granularity" "Granularity" NOT NULL,
    "bit_count" INTEGER NOT NULL,
    "site_count" INTEGER NOT NULL,
    "region_count" INTEGER NOT NULL DEFAULT 0,
    "label_entropy" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "computed_at" TIMESTAMPTZ(3),
    "neighbor_count" INTEGER,
    "job_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "partition_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "code" (
    "hash" UUID NOT NULL,
    "bit_count" INTEGER NOT NULL,
    "bits" BYTEA NOT NULL,
    "active_bit_count" INTEGER NOT NULL,

    CONSTRAINT "code_pkey" PRIMARY KEY ("hash","bit_count")
);

-- CreateTable
CREATE TABLE "region" (
    "partition_id" INTEGER NOT NULL,
    "index" INTEGER NOT NULL,
    "code_hash" UUID NOT NULL,
    "bit_count" INTEGER NOT NULL,
    "member_count" INTEGER NOT NULL,
    "active_bit_count" INTEGER NOT NULL,
    "exemplar_input" INTEGER NOT NULL,
    "exemplar_position" INTEGER NOT NULL,
    "label" INTEGER,
    "labels" INTEGER[],
    "label_counts" INTEGER[],
    "label_entropy" DOUBLE PRECISION NOT NULL,
    "purity" DOUBLE PRECISION NOT NULL,
    "margin" REAL NOT NULL,

    CONSTRAINT "region_pkey" PRIMARY KEY ("partition_id","index")
);

-- CreateTable
CREATE TABLE "membership" (
    "partition_id" INTEGER NOT NULL,
    "input_index" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    "region" INTEGER NOT NULL,
    "margin" REAL NOT NULL,

    CONSTRAINT "membership_pkey" PRIMARY KEY ("partition_id","input_index","position")
);

-- CreateTable
CREATE TABLE "region_neighbor" (
    "partition_id" INTEGER NOT NULL,
    "region" INTEGER NOT NULL,
    "rank" INTEGER NOT NULL,
    "neighbor" INTEGER NOT NULL,
    "distance" INTEGER NOT NULL,

    CONSTRAINT "region_neighbor_pkey" PRIMARY KEY ("partition_id","region","rank")
);

-- CreateTable
CREATE TABLE "comparison" (
    "id" SERIAL NOT NULL,
    "a_id" INTEGER NOT NULL,
    "b_id" INTEGER NOT NULL,
    "site_count" INTEGER NOT NULL,
    "metrics" JSONB NOT NULL,
    "baseline" JSONB NOT NULL,
    "baseline_seed" INTEGER NOT NULL,
    "shared_code_count" INTEGER NOT NULL,
    "bit_flips" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "comparison_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "matched_region" (
    "comparison_id" INTEGER NOT NULL,
    "rank" INTEGER NOT NULL,
    "region_a" INTEGER NOT NULL,
    "region_b" INTEGER NOT NULL,
    "jaccard" DOUBLE PRECISION NOT NULL,
    "shared_members" INTEGER NOT NULL,

    CONSTRAINT "matched_region_pkey" PRIMARY KEY ("comparison_id","rank")
);

-- CreateTable
CREATE TABLE "matched_unit" (
    "comparison_id" INTEGER NOT NULL,
    "rank" INTEGER NOT NULL,
    "layer_a" INTEGER NOT NULL,
    "unit_a" INTEGER NOT NULL,
    "layer_b" INTEGER NOT NULL,
    "unit_b" INTEGER NOT NULL,
    "correlation" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "matched_unit_pkey" PRIMARY KEY ("comparison_id","rank")
);

-- CreateTable
CREATE TABLE "job" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "state" "JobState" NOT NULL DEFAULT 'QUEUED',
    "payload" JSONB NOT NULL,
    "done" INTEGER NOT NULL DEFAULT 0,
    "total" INTEGER,
    "error_code" TEXT,
    "error" TEXT,
    "cancel_requested" BOOLEAN NOT NULL DEFAULT false,
    "network_id" INTEGER,
    "dataset_id" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "progress_at" TIMESTAMPTZ(3),
    "started_done" INTEGER NOT NULL DEFAULT 0,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "job_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "note" (
    "key" TEXT NOT NULL,
    "value" TEXT NOT NULL,

    CONSTRAINT "note_pkey" PRIMARY KEY ("key")
);

-- CreateIndex
CREATE UNIQUE INDEX "network_name_key" ON "network"("name");

-- CreateIndex
CREATE UNIQUE INDEX "network_sha256_key" ON "network"("sha256");

-- CreateIndex
CREATE INDEX "network_created_at_id_idx" ON "network"("created_at" DESC, "id");

-- CreateIndex
CREATE INDEX "network_parameter_count_id_idx" ON "network"("parameter_count" DESC, "id");

-- CreateIndex
CREATE UNIQUE INDEX "dataset_name_key" ON "dataset"("name");

-- CreateIndex
CREATE INDEX "input_dataset_id_label_index_idx" ON "input"("dataset_id", "label", "index");

-- CreateIndex
CREATE INDEX "code_chunk_dataset_id_idx" ON "code_chunk"("dataset_id");

-- CreateIndex
CREATE INDEX "prediction_chunk_dataset_id_idx" ON "prediction_chunk"("dataset_id");

-- CreateIndex
CREATE INDEX "partition_dataset_id_idx" ON "partition"("dataset_id");

-- CreateIndex
CREATE UNIQUE INDEX "partition_network_id_dataset_id_from_layer_to_layer_granula_key" ON "partition"("network_id", "dataset_id", "from_layer", "to_layer", "granularity");

-- CreateIndex
CREATE INDEX "region_code_hash_bit_count_idx" ON "region"("code_hash", "bit_count");

-- CreateIndex
CREATE INDEX "region_partition_id_member_count_index_idx" ON "region"("partition_id", "member_count", "index");

-- CreateIndex
CREATE INDEX "region_partition_id_label_entropy_index_idx" ON "region"("partition_id", "label_entropy", "index");

-- CreateIndex
CREATE INDEX "region_partition_id_active_bit_count_index_idx" ON "region"("partition_id", "active_bit_count", "index");

-- CreateIndex
CREATE INDEX "membership_partition_id_region_input_index_position_idx" ON "membership"("partition_id", "region", "input_index", "position");

-- CreateIndex
CREATE INDEX "comparison_b_id_idx" ON "comparison"("b_id");

-- CreateIndex
CREATE UNIQUE INDEX "comparison_a_id_b_id_key" ON "comparison"("a_id", "b_id");

-- CreateIndex
CREATE INDEX "job_state_created_at_idx" ON "job"("state", "created_at" DESC);

-- CreateIndex
CREATE INDEX "job_created_at_id_idx" ON "job"("created_at" DESC, "id");

-- CreateIndex
CREATE INDEX "job_network_id_idx" ON "job"("network_id");

-- CreateIndex
CREATE INDEX "job_dataset_id_idx" ON "job"("dataset_id");

-- AddForeignKey
ALTER TABLE "file_chunk" ADD CONSTRAINT "file_chunk_sha256_fkey" FOREIGN KEY ("sha256") REFERENCES "file"("sha256") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "network" ADD CONSTRAINT "network_sha256_fkey" FOREIGN KEY ("sha256") REFERENCES "file"("sha256") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "layer" ADD CONSTRAINT "layer_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dataset_chunk" ADD CONSTRAINT "dataset_chunk_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "dataset"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "input" ADD CONSTRAINT "input_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "dataset"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "code_chunk" ADD CONSTRAINT "code_chunk_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "code_chunk" ADD CONSTRAINT "code_chunk_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "dataset"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "prediction_chunk" ADD CONSTRAINT "prediction_chunk_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "prediction_chunk" ADD CONSTRAINT "prediction_chunk_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "dataset"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "partition" ADD CONSTRAINT "partition_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "partition" ADD CONSTRAINT "partition_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "dataset"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "partition" ADD CONSTRAINT "partition_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "job"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "region" ADD CONSTRAINT "region_partition_id_fkey" FOREIGN KEY ("partition_id") REFERENCES "partition"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "membership" ADD CONSTRAINT "membership_partition_id_fkey" FOREIGN KEY ("partition_id") REFERENCES "partition"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "region_neighbor" ADD CONSTRAINT "region_neighbor_partition_id_fkey" FOREIGN KEY ("partition_id") REFERENCES "partition"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "comparison" ADD CONSTRAINT "comparison_a_id_fkey" FOREIGN KEY ("a_id") REFERENCES "partition"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "comparison" ADD CONSTRAINT "comparison_b_id_fkey" FOREIGN KEY ("b_id") REFERENCES "partition"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "matched_region" ADD CONSTRAINT "matched_region_comparison_id_fkey" FOREIGN KEY ("comparison_id") REFERENCES "comparison"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "matched_unit" ADD CONSTRAINT "matched_unit_comparison_id_fkey" FOREIGN KEY ("comparison_id") REFERENCES "comparison"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "job" ADD CONSTRAINT "job_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "job" ADD CONSTRAINT "job_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "dataset"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- Packed bytes do not compress, and a sample or a prediction is cut out of its chunk with substring(): stored
-- out of line as they are, Postgres reads only the pages it needs.
ALTER TABLE "file_chunk" ALTER COLUMN "data" SET STORAGE EXTERNAL;
ALTER TABLE "dataset_chunk" ALTER COLUMN "data" SET STORAGE EXTERNAL;
ALTER TABLE "code_chunk" ALTER COLUMN "codes" SET STORAGE EXTERNAL;
ALTER TABLE "code_chunk" ALTER COLUMN "margins" SET STORAGE EXTERNAL;
ALTER TABLE "prediction_chunk" ALTER COLUMN "scores" SET STORAGE EXTERNAL;
ALTER TABLE "code" ALTER COLUMN "bits" SET STORAGE EXTERNAL;
