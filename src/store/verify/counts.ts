/** Counts and sizes that are kept beside what they count. */
import { nameSql, partitionPathSql, type SqlCheck } from './sqlCheck.ts'

/** A count of a row beside the number of the rows that it counts. */
function kept(
  name: string,
  unit: string,
  from: string,
  column: string,
  rows: string,
  path: string,
  where = 'true',
) {
  const wrong = `${column} is distinct from (${rows})`
  return {
    name,
    unit,
    from,
    where,
    wrong,
    example: `${path} || ' says ' || (${column})::text || ', but has ' || (${rows})::text`,
  }
}

const count = (from: string) => `(select count(*) from ${from})::int4`
const partition = partitionPathSql('p.id')
const clustering = partitionPathSql('k.partition_id')
const complex = `${nameSql('network', 'x.network_id')} || '@box:' || x.box_hash`
const network = nameSql('network', 'k.network_id')

const datasets: SqlCheck[] = [
  kept(
    'inputs of datasets',
    'datasets',
    'dataset d',
    'd.input_count',
    count('input i where i.dataset_id = d.id'),
    'd.name',
  ),
  kept(
    'tokens of datasets',
    'datasets',
    'dataset d',
    'd.token_count',
    count('token t where t.dataset_id = d.id'),
    'd.name',
  ),
  kept(
    'samples of datasets',
    'datasets',
    'dataset d',
    'd.input_count::int8 * d.sample_byte_count',
    'select coalesce(sum(octet_length(c.data)), 0)::int8 from dataset_chunk c where c.dataset_id = d.id',
    `d.name || ': bytes of its samples'`,
  ),
]

const CHUNK_ROWS = 'least(d.chunk_size, d.input_count - k.index * d.chunk_size)'
const SITES = `${CHUNK_ROWS} * l.position_count`

const chunks: SqlCheck[] = [
  {
    name: 'sizes of codes',
    unit: 'chunks',
    from: `code_chunk k join dataset d on d.id = k.dataset_id
      join layer l on l.network_id = k.network_id and l.index = k.layer`,
    wrong: `octet_length(k.codes) <> ${SITES} * ((l.unit_count * l.bits_per_unit + 7) / 8)
      or octet_length(k.margins) <> ${SITES} * 4
      or octet_length(k.distances) <> ${SITES} * l.unit_count * l.bits_per_unit`,
    example: `${network} || '/' || k.layer || ', chunk ' || k.index || ' of ' || d.name || ' has not the size of its inputs'`,
  },
  {
    name: 'completeness of codes',
    unit: 'layers of partitions',
    from: `partition p join dataset d on d.id = p.dataset_id cross join generate_series(p.from_layer, p.to_layer) s(layer)
      left join lateral (select count(*) as chunks from code_chunk c join prediction_chunk o using (network_id, dataset_id, index)
        where c.network_id = p.network_id and c.dataset_id = p.dataset_id and c.layer = s.layer) c on true`,
    where: 'p.computed_at is not null',
    wrong: 'c.chunks <> ceil(d.input_count::float8 / d.chunk_size)',
    example: `${partition} || ', layer ' || s.layer || ': ' || c.chunks || ' chunks of codes are stored'`,
  },
]

const LABELS = `(select m.partition_id, m.region, array_agg(m.label order by m.label) as labels,
    array_agg(m.n order by m.label) as counts, max(m.n)::float8 / sum(m.n)::float8 as purity
  from (select m.partition_id, m.region, i.label, count(*)::int4 as n from membership m
    join partition p on p.id = m.partition_id join input i on i.dataset_id = p.dataset_id and i.index = m.input_index
    where i.label is not null group by 1, 2, 3) m group by 1, 2)`

