14 statements

select t.id, t.network_id as "networkId", t.dataset_id as "datasetId", t.from_layer as "fromLayer", t.to_layer as "toLayer", t.granularity, t.position_start as "positionStart", t.position_step as "positionStep", t.bit_count as "bitCount", t.site_count as "siteCount", t.region_count as "regionCount", t.label_entropy as "labelEntropy", t.computed_at as "computedAt", t.neighbor_count as "neighborCount", t.job_id as "jobId", t.created_at as "createdAt", k.network, k.dataset from unnest($1::text[], $2::text[], $3::int4[], $4::int4[], $5::text[], $6::int4[], $7::int4[]) k(network, dataset, from_layer, to_layer, granularity, position_start, position_step) join network n on n.name = k.network join dataset d on d.name = k.dataset join partition t on t.network_id = n.id and t.dataset_id = d.id and t.from_layer = k.from_layer and t.to_layer = k.to_layer and t.granularity::text = k.granularity and t.position_start = k.position_start and t.position_step = k.position_step

select n.id, n.name, n.sha256, n.description, n.tags, n.parameter_count as "parameterCount", n.input_type as "inputType", n.input_shape as "inputShape", n.output_shape as "outputShape", n.exactness, n.approximations, n.created_at as "createdAt", f.byte_count::float8 as "byteCount" from network n join file f using (sha256) where n.name = any($1::text[])

select t.id, t.partition_id as "partitionId", t.metric, t.min_cluster_size as "minClusterSize", t.min_samples as "minSamples", t.cluster_count as "clusterCount", t.noise_region_count as "noiseRegionCount", t.noise_member_count as "noiseMemberCount", t.label_entropy as "labelEntropy", t.baseline_label_entropy as "baselineLabelEntropy", t.baseline_seed as "baselineSeed", t.computed_at as "computedAt", t.job_id as "jobId", t.created_at as "createdAt" from unnest($1::int4[], $2::text[], $3::int4[], $4::int4[]) k(partition_id, metric, min_cluster_size, min_samples) join clustering t on t.partition_id = k.partition_id and t.metric::text = k.metric and t.min_cluster_size = k.min_cluster_size and t.min_samples = k.min_samples

select l.network_id as "networkId", l.index, l.name, l.operator, l.unit_count as "unitCount", l.position_count as "positionCount", l.position_shape as "positionShape", l.bits_per_unit as "bitsPerUnit", l.exact from layer l where l.network_id = any($1::int4[]) order by l.network_id, l.index

select t.id, t.network_id as "networkId", t.dataset_id as "datasetId", t.from_layer as "fromLayer", t.to_layer as "toLayer", t.granularity, t.position_start as "positionStart", t.position_step as "positionStep", t.bit_count as "bitCount", t.site_count as "siteCount", t.region_count as "regionCount", t.label_entropy as "labelEntropy", t.computed_at as "computedAt", t.neighbor_count as "neighborCount", t.job_id as "jobId", t.created_at as "createdAt" from partition t where t.id = any($1::int4[])

select p.ordinal::int4 as parent_ordinal, page.* from unnest($1::int4[]) with ordinality p(key_0, ordinal) cross join lateral (select c.clustering_id as "clusteringId", c.index, c.region_count as "regionCount", c.member_count as "memberCount", c.exemplar_region as "exemplarRegion", c.node, c.label, c.labels, c.label_counts as "labelCounts", c.label_entropy as "labelEntropy", c.purity from cluster c where c.clustering_id = p.key_0 order by c.index asc limit $2) page

select n.id, n.name, n.sha256, n.description, n.tags, n.parameter_count as "parameterCount", n.input_type as "inputType", n.input_shape as "inputShape", n.output_shape as "outputShape", n.exactness, n.approximations, n.created_at as "createdAt", f.byte_count::float8 as "byteCount" from network n join file f using (sha256) where n.id = any($1::int4[])

select d.id, d.name, d.sha256, d.shape, d.class_names as "classNames", d.input_count as "inputCount", d.element_type as "elementType", d.scale, d.token_style as "tokenStyle", d.token_count as "tokenCount", d.chunk_size as "chunkSize", d.sample_byte_count as "sampleByteCount", d.created_at as "createdAt" from dataset d where d.name = any($1::text[])

copy (select int4send(coalesce(label, -1)) from input where dataset_id = 1 order by index) to stdout (format binary)

copy (select int4send(coalesce(label, -1)) from input where dataset_id = 1 order by index) to stdout (format binary)

copy (select int4send(coalesce(label, -1)) from input where dataset_id = 1 order by index) to stdout (format binary)

copy (select codes from code_chunk where network_id = 1 and dataset_id = 1 and layer between 0 and 0 order by index, layer) to stdout (format binary)

copy (select codes from code_chunk where network_id = 1 and dataset_id = 1 and layer between 1 and 1 order by index, layer) to stdout (format binary)

copy (select codes from code_chunk where network_id = 1 and dataset_id = 1 and layer between 2 and 2 order by index, layer) to stdout (format binary)
