6 statements

select t.id, t.network_id as "networkId", t.dataset_id as "datasetId", t.from_layer as "fromLayer", t.to_layer as "toLayer", t.pairs, t.seed, t.pair_count::float8 as "pairCount", t.segment_count as "segmentCount", t.computed_at as "computedAt", t.job_id as "jobId", t.created_at as "createdAt", k.network, k.dataset from unnest($1::text[], $2::text[], $3::int4[], $4::int4[], $5::int4[], $6::int4[]) k(network, dataset, from_layer, to_layer, pairs, seed) join network n on n.name = k.network join dataset d on d.name = k.dataset join segment_set t on t.network_id = n.id and t.dataset_id = d.id and t.from_layer = k.from_layer and t.to_layer = k.to_layer and t.pairs = k.pairs and t.seed = k.seed

select p.ordinal::int4 as parent_ordinal, page.* from unnest($1::int4[]) with ordinality p(key_0, ordinal) cross join lateral (select g.set_id as "setId", g.index, g.kind, g.label_a as "labelA", g.label_b as "labelB", g.first_segment as "firstSegment", g.count, g.zero_length_count as "zeroLengthCount", g.estimates from segment_group g where g.set_id = p.key_0 order by g.index asc limit $2) page

select 1 as parent_ordinal, s.set_id as "setId", s.index, s.from_input as "fromInput", s.to_input as "toInput", s.length, s.region_count as "regionCount", s.endpoint_distance as "endpointDistance", s.prediction_changes as "predictionChanges" from segment s where s.set_id = $1::int4 order by coalesce((s.region_count - 1) / nullif(s.length, 0), '-1'::float8) desc,s.index desc limit $2

select t.id, t.network_id as "networkId", t.dataset_id as "datasetId", t.from_layer as "fromLayer", t.to_layer as "toLayer", t.pairs, t.seed, t.pair_count::float8 as "pairCount", t.segment_count as "segmentCount", t.computed_at as "computedAt", t.job_id as "jobId", t.created_at as "createdAt" from segment_set t where t.id = any($1::int4[])

select i.dataset_id as "datasetId", i.index, i.label from unnest($1::int4[], $2::int4[]) k(dataset_id, index) join input i using (dataset_id, index)

select d.id, d.name, d.sha256, d.shape, d.class_names as "classNames", d.input_count as "inputCount", d.element_type as "elementType", d.scale, d.token_style as "tokenStyle", d.token_count as "tokenCount", d.chunk_size as "chunkSize", d.sample_byte_count as "sampleByteCount", d.created_at as "createdAt" from dataset d where d.id = any($1::int4[])