const regions: SqlCheck[] = [
  kept(
    'regions of partitions',
    'partitions',
    'partition p',
    'p.region_count',
    count('region r where r.partition_id = p.id'),
    partition,
    'p.computed_at is not null',
  ),
  kept(
    'sites of partitions',
    'partitions',
    'partition p',
    'p.site_count',
    count('membership m where m.partition_id = p.id'),
    partition,
    'p.computed_at is not null',
  ),
  kept(
    'members of regions',
    'regions',
    `region r left join (select partition_id, region, count(*)::int4 as members from membership group by 1, 2) m
      on m.partition_id = r.partition_id and m.region = r.index`,
    'r.member_count',
    'coalesce(m.members, 0)',
    `${partitionPathSql('r.partition_id')} || ', region ' || r.index`,
  ),
  {
    name: 'labels of regions',
    unit: 'regions',
    from: `region r left join ${LABELS} m on m.partition_id = r.partition_id and m.region = r.index`,
    wrong: `r.labels <> coalesce(m.labels, '{}') or r.label_counts <> coalesce(m.counts, '{}')
      or r.label is distinct from m.labels[array_position(m.counts, (select max(n) from unnest(m.counts) n))]
      or abs(r.purity - coalesce(m.purity, 1)) > 1e-9`,
    example: `${partitionPathSql('r.partition_id')} || ', region ' || r.index || ' does not say which labels its members have'`,
  },
  kept(
    'active bits of regions',
    'regions',
    'region r join code c on c.hash = r.code_hash and c.bit_count = r.bit_count join partition p on p.id = r.partition_id',
    'array[r.active_bit_count, r.bit_count]',
    'array[c.active_bit_count, p.bit_count]',
    `${partition} || ', region ' || r.index || ' (active bits, bits)'`,
  ),
  kept(
    'numbers of neighbours',
    'partitions',
    'partition p',
    'p.region_count::int8 * greatest(0, least(p.neighbor_count, p.region_count - 1))',
    'select count(*) from region_neighbor n where n.partition_id = p.id',
    `${partition} || ': neighbours; it'`,
    'p.neighbor_count is not null',
  ),
  kept(
    'distances of neighbours',
    'neighbours',
    `region_neighbor n join region a on a.partition_id = n.partition_id and a.index = n.region
      join region b on b.partition_id = n.partition_id and b.index = n.neighbor
      join code x on x.hash = a.code_hash and x.bit_count = a.bit_count
      join code y on y.hash = b.code_hash and y.bit_count = b.bit_count`,
    'n.distance',
    `bit_count(('x' || encode(x.bits, 'hex'))::varbit # ('x' || encode(y.bits, 'hex'))::varbit)::int4`,
    `${partitionPathSql('n.partition_id')} || ', region ' || n.region || ', neighbour ' || n.rank || ': its distance'`,
    'octet_length(x.bits) = octet_length(y.bits)',
  ),
]

const geometry: SqlCheck[] = [
  kept(
    'facets of polytopes',
    'polytopes',
    `region_polytope t left join lateral (select count(*)::int4 as n, count(f.axis)::int4 as sides from region_facet f
      where f.partition_id = t.partition_id and f.region = t.region) f on true`,
    'array[t.facet_count, t.box_facet_count]',
    'array[f.n, f.sides]',
    `${partitionPathSql('t.partition_id')} || ', region ' || t.region || ' (facets, sides of the box)'`,
  ),
  kept(
    'regions of complexes',
    'complexes',
    'complex x',
    'x.region_count',
    count('complex_region r where r.complex_id = x.id'),
    complex,
  ),
  kept(
    'frontiers of complexes',
    'complexes',
    'complex x',
    'x.frontier_count',
    count('complex_frontier r where r.complex_id = x.id'),
    complex,
  ),
  kept(
    'segments of segment sets',
    'segment sets',
    'segment_set k',
    'k.segment_count',
    count('segment g where g.set_id = k.id'),
    `${network} || ', segments ' || k.id`,
    'k.computed_at is not null',
  ),
]

const groups: SqlCheck[] = [
  kept(
    'clusters of clusterings',
    'clusterings',
    'clustering k',
    'k.cluster_count',
    count('cluster c where c.clustering_id = k.id'),
    clustering,
    'k.computed_at is not null',
  ),
  kept(
    'noise of clusterings',
    'clusterings',
    'clustering k',
    'k.noise_region_count',
    count('region_cluster c where c.clustering_id = k.id and c.cluster is null'),
    clustering,
    'k.computed_at is not null',
  ),
  kept(
    'regions and members of clusters',
    'clusters',
    `cluster c join clustering k on k.id = c.clustering_id left join lateral (
      select count(*)::int4 as n, sum(r.member_count)::int4 as members from region_cluster t
      join region r on r.partition_id = k.partition_id and r.index = t.region
      where t.clustering_id = c.clustering_id and t.cluster = c.index) t on true`,
    'array[c.region_count, c.member_count]',
    'array[t.n, t.members]',
    `${clustering} || ', cluster ' || c.index || ' (regions, members)'`,
  ),
  kept(
    'sizes of maps',
    'maps',
    'embedding e join partition p on p.id = e.partition_id',
    'octet_length(e.positions)',
    '8 * p.region_count',
    `${partition} || '/map'`,
    'e.computed_at is not null',
  ),
  kept(
    'sizes of directions',
    'directions',
    'direction v join direction_set e on e.id = v.set_id join partition p on p.id = e.partition_id',
    'octet_length(v.values)',
    '4 * e.dimensions',
    `${partition} || '/directions'`,
  ),
]

/** Every count is the number of what it counts. */
export const countChecks: readonly SqlCheck[] = [...datasets, ...chunks, ...regions, ...geometry, ...groups]
