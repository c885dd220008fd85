-- CreateEnum
CREATE TYPE "BoxSide" AS ENUM ('LOWER', 'UPPER');

-- CreateTable
CREATE TABLE "region_polytope" (
    "partition_id" INTEGER NOT NULL,
    "region" INTEGER NOT NULL,
    "facet_count" INTEGER NOT NULL,
    "box_facet_count" INTEGER NOT NULL,
    "center" BYTEA,
    "inradius" DOUBLE PRECISION,
    "complete" BOOLEAN NOT NULL,
    "box_lower" BYTEA,
    "box_upper" BYTEA,
    "computed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "region_polytope_pkey" PRIMARY KEY ("partition_id","region")
);

-- CreateTable
CREATE TABLE "region_facet" (
    "partition_id" INTEGER NOT NULL,
    "region" INTEGER NOT NULL,
    "rank" INTEGER NOT NULL,
    "layer" INTEGER,
    "unit" INTEGER,
    "position" INTEGER,
    "axis" INTEGER,
    "side" "BoxSide",
    "distance" DOUBLE PRECISION NOT NULL,
    "bit_distance" INTEGER,
    "code_hash" UUID,
    "bit_count" INTEGER,

    CONSTRAINT "region_facet_pkey" PRIMARY KEY ("partition_id","region","rank")
);

-- CreateIndex
CREATE INDEX "region_facet_code_hash_bit_count_idx" ON "region_facet"("code_hash", "bit_count");

-- AddForeignKey
ALTER TABLE "region_polytope" ADD CONSTRAINT "region_polytope_partition_id_fkey" FOREIGN KEY ("partition_id") REFERENCES "partition"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "region_facet" ADD CONSTRAINT "region_facet_partition_id_fkey" FOREIGN KEY ("partition_id") REFERENCES "partition"("id") ON DELETE CASCADE ON UPDATE CASCADE;
