-- AlterTable
ALTER TABLE "code_chunk" ADD COLUMN     "distances" BYTEA;

-- A sample's distances are cut out of the middle: compressed, all of them would have to be read.
ALTER TABLE "code_chunk" ALTER COLUMN "distances" SET STORAGE EXTERNAL;
