14 statements

select n.id, n.name, n.sha256, n.description, n.tags, n.parameter_count as "parameterCount", n.input_type as "inputType", n.input_shape as "inputShape", n.output_shape as "outputShape", n.exactness, n.approximations, n.created_at as "createdAt", f.byte_count::float8 as "byteCount" from network n join file f using (sha256) where n.name = any($1::text[])

select d.id, d.name, d.sha256, d.shape, d.class_names as "classNames", d.input_count as "inputCount", d.element_type as "elementType", d.scale, d.token_style as "tokenStyle", d.token_count as "tokenCount", d.chunk_size as "chunkSize", d.sample_byte_count as "sampleByteCount", d.created_at as "createdAt" from dataset d where d.name = any($1::text[])

select l.network_id as "networkId", l.index, l.name, l.operator, l.unit_count as "unitCount", l.position_count as "positionCount", l.position_shape as "positionShape", l.bits_per_unit as "bitsPerUnit", l.exact from layer l where l.network_id = any($1::int4[]) order by l.network_id, l.index

select i.dataset_id as "datasetId", i.index, i.label from unnest($1::int4[], $2::int4[]) k(dataset_id, index) join input i using (dataset_id, index)

select k.dataset_id, k.index, substring(c.data from (k.index % d.chunk_size) * d.sample_byte_count + 1 for d.sample_byte_count) as raw from unnest($1::int4[], $2::int4[]) k(dataset_id, index) join dataset d on d.id = k.dataset_id join dataset_chunk c on c.dataset_id = k.dataset_id and c.index = k.index / d.chunk_size

select d.id, d.name, d.sha256, d.shape, d.class_names as "classNames", d.input_count as "inputCount", d.element_type as "elementType", d.scale, d.token_style as "tokenStyle", d.token_count as "tokenCount", d.chunk_size as "chunkSize", d.sample_byte_count as "sampleByteCount", d.created_at as "createdAt" from dataset d where d.id = any($1::int4[])

select t.id, t.network_id as "networkId", t.dataset_id as "datasetId", t.from_layer as "fromLayer", t.to_layer as "toLayer", t.granularity, t.position_start as "positionStart", t.position_step as "positionStep", t.bit_count as "bitCount", t.site_count as "siteCount", t.region_count as "regionCount", t.label_entropy as "labelEntropy", t.computed_at as "computedAt", t.neighbor_count as "neighborCount", t.job_id as "jobId", t.created_at as "createdAt", k.network, k.dataset from unnest($1::text[], $2::text[], $3::int4[], $4::int4[], $5::text[], $6::int4[], $7::int4[]) k(network, dataset, from_layer, to_layer, granularity, position_start, position_step) join network n on n.name = k.network join dataset d on d.name = k.dataset join partition t on t.network_id = n.id and t.dataset_id = d.id and t.from_layer = k.from_layer and t.to_layer = k.to_layer and t.granularity::text = k.granularity and t.position_start = k.position_start and t.position_step = k.position_step

select sha256 from file where sha256 = $1

select r.partition_id as "partitionId", r.index as "index", replace(r.code_hash::text, '-', '') as "codeHash", r.bit_count as "bitCount", r.member_count as "memberCount", r.active_bit_count as "activeBitCount", r.exemplar_input as "exemplarInput", r.exemplar_position as "exemplarPosition", r.label as "label", r.labels as "labels", r.label_counts as "labelCounts", r.label_entropy as "labelEntropy", r.purity as "purity", r.margin as "margin", m.input_index as "inputIndex", m.position from unnest($1::int4[], $2::int4[], $3::int4[]) k(partition_id, input_index, position) join membership m using (partition_id, input_index, position) join region r on r.partition_id = m.partition_id and r.index = m.region

select data from file_chunk where sha256 = $1 and index = $2::int4

select t.id, t.network_id as "networkId", t.dataset_id as "datasetId", t.from_layer as "fromLayer", t.to_layer as "toLayer", t.granularity, t.position_start as "positionStart", t.position_step as "positionStep", t.bit_count as "bitCount", t.site_count as "siteCount", t.region_count as "regionCount", t.label_entropy as "labelEntropy", t.computed_at as "computedAt", t.neighbor_count as "neighborCount", t.job_id as "jobId", t.created_at as "createdAt" from partition t where t.id = any($1::int4[])

select replace(c.hash::text, '-', '') as hash, c.bit_count as "bitCount", c.bits, c.active_bit_count as "activeBitCount" from unnest($1::uuid[], $2::int4[]) k(hash, bit_count) join code c using (hash, bit_count)

select data from file_chunk where sha256 = $1 and index = $2::int4

select n.id, n.name, n.sha256, n.description, n.tags, n.parameter_count as "parameterCount", n.input_type as "inputType", n.input_shape as "inputShape", n.output_shape as "outputShape", n.exactness, n.approximations, n.created_at as "createdAt", f.byte_count::float8 as "byteCount" from network n join file f using (sha256) where n.id = any($1::int4[])
