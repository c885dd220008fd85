-- CreateEnum
CREATE TYPE "DirectionKind" AS ENUM ('PRINCIPAL_COMPONENT', 'NON_NEGATIVE_FACTOR', 'CLASS_MEAN');

-- CreateEnum
CREATE TYPE "CurveKind" AS ENUM ('UNIT', 'PRINCIPAL_COMPONENT', 'NON_NEGATIVE_FACTOR', 'CHANCE');

-- CreateTable
CREATE TABLE "direction_set" (
    "id" SERIAL NOT NULL,
    "partition_id" INTEGER NOT NULL,
    "components" INTEGER NOT NULL,
    "seed" INTEGER NOT NULL,
    "dimensions" INTEGER NOT NULL,
    "factor_error" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "factor_rounds" INTEGER NOT NULL DEFAULT 0,
    "computed_at" TIMESTAMPTZ(3),
    "job_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "direction_set_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "direction" (
    "set_id" INTEGER NOT NULL,
    "kind" "DirectionKind" NOT NULL,
    "index" INTEGER NOT NULL,
    "share" DOUBLE PRECISION,
    "values" BYTEA NOT NULL,

    CONSTRAINT "direction_pkey" PRIMARY KEY ("set_id","kind","index")
);

-- CreateTable
CREATE TABLE "direction_curve" (
    "set_id" INTEGER NOT NULL,
    "kind" "CurveKind" NOT NULL,
    "direction_counts" BYTEA NOT NULL,
    "label_entropy" BYTEA NOT NULL,
    "least_label_entropy" BYTEA NOT NULL,
    "purity" BYTEA NOT NULL,
    "mutual_information" BYTEA NOT NULL,

    CONSTRAINT "direction_curve_pkey" PRIMARY KEY ("set_id","kind")
);

-- CreateIndex
CREATE UNIQUE INDEX "direction_set_key" ON "direction_set"("partition_id", "components", "seed");

-- AddForeignKey
ALTER TABLE "direction_set" ADD CONSTRAINT "direction_set_partition_id_fkey" FOREIGN KEY ("partition_id") REFERENCES "partition"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "direction_set" ADD CONSTRAINT "direction_set_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "job"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "direction" ADD CONSTRAINT "direction_set_id_fkey" FOREIGN KEY ("set_id") REFERENCES "direction_set"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "direction_curve" ADD CONSTRAINT "direction_curve_set_id_fkey" FOREIGN KEY ("set_id") REFERENCES "direction_set"("id") ON DELETE CASCADE ON UPDATE CASCADE;
