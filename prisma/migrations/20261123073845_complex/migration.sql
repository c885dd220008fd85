-- CreateTable
CREATE TABLE "complex" (
    "id" SERIAL NOT NULL,
    "network_id" INTEGER NOT NULL,
    "to_layer" INTEGER NOT NULL,
    "box_hash" CHAR(16) NOT NULL,
    "lower" BYTEA NOT NULL,
    "upper" BYTEA NOT NULL,
    "bit_count" INTEGER NOT NULL,
    "region_limit" INTEGER NOT NULL,
    "region_count" INTEGER NOT NULL DEFAULT 0,
    "frontier_count" INTEGER NOT NULL DEFAULT 0,
    "undecided_count" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "job_id" UUID,

    CONSTRAINT "complex_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "complex_region" (
    "complex_id" INTEGER NOT NULL,
    "index" INTEGER NOT NULL,
    "code_hash" UUID NOT NULL,
    "bit_count" INTEGER NOT NULL,
    "complete" BOOLEAN NOT NULL,
    "center" BYTEA NOT NULL,
    "inradius" DOUBLE PRECISION NOT NULL,
    "degree" INTEGER NOT NULL,
    "sources" INTEGER[],
    "neighbors" INTEGER[],
    "distances" DOUBLE PRECISION[],
    "map" BYTEA NOT NULL,
    "singular_values" BYTEA NOT NULL,

    CONSTRAINT "complex_region_pkey" PRIMARY KEY ("complex_id","index")
);

-- CreateTable
CREATE TABLE "complex_frontier" (
    "complex_id" INTEGER NOT NULL,
    "index" INTEGER NOT NULL,
    "bits" BYTEA NOT NULL,
    "point" BYTEA NOT NULL,

    CONSTRAINT "complex_frontier_pkey" PRIMARY KEY ("complex_id","index")
);

-- CreateIndex
CREATE UNIQUE INDEX "complex_network_id_to_layer_box_hash_key" ON "complex"("network_id", "to_layer", "box_hash");

-- CreateIndex
CREATE INDEX "complex_region_code_hash_bit_count_idx" ON "complex_region"("code_hash", "bit_count");

-- CreateIndex
CREATE INDEX "complex_region_complex_id_inradius_index_idx" ON "complex_region"("complex_id", "inradius", "index");

-- CreateIndex
CREATE INDEX "complex_region_complex_id_degree_index_idx" ON "complex_region"("complex_id", "degree", "index");

-- AddForeignKey
ALTER TABLE "complex" ADD CONSTRAINT "complex_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "complex" ADD CONSTRAINT "complex_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "job"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "complex_region" ADD CONSTRAINT "complex_region_complex_id_fkey" FOREIGN KEY ("complex_id") REFERENCES "complex"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "complex_frontier" ADD CONSTRAINT "complex_frontier_complex_id_fkey" FOREIGN KEY ("complex_id") REFERENCES "complex"("id") ON DELETE CASCADE ON UPDATE CASCADE;
