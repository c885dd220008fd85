4 statements

select t.id, t.network_id as "networkId", t.dataset_id as "datasetId", t.from_layer as "fromLayer", t.to_layer as "toLayer", t.granularity, t.bit_count as "bitCount", t.site_count as "siteCount", t.region_count as "regionCount", t.label_entropy as "labelEntropy", t.computed_at as "computedAt", t.neighbor_count as "neighborCount", t.job_id as "jobId", t.created_at as "createdAt", k.network, k.dataset from unnest($1::text[], $2::text[], $3::int4[], $4::int4[], $5::text[]) k(network, dataset, from_layer, to_layer, granularity) join network n on n.name = k.network join dataset d on d.name = k.dataset join partition t on t.network_id = n.id and t.dataset_id = d.id and t.from_layer = k.from_layer and t.to_layer = k.to_layer and t.granularity::text = k.granularity

select c.id, c.a_id as "aId", c.b_id as "bId", c.site_count as "siteCount", c.metrics, c.baseline, c.baseline_seed as "baselineSeed", c.shared_code_count as "sharedCodeCount", c.bit_flips as "bitFlips" from unnest($1::int4[], $2::int4[]) k(a_id, b_id) join comparison c using (a_id, b_id)

select t.id, t.network_id as "networkId", t.dataset_id as "datasetId", t.from_layer as "fromLayer", t.to_layer as "toLayer", t.granularity, t.bit_count as "bitCount", t.site_count as "siteCount", t.region_count as "regionCount", t.label_entropy as "labelEntropy", t.computed_at as "computedAt", t.neighbor_count as "neighborCount", t.job_id as "jobId", t.created_at as "createdAt" from partition t where t.id = any($1::int4[])

select l.network_id as "networkId", l.index, l.name, l.operator, l.unit_count as "unitCount", l.position_count as "positionCount", l.bits_per_unit as "bitsPerUnit", l.exact from layer l where l.network_id = any($1::int4[]) order by l.network_id, l.index
