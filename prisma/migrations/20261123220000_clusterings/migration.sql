-- CreateEnum
CREATE TYPE "CodeMetric" AS ENUM ('HAMMING', 'JACCARD');

-- CreateTable
CREATE TABLE "clustering" (
    "id" SERIAL NOT NULL,
    "partition_id" INTEGER NOT NULL,
    "metric" "CodeMetric" NOT NULL,
    "min_cluster_size" INTEGER NOT NULL,
    "min_samples" INTEGER NOT NULL,
    "cluster_count" INTEGER NOT NULL DEFAULT 0,
    "noise_region_count" INTEGER NOT NULL DEFAULT 0,
    "noise_member_count" INTEGER NOT NULL DEFAULT 0,
    "label_entropy" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "baseline_label_entropy" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "baseline_seed" INTEGER NOT NULL DEFAULT 0,
    "computed_at" TIMESTAMPTZ(3),
    "job_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "clustering_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "cluster" (
    "clustering_id" INTEGER NOT NULL,
    "index" INTEGER NOT NULL,
    "region_count" INTEGER NOT NULL,
    "member_count" INTEGER NOT NULL,
    "exemplar_region" INTEGER NOT NULL,
    "node" INTEGER NOT NULL,
    "label" INTEGER,
    "labels" INTEGER[],
    "label_counts" INTEGER[],
    "label_entropy" DOUBLE PRECISION NOT NULL,
    "purity" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "cluster_pkey" PRIMARY KEY ("clustering_id","index")
);

-- CreateTable
CREATE TABLE "region_cluster" (
    "clustering_id" INTEGER NOT NULL,
    "region" INTEGER NOT NULL,
    "cluster" INTEGER,
    "probability" DOUBLE PRECISION NOT NULL,
    "outlier_score" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "region_cluster_pkey" PRIMARY KEY ("clustering_id","region")
);

-- CreateTable
CREATE TABLE "condensed_node" (
    "clustering_id" INTEGER NOT NULL,
    "index" INTEGER NOT NULL,
    "parent" INTEGER,
    "birth" DOUBLE PRECISION,
    "death" DOUBLE PRECISION NOT NULL,
    "region_count" INTEGER NOT NULL,
    "stability" DOUBLE PRECISION NOT NULL,
    "cluster" INTEGER,

    CONSTRAINT "condensed_node_pkey" PRIMARY KEY ("clustering_id","index")
);

-- CreateIndex
CREATE UNIQUE INDEX "clustering_key" ON "clustering"("partition_id", "metric", "min_cluster_size", "min_samples");

-- CreateIndex
CREATE INDEX "cluster_clustering_id_member_count_index_idx" ON "cluster"("clustering_id", "member_count", "index");

-- CreateIndex
CREATE INDEX "cluster_clustering_id_label_entropy_index_idx" ON "cluster"("clustering_id", "label_entropy", "index");

-- CreateIndex
CREATE INDEX "region_cluster_clustering_id_cluster_region_idx" ON "region_cluster"("clustering_id", "cluster", "region");

-- AddForeignKey
ALTER TABLE "clustering" ADD CONSTRAINT "clustering_partition_id_fkey" FOREIGN KEY ("partition_id") REFERENCES "partition"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "clustering" ADD CONSTRAINT "clustering_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "job"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cluster" ADD CONSTRAINT "cluster_clustering_id_fkey" FOREIGN KEY ("clustering_id") REFERENCES "clustering"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "region_cluster" ADD CONSTRAINT "region_cluster_clustering_id_fkey" FOREIGN KEY ("clustering_id") REFERENCES "clustering"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "condensed_node" ADD CONSTRAINT "condensed_node_clustering_id_fkey" FOREIGN KEY ("clustering_id") REFERENCES "clustering"("id") ON DELETE CASCADE ON UPDATE CASCADE;
