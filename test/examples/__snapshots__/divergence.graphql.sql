6 statements

select n.id, n.name, n.sha256, n.description, n.tags, n.parameter_count as "parameterCount", n.input_type as "inputType", n.input_shape as "inputShape", n.output_shape as "outputShape", n.exactness, n.approximations, n.created_at as "createdAt", f.byte_count::float8 as "byteCount" from network n join file f using (sha256) where n.name = any($1::text[])

select d.id, d.name, d.sha256, d.shape, d.class_names as "classNames", d.input_count as "inputCount", d.element_type as "elementType", d.scale, d.token_style as "tokenStyle", d.token_count as "tokenCount", d.chunk_size as "chunkSize", d.sample_byte_count as "sampleByteCount", d.created_at as "createdAt" from dataset d where d.name = any($1::text[])

select i.dataset_id as "datasetId", i.index, i.label from unnest($1::int4[], $2::int4[]) k(dataset_id, index) join input i using (dataset_id, index)

select l.network_id as "networkId", l.index, l.name, l.operator, l.unit_count as "unitCount", l.position_count as "positionCount", l.position_shape as "positionShape", l.bits_per_unit as "bitsPerUnit", l.exact from layer l where l.network_id = any($1::int4[]) order by l.network_id, l.index

select k.network_id, k.dataset_id, k.layer, k.input, substring(c.codes from (k.input % d.chunk_size) * o.bytes + 1 for o.bytes) as part from unnest($1::int4[], $2::int4[], $3::int4[], $4::int4[]) k(network_id, dataset_id, layer, input) join dataset d on d.id = k.dataset_id join code_chunk c on c.network_id = k.network_id and c.dataset_id = k.dataset_id and c.layer = k.layer and c.index = k.input / d.chunk_size cross join lateral (select octet_length(c.codes) / least(d.chunk_size, d.input_count - c.index * d.chunk_size) as bytes) o

select k.network_id, k.dataset_id, k.input, substring(c.scores from (k.input % d.chunk_size) * o.bytes + 1 for o.bytes) as scores from unnest($1::int4[], $2::int4[], $3::int4[]) k(network_id, dataset_id, input) join dataset d on d.id = k.dataset_id join prediction_chunk c on c.network_id = k.network_id and c.dataset_id = k.dataset_id and c.index = k.input / d.chunk_size cross join lateral (select octet_length(c.scores) / least(d.chunk_size, d.input_count - c.index * d.chunk_size) as bytes) o
