-- CreateTable
CREATE TABLE "embedding" (
    "id" SERIAL NOT NULL,
    "partition_id" INTEGER NOT NULL,
    "neighbors" INTEGER NOT NULL,
    "seed" INTEGER NOT NULL,
    "positions" BYTEA,
    "computed_at" TIMESTAMPTZ(3),
    "job_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "embedding_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "embedding_key" ON "embedding"("partition_id", "neighbors", "seed");

-- AddForeignKey
ALTER TABLE "embedding" ADD CONSTRAINT "embedding_partition_id_fkey" FOREIGN KEY ("partition_id") REFERENCES "partition"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "embedding" ADD CONSTRAINT "embedding_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "job"("id") ON DELETE SET NULL ON UPDATE CASCADE;
