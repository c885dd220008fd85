6 statements

select s.id, s.name, s.description, s.created_at as "createdAt" from series s where s.name = any($1::text[])

select m.series_id as "seriesId", m.index, m.network_id as "networkId", m.step from series_member m where m.series_id = any($1::int4[]) order by m.series_id, m.index

select n.id, n.name, n.sha256, n.description, n.tags, n.parameter_count as "parameterCount", n.input_type as "inputType", n.input_shape as "inputShape", n.output_shape as "outputShape", n.exactness, n.approximations, n.created_at as "createdAt", f.byte_count::float8 as "byteCount" from network n join file f using (sha256) where n.id = any($1::int4[])

select p.ordinal::int4 as parent_ordinal, page.* from unnest($1::int4[]) with ordinality p(key_0, ordinal) cross join lateral (select t.id, t.network_id as "networkId", t.dataset_id as "datasetId", t.from_layer as "fromLayer", t.to_layer as "toLayer", t.pairs, t.seed, t.pair_count::float8 as "pairCount", t.segment_count as "segmentCount", t.computed_at as "computedAt", t.job_id as "jobId", t.created_at as "createdAt" from segment_set t where t.network_id = p.key_0 order by t.id asc limit $2) page

select d.id, d.name, d.sha256, d.shape, d.class_names as "classNames", d.input_count as "inputCount", d.element_type as "elementType", d.scale, d.token_style as "tokenStyle", d.token_count as "tokenCount", d.chunk_size as "chunkSize", d.sample_byte_count as "sampleByteCount", d.created_at as "createdAt" from dataset d where d.id = any($1::int4[])

select p.ordinal::int4 as parent_ordinal, page.* from unnest($1::int4[]) with ordinality p(key_0, ordinal) cross join lateral (select g.set_id as "setId", g.index, g.kind, g.label_a as "labelA", g.label_b as "labelB", g.first_segment as "firstSegment", g.count, g.zero_length_count as "zeroLengthCount", g.estimates from segment_group g where g.set_id = p.key_0 order by g.index asc limit $2) page
