4 statements

select n.id, n.name, n.sha256, n.description, n.tags, n.parameter_count as "parameterCount", n.input_type as "inputType", n.input_shape as "inputShape", n.output_shape as "outputShape", n.exactness, n.approximations, n.created_at as "createdAt", f.byte_count::float8 as "byteCount" from network n join file f using (sha256) where n.name = any($1::text[])

select p.ordinal::int4 as parent_ordinal, page.* from unnest($1::int4[]) with ordinality p(key_0, ordinal) cross join lateral (select t.id, t.network_id as "networkId", t.dataset_id as "datasetId", t.from_layer as "fromLayer", t.to_layer as "toLayer", t.granularity, t.position_start as "positionStart", t.position_step as "positionStep", t.bit_count as "bitCount", t.site_count as "siteCount", t.region_count as "regionCount", t.label_entropy as "labelEntropy", t.computed_at as "computedAt", t.neighbor_count as "neighborCount", t.job_id as "jobId", t.created_at as "createdAt" from partition t where t.network_id = p.key_0 order by t.id asc limit $2) page

select l.network_id as "networkId", l.index, l.name, l.operator, l.unit_count as "unitCount", l.position_count as "positionCount", l.position_shape as "positionShape", l.bits_per_unit as "bitsPerUnit", l.exact from layer l where l.network_id = any($1::int4[]) order by l.network_id, l.index

select counted.count from unnest($1::int4[]) with ordinality p(key_0, ordinal) cross join lateral ( select count(*)::int4 as count from region r where r.partition_id = p.key_0 and r.member_count <= $2::int4 ) counted order by p.ordinal
