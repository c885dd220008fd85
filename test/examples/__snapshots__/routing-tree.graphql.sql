9 statements

select n.id, n.name, n.sha256, n.description, n.tags, n.parameter_count as "parameterCount", n.input_type as "inputType", n.input_shape as "inputShape", n.output_shape as "outputShape", n.exactness, n.approximations, n.created_at as "createdAt", f.byte_count::float8 as "byteCount" from network n join file f using (sha256) where n.name = any($1::text[])

select d.id, d.name, d.sha256, d.shape, d.class_names as "classNames", d.input_count as "inputCount", d.element_type as "elementType", d.scale, d.token_style as "tokenStyle", d.token_count as "tokenCount", d.chunk_size as "chunkSize", d.sample_byte_count as "sampleByteCount", d.created_at as "createdAt" from dataset d where d.name = any($1::text[])

select l.network_id as "networkId", l.index, l.name, l.operator, l.unit_count as "unitCount", l.position_count as "positionCount", l.position_shape as "positionShape", l.bits_per_unit as "bitsPerUnit", l.exact from layer l where l.network_id = any($1::int4[]) order by l.network_id, l.index

select c.index from code_chunk c join prediction_chunk using (network_id, dataset_id, index) where c.network_id = $1 and c.dataset_id = $2 and c.layer between $3 and $4 group by c.index having count(*) = $5

copy (select int4send(coalesce(label, -1)) from input where dataset_id = 1 order by index) to stdout (format binary)

copy (select codes from code_chunk where network_id = 1 and dataset_id = 1 and layer between 1 and 1 order by index, layer) to stdout (format binary)

copy (select codes from code_chunk where network_id = 1 and dataset_id = 1 and layer between 2 and 2 order by index, layer) to stdout (format binary)

select i.dataset_id as "datasetId", i.index, i.label from unnest($1::int4[], $2::int4[]) k(dataset_id, index) join input i using (dataset_id, index)

select d.id, d.name, d.sha256, d.shape, d.class_names as "classNames", d.input_count as "inputCount", d.element_type as "elementType", d.scale, d.token_style as "tokenStyle", d.token_count as "tokenCount", d.chunk_size as "chunkSize", d.sample_byte_count as "sampleByteCount", d.created_at as "createdAt" from dataset d where d.id = any($1::int4[])
