9 statements

select t.id, t.network_id as "networkId", t.dataset_id as "datasetId", t.from_layer as "fromLayer", t.to_layer as "toLayer", t.granularity, t.bit_count as "bitCount", t.site_count as "siteCount", t.region_count as "regionCount", t.label_entropy as "labelEntropy", t.computed_at as "computedAt", t.neighbor_count as "neighborCount", t.job_id as "jobId", t.created_at as "createdAt", k.network, k.dataset from unnest($1::text[], $2::text[], $3::int4[], $4::int4[], $5::text[]) k(network, dataset, from_layer, to_layer, granularity) join network n on n.name = k.network join dataset d on d.name = k.dataset join partition t on t.network_id = n.id and t.dataset_id = d.id and t.from_layer = k.from_layer and t.to_layer = k.to_layer and t.granularity::text = k.granularity

select p.ordinal::int4 as parent_ordinal, page.* from unnest($1::int4[]) with ordinality p(key_0, ordinal) cross join lateral ( select r.partition_id as "partitionId", r.index, replace(r.code_hash::text, '-', '') as "codeHash", r.bit_count as "bitCount", r.member_count as "memberCount", r.active_bit_count as "activeBitCount", r.exemplar_input as "exemplarInput", r.exemplar_position as "exemplarPosition", r.label, r.labels, r.label_counts as "labelCounts", r.label_entropy as "labelEntropy", r.purity, r.margin, array[r.member_count::text,r.index::text] as page_cursor from region r where r.partition_id = p.key_0 order by r.member_count desc,r.index desc limit $2 ) page

select t.id, t.network_id as "networkId", t.dataset_id as "datasetId", t.from_layer as "fromLayer", t.to_layer as "toLayer", t.granularity, t.bit_count as "bitCount", t.site_count as "siteCount", t.region_count as "regionCount", t.label_entropy as "labelEntropy", t.computed_at as "computedAt", t.neighbor_count as "neighborCount", t.job_id as "jobId", t.created_at as "createdAt" from partition t where t.id = any($1::int4[])

select n.id, n.name, n.sha256, n.description, n.tags, n.parameter_count as "parameterCount", n.input_shape as "inputShape", n.output_shape as "outputShape", n.exactness, n.approximations, n.created_at as "createdAt", f.byte_count::float8 as "byteCount" from network n join file f using (sha256) where n.id = any($1::int4[])

select d.id, d.name, d.sha256, d.shape, d.class_names as "classNames", d.input_count as "inputCount", d.element_type as "elementType", d.scale, d.chunk_size as "chunkSize", d.sample_byte_count as "sampleByteCount", d.created_at as "createdAt" from dataset d where d.id = any($1::int4[])

select i.dataset_id as "datasetId", i.index, i.label from unnest($1::int4[], $2::int4[]) k(dataset_id, index) join input i using (dataset_id, index)

select n.partition_id as "partitionId", n.region, n.neighbor, n.distance, k.first from unnest($1::int4[], $2::int4[], $3::int4[]) k(partition_id, region, first) join region_neighbor n on n.partition_id = k.partition_id and n.region = k.region and n.rank < k.first order by n.partition_id, n.region, n.rank

select k.dataset_id, k.index, substring(c.data from (k.index % d.chunk_size) * d.sample_byte_count + 1 for d.sample_byte_count) as raw from unnest($1::int4[], $2::int4[]) k(dataset_id, index) join dataset d on d.id = k.dataset_id join dataset_chunk c on c.dataset_id = k.dataset_id and c.index = k.index / d.chunk_size

select r.partition_id as "partitionId", r.index, replace(r.code_hash::text, '-', '') as "codeHash", r.bit_count as "bitCount", r.member_count as "memberCount", r.active_bit_count as "activeBitCount", r.exemplar_input as "exemplarInput", r.exemplar_position as "exemplarPosition", r.label, r.labels, r.label_counts as "labelCounts", r.label_entropy as "labelEntropy", r.purity, r.margin from unnest($1::int4[], $2::int4[]) k(partition_id, index) join region r using (partition_id, index)
