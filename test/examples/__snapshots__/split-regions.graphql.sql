8 statements

select t.id, t.network_id as "networkId", t.dataset_id as "datasetId", t.from_layer as "fromLayer", t.to_layer as "toLayer", t.granularity, t.position_start as "positionStart", t.position_step as "positionStep", t.bit_count as "bitCount", t.site_count as "siteCount", t.region_count as "regionCount", t.label_entropy as "labelEntropy", t.computed_at as "computedAt", t.neighbor_count as "neighborCount", t.job_id as "jobId", t.created_at as "createdAt", k.network, k.dataset from unnest($1::text[], $2::text[], $3::int4[], $4::int4[], $5::text[], $6::int4[], $7::int4[]) k(network, dataset, from_layer, to_layer, granularity, position_start, position_step) join network n on n.name = k.network join dataset d on d.name = k.dataset join partition t on t.network_id = n.id and t.dataset_id = d.id and t.from_layer = k.from_layer and t.to_layer = k.to_layer and t.granularity::text = k.granularity and t.position_start = k.position_start and t.position_step = k.position_step

select c.id, c.a_id as "aId", c.b_id as "bId", c.site_count as "siteCount", c.metrics, c.baseline, c.baseline_seed as "baselineSeed", c.shared_code_count as "sharedCodeCount", c.flips from unnest($1::int4[], $2::int4[]) k(a_id, b_id) join comparison c using (a_id, b_id)

select t.id, t.network_id as "networkId", t.dataset_id as "datasetId", t.from_layer as "fromLayer", t.to_layer as "toLayer", t.granularity, t.position_start as "positionStart", t.position_step as "positionStep", t.bit_count as "bitCount", t.site_count as "siteCount", t.region_count as "regionCount", t.label_entropy as "labelEntropy", t.computed_at as "computedAt", t.neighbor_count as "neighborCount", t.job_id as "jobId", t.created_at as "createdAt" from partition t where t.id = any($1::int4[])

copy (select int4send(region) from membership where partition_id = 2 order by input_index, position) to stdout (format binary)

copy (select int4send(region) from membership where partition_id = 5 order by input_index, position) to stdout (format binary)

select r.partition_id as "partitionId", r.index as "index", replace(r.code_hash::text, '-', '') as "codeHash", r.bit_count as "bitCount", r.member_count as "memberCount", r.active_bit_count as "activeBitCount", r.exemplar_input as "exemplarInput", r.exemplar_position as "exemplarPosition", r.label as "label", r.labels as "labels", r.label_counts as "labelCounts", r.label_entropy as "labelEntropy", r.purity as "purity", r.margin as "margin" from unnest($1::int4[], $2::int4[]) k(partition_id, index) join region r using (partition_id, index)

select n.id, n.name, n.sha256, n.description, n.tags, n.parameter_count as "parameterCount", n.input_type as "inputType", n.input_shape as "inputShape", n.output_shape as "outputShape", n.exactness, n.approximations, n.created_at as "createdAt", f.byte_count::float8 as "byteCount" from network n join file f using (sha256) where n.id = any($1::int4[])

select d.id, d.name, d.sha256, d.shape, d.class_names as "classNames", d.input_count as "inputCount", d.element_type as "elementType", d.scale, d.token_style as "tokenStyle", d.token_count as "tokenCount", d.chunk_size as "chunkSize", d.sample_byte_count as "sampleByteCount", d.created_at as "createdAt" from dataset d where d.id = any($1::int4[])
