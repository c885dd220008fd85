-- CreateTable
CREATE TABLE "series" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "series_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "series_member" (
    "series_id" INTEGER NOT NULL,
    "index" INTEGER NOT NULL,
    "network_id" INTEGER NOT NULL,
    "step" INTEGER NOT NULL,

    CONSTRAINT "series_member_pkey" PRIMARY KEY ("series_id","index")
);

-- CreateIndex
CREATE UNIQUE INDEX "series_name_key" ON "series"("name");

-- CreateIndex
CREATE UNIQUE INDEX "series_member_network_id_series_id_key" ON "series_member"("network_id", "series_id");

-- AddForeignKey
ALTER TABLE "series_member" ADD CONSTRAINT "series_member_series_id_fkey" FOREIGN KEY ("series_id") REFERENCES "series"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "series_member" ADD CONSTRAINT "series_member_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
