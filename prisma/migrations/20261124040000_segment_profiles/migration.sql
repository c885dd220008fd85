-- Sets that are still under way lose what is walked, and walk it again with a note of where boundaries lie.
DELETE FROM "segment" USING "segment_set" "t" WHERE "set_id" = "t"."id" AND "t"."computed_at" IS NULL;

-- AlterTable
ALTER TABLE "segment" ADD COLUMN "change_at" DOUBLE PRECISION,
ADD COLUMN "profile" BYTEA NOT NULL DEFAULT '';

-- Sets that are computed stay as they are, with empty profiles; whatever is walked from now on brings its own.
ALTER TABLE "segment" ALTER COLUMN "profile" DROP DEFAULT;
UPDATE "segment_group" SET "estimates" = "estimates" || '{"profile": null, "atChange": null, "aroundChange": null}';
