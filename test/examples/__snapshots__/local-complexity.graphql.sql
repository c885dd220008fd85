15 statements

select s.id, s.name, s.description, s.created_at as "createdAt" from series s where s.name = any($1::text[])

select m.series_id as "seriesId", m.index, m.network_id as "networkId", m.step from series_member m where m.series_id = any($1::int4[]) order by m.series_id, m.index

select n.id, n.name, n.sha256, n.description, n.tags, n.parameter_count as "parameterCount", n.input_type as "inputType", n.input_shape as "inputShape", n.output_shape as "outputShape", n.exactness, n.approximations, n.created_at as "createdAt", f.byte_count::float8 as "byteCount" from network n join file f using (sha256) where n.id = any($1::int4[])

select d.id, d.name, d.sha256, d.shape, d.class_names as "classNames", d.input_count as "inputCount", d.element_type as "elementType", d.scale, d.token_style as "tokenStyle", d.token_count as "tokenCount", d.chunk_size as "chunkSize", d.sample_byte_count as "sampleByteCount", d.created_at as "createdAt" from dataset d where d.name = any($1::text[])

select l.network_id as "networkId", l.index, l.name, l.operator, l.unit_count as "unitCount", l.position_count as "positionCount", l.position_shape as "positionShape", l.bits_per_unit as "bitsPerUnit", l.exact from layer l where l.network_id = any($1::int4[]) order by l.network_id, l.index

select k.dataset_id, k.index, substring(c.data from (k.index % d.chunk_size) * d.sample_byte_count + 1 for d.sample_byte_count) as raw from unnest($1::int4[], $2::int4[]) k(dataset_id, index) join dataset d on d.id = k.dataset_id join dataset_chunk c on c.dataset_id = k.dataset_id and c.index = k.index / d.chunk_size

select sha256 from file where sha256 = $1

select sha256 from file where sha256 = $1

select sha256 from file where sha256 = $1

select data from file_chunk where sha256 = $1 and index = $2::int4

select data from file_chunk where sha256 = $1 and index = $2::int4

select data from file_chunk where sha256 = $1 and index = $2::int4

select data from file_chunk where sha256 = $1 and index = $2::int4

select data from file_chunk where sha256 = $1 and index = $2::int4

select data from file_chunk where sha256 = $1 and index = $2::int4
