5 statements

select t.id, t.network_id as "networkId", t.dataset_id as "datasetId", t.from_layer as "fromLayer", t.to_layer as "toLayer", t.granularity, t.position_start as "positionStart", t.position_step as "positionStep", t.bit_count as "bitCount", t.site_count as "siteCount", t.region_count as "regionCount", t.label_entropy as "labelEntropy", t.computed_at as "computedAt", t.neighbor_count as "neighborCount", t.job_id as "jobId", t.created_at as "createdAt", k.network, k.dataset from unnest($1::text[], $2::text[], $3::int4[], $4::int4[], $5::text[], $6::int4[], $7::int4[]) k(network, dataset, from_layer, to_layer, granularity, position_start, position_step) join network n on n.name = k.network join dataset d on d.name = k.dataset join partition t on t.network_id = n.id and t.dataset_id = d.id and t.from_layer = k.from_layer and t.to_layer = k.to_layer and t.granularity::text = k.granularity and t.position_start = k.position_start and t.position_step = k.position_step

select d.id, d.name, d.sha256, d.shape, d.class_names as "classNames", d.input_count as "inputCount", d.element_type as "elementType", d.scale, d.token_style as "tokenStyle", d.token_count as "tokenCount", d.chunk_size as "chunkSize", d.sample_byte_count as "sampleByteCount", d.created_at as "createdAt" from dataset d where d.id = any($1::int4[])

select l.network_id as "networkId", l.index, l.name, l.operator, l.unit_count as "unitCount", l.position_count as "positionCount", l.position_shape as "positionShape", l.bits_per_unit as "bitsPerUnit", l.exact from layer l where l.network_id = any($1::int4[]) order by l.network_id, l.index

select string_agg(c.bits, ''::bytea) as codes, count(*)::int4 as rows from region r join code c on c.hash = r.code_hash and c.bit_count = r.bit_count where r.partition_id = $1 and r.index >= $2 and r.index < $3 and $4::int4 = any(r.labels)

select string_agg(c.bits, ''::bytea) as codes, count(*)::int4 as rows from region r join code c on c.hash = r.code_hash and c.bit_count = r.bit_count where r.partition_id = $1 and r.index >= $2 and r.index < $3 and $4::int4 = any(r.labels)
