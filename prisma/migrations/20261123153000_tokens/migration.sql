-- CreateEnum
CREATE TYPE "NumberType" AS ENUM ('FLOAT16', 'FLOAT32', 'FLOAT64', 'INT32', 'INT64');

-- CreateEnum
CREATE TYPE "TokenStyle" AS ENUM ('BYTE_LEVEL', 'SENTENCE_PIECE', 'WORD_PIECE', 'CHARACTERS', 'WORDS');

-- AlterTable
ALTER TABLE "dataset" ADD COLUMN     "token_count" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "token_style" "TokenStyle";

-- AlterTable
ALTER TABLE "network" ADD COLUMN     "input_type" "NumberType" NOT NULL DEFAULT 'FLOAT32';

-- CreateTable
CREATE TABLE "token" (
    "dataset_id" INTEGER NOT NULL,
    "id" INTEGER NOT NULL,
    "text" TEXT NOT NULL,

    CONSTRAINT "token_pkey" PRIMARY KEY ("dataset_id","id")
);

-- AddForeignKey
ALTER TABLE "token" ADD CONSTRAINT "token_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "dataset"("id") ON DELETE CASCADE ON UPDATE CASCADE;
