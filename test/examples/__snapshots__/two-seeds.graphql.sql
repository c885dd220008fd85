8 statements

select t.id, t.network_id as "networkId", t.dataset_id as "datasetId", t.from_layer as "fromLayer", t.to_layer as "toLayer", t.granularity, t.position_start as "positionStart", t.position_step as "positionStep", t.bit_count as "bitCount", t.site_count as "siteCount", t.region_count as "regionCount", t.label_entropy as "labelEntropy", t.computed_at as "computedAt", t.neighbor_count as "neighborCount", t.job_id as "jobId", t.created_at as "createdAt", k.network, k.dataset from unnest($1::text[], $2::text[], $3::int4[], $4::int4[], $5::text[], $6::int4[], $7::int4[]) k(network, dataset, from_layer, to_layer, granularity, position_start, position_step) join network n on n.name = k.network join dataset d on d.name = k.dataset join partition t on t.network_id = n.id and t.dataset_id = d.id and t.from_layer = k.from_layer and t.to_layer = k.to_layer and t.granularity::text = k.granularity and t.position_start = k.position_start and t.position_step = k.position_step

select c.id, c.a_id as "aId", c.b_id as "bId", c.site_count as "siteCount", c.metrics, c.baseline, c.baseline_seed as "baselineSeed", c.shared_code_count as "sharedCodeCount", c.flips from unnest($1::int4[], $2::int4[]) k(a_id, b_id) join comparison c using (a_id, b_id)

select t.id, t.network_id as "networkId", t.dataset_id as "datasetId", t.from_layer as "fromLayer", t.to_layer as "toLayer", t.granularity, t.position_start as "positionStart", t.position_step as "positionStep", t.bit_count as "bitCount", t.site_count as "siteCount", t.region_count as "regionCount", t.label_entropy as "labelEntropy", t.computed_at as "computedAt", t.neighbor_count as "neighborCount", t.job_id as "jobId", t.created_at as "createdAt" from partition t where t.id = any($1::int4[])

select 1 as parent_ordinal, m.comparison_id as "comparisonId", m.rank, m.layer_a as "layerA", m.unit_a as "unitA", m.layer_b as "layerB", m.unit_b as "unitB", m.correlation from matched_unit m where m.comparison_id = $1::int4 order by m.rank asc limit $2

select l.network_id as "networkId", l.index, l.name, l.operator, l.unit_count as "unitCount", l.position_count as "positionCount", l.position_shape as "positionShape", l.bits_per_unit as "bitsPerUnit", l.exact from layer l where l.network_id = any($1::int4[]) order by l.network_id, l.index

select c.id, c.a_id as "aId", c.b_id as "bId", c.site_count as "siteCount", c.metrics, c.baseline, c.baseline_seed as "baselineSeed", c.shared_code_count as "sharedCodeCount", c.flips from comparison c where c.id = any($1::int4[])

select t.id, t.network_id as "networkId", t.dataset_id as "datasetId", t.from_layer as "fromLayer", t.to_layer as "toLayer", t.granularity, t.position_start as "positionStart", t.position_step as "positionStep", t.bit_count as "bitCount", t.site_count as "siteCount", t.region_count as "regionCount", t.label_entropy as "labelEntropy", t.computed_at as "computedAt", t.neighbor_count as "neighborCount", t.job_id as "jobId", t.created_at as "createdAt" from partition t where t.id = any($1::int4[])

select l.network_id as "networkId", l.index, l.name, l.operator, l.unit_count as "unitCount", l.position_count as "positionCount", l.position_shape as "positionShape", l.bits_per_unit as "bitsPerUnit", l.exact from layer l where l.network_id = any($1::int4[]) order by l.network_id, l.index
