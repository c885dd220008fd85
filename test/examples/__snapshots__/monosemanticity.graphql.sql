16 statements

select t.id, t.network_id as "networkId", t.dataset_id as "datasetId", t.from_layer as "fromLayer", t.to_layer as "toLayer", t.granularity, t.position_start as "positionStart", t.position_step as "positionStep", t.bit_count as "bitCount", t.site_count as "siteCount", t.region_count as "regionCount", t.label_entropy as "labelEntropy", t.computed_at as "computedAt", t.neighbor_count as "neighborCount", t.job_id as "jobId", t.created_at as "createdAt", k.network, k.dataset from unnest($1::text[], $2::text[], $3::int4[], $4::int4[], $5::text[], $6::int4[], $7::int4[]) k(network, dataset, from_layer, to_layer, granularity, position_start, position_step) join network n on n.name = k.network join dataset d on d.name = k.dataset join partition t on t.network_id = n.id and t.dataset_id = d.id and t.from_layer = k.from_layer and t.to_layer = k.to_layer and t.granularity::text = k.granularity and t.position_start = k.position_start and t.position_step = k.position_step

select t.id, t.partition_id as "partitionId", t.components, t.seed, t.dimensions, t.factor_error as "factorError", t.factor_rounds as "factorRounds", t.computed_at as "computedAt", t.job_id as "jobId", t.created_at as "createdAt" from direction_set t where t.partition_id = any($1::int4[]) order by t.id

select t.id, t.network_id as "networkId", t.dataset_id as "datasetId", t.from_layer as "fromLayer", t.to_layer as "toLayer", t.granularity, t.position_start as "positionStart", t.position_step as "positionStep", t.bit_count as "bitCount", t.site_count as "siteCount", t.region_count as "regionCount", t.label_entropy as "labelEntropy", t.computed_at as "computedAt", t.neighbor_count as "neighborCount", t.job_id as "jobId", t.created_at as "createdAt" from partition t where t.id = any($1::int4[])

select n.id, n.name, n.sha256, n.description, n.tags, n.parameter_count as "parameterCount", n.input_type as "inputType", n.input_shape as "inputShape", n.output_shape as "outputShape", n.exactness, n.approximations, n.created_at as "createdAt", f.byte_count::float8 as "byteCount" from network n join file f using (sha256) where n.id = any($1::int4[])

select d.id, d.name, d.sha256, d.shape, d.class_names as "classNames", d.input_count as "inputCount", d.element_type as "elementType", d.scale, d.token_style as "tokenStyle", d.token_count as "tokenCount", d.chunk_size as "chunkSize", d.sample_byte_count as "sampleByteCount", d.created_at as "createdAt" from dataset d where d.id = any($1::int4[])

select t.id, t.partition_id as "partitionId", t.metric, t.min_cluster_size as "minClusterSize", t.min_samples as "minSamples", t.cluster_count as "clusterCount", t.noise_region_count as "noiseRegionCount", t.noise_member_count as "noiseMemberCount", t.label_entropy as "labelEntropy", t.baseline_label_entropy as "baselineLabelEntropy", t.baseline_seed as "baselineSeed", t.computed_at as "computedAt", t.job_id as "jobId", t.created_at as "createdAt" from clustering t where t.partition_id = any($1::int4[]) order by t.id

copy (select int4send(region) || int4send(cluster) from region_cluster where clustering_id = 1 and cluster is not null) to stdout (format binary)

copy (select int4send(region) || int4send(cluster) from region_cluster where clustering_id = 3 and cluster is not null) to stdout (format binary)

copy (select int4send(region) || int4send(cluster) from region_cluster where clustering_id = 2 and cluster is not null) to stdout (format binary)

copy (select int4send(region) || int4send(cluster) from region_cluster where clustering_id = 4 and cluster is not null) to stdout (format binary)

copy (select kind::text::bytea, direction_counts, label_entropy, least_label_entropy, purity, mutual_information from direction_curve where set_id = 1) to stdout (format binary)

copy (select int4send(member_count) from region where partition_id = 1 order by index) to stdout (format binary)

copy (select kind::text::bytea, direction_counts, label_entropy, least_label_entropy, purity, mutual_information from direction_curve where set_id = 2) to stdout (format binary)

copy (select int4send(member_count) from region where partition_id = 7 order by index) to stdout (format binary)

copy (select int4send(r.index) || int4send(l.label) || int4send(l.count) from region r cross join unnest(r.labels, r.label_counts) l(label, count) where r.partition_id = 1 order by r.index, l.label) to stdout (format binary)

copy (select int4send(r.index) || int4send(l.label) || int4send(l.count) from region r cross join unnest(r.labels, r.label_counts) l(label, count) where r.partition_id = 7 order by r.index, l.label) to stdout (format binary)
