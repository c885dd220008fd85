-- Segments of before were walked without a note of where their boundaries lie. They hold nothing but what the network
-- and the inputs say: whoever asks for a set again gets it whole.
DELETE FROM "segment_set";

-- AlterTable
ALTER TABLE "segment" ADD COLUMN "change_at" DOUBLE PRECISION,
ADD COLUMN "profile" BYTEA NOT NULL;
