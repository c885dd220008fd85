/** References that have no foreign key, since one costs 3 µs a row. */
import { nameSql, partitionPathSql, type SqlCheck } from './sqlCheck.ts'

const hashSql = (column: string) => `replace(${column}::text, '-', '')`
const region = (partition: string, index: string) =>
  `${partitionPathSql(partition)} || ', region ' || ${index}`
const clusteringSql = (id: string) =>
  `(select ${partitionPathSql('cl.partition_id')} || '/clusters:' || lower(cl.metric::text) || ':' || cl.min_cluster_size
      || ':' || cl.min_samples from clustering cl where cl.id = ${id})`
const complexSql = (id: string) =>
  `(select ${nameSql('network', 'cx.network_id')} || '/0..' || cx.to_layer || '@box:' || cx.box_hash
    from complex cx where cx.id = ${id})`

const toCode = (name: string, unit: string, table: string, example: string): SqlCheck => ({
  name,
  unit,
  from: `${table} t left join code c on c.hash = t.code_hash and c.bit_count = t.bit_count`,
  where: 't.code_hash is not null',
  wrong: 'c.hash is null',
  example: `${example} || ': there is no code ' || ${hashSql('t.code_hash')} || ' of ' || t.bit_count || ' bits'`,
})

const toInput = (name: string, unit: string, from: string, index: string, example: string): SqlCheck => ({
  name,
  unit,
  from: `${from} left join input i on i.dataset_id = s.dataset_id and i.index = ${index}`,
  wrong: 'i.index is null',
  example: `${example} || ': ' || ${nameSql('dataset', 's.dataset_id')} || ' has no input ' || ${index}`,
})

const ofRegions: SqlCheck[] = [
  toCode('codes of regions', 'regions', 'region', region('t.partition_id', 't.index')),
  {
    name: 'regions of members',
    unit: 'memberships',
    from: `membership m join partition p on p.id = m.partition_id
      left join region r on r.partition_id = m.partition_id and r.index = m.region`,
    where: 'p.computed_at is not null',
    wrong: 'r.index is null',
    example: `${partitionPathSql('m.partition_id')} || ', input ' || m.input_index || ', position ' || m.position ||
      ': there is no region ' || m.region`,
  },
  {
    ...toInput(
      'inputs of members',
      'memberships',
      'membership m join partition s on s.id = m.partition_id',
      'm.input_index',
      partitionPathSql('m.partition_id'),
    ),
    where: 's.computed_at is not null',
  },
  {
    name: 'exemplars of regions',
    unit: 'regions',
    from: `region r left join membership m on m.partition_id = r.partition_id and m.input_index = r.exemplar_input
      and m.position = r.exemplar_position`,
    wrong: 'm.region is distinct from r.index',
    example: `${region('r.partition_id', 'r.index')} || ': its exemplar, input ' || r.exemplar_input || ', is no member'`,
  },
  {
    name: 'neighbours of regions',
    unit: 'neighbours',
    from: `region_neighbor n left join region a on a.partition_id = n.partition_id and a.index = n.region
      left join region b on b.partition_id = n.partition_id and b.index = n.neighbor`,
    wrong: 'a.index is null or b.index is null',
    example: `${region('n.partition_id', 'n.region')} || ', neighbour ' || n.rank || ': there is no region ' ||
      case when a.index is null then n.region else n.neighbor end`,
  },
]

const ofGeometry: SqlCheck[] = [
  toCode('codes across facets', 'facets', 'region_facet', region('t.partition_id', 't.region')),
  {
    name: 'regions of polytopes',
    unit: 'polytopes',
    from: 'region_polytope t left join region r on r.partition_id = t.partition_id and r.index = t.region',
    wrong: 'r.index is null',
    example: `${partitionPathSql('t.partition_id')} || ': a polytope is of region ' || t.region || ', which is not there'`,
  },
  {
    name: 'polytopes of facets',
    unit: 'facets',
    from: 'region_facet f left join region_polytope t on t.partition_id = f.partition_id and t.region = f.region',
    wrong: 't.region is null',
    example: `${region('f.partition_id', 'f.region')} || ', facet ' || f.rank || ': its polytope is not there'`,
  },
  toCode(
    'codes of complexes',
    'regions',
    'complex_region',
    `${complexSql('t.complex_id')} || ', region ' || t.index`,
  ),
  {
    name: 'regions across facets of complexes',
    unit: 'facets',
    from: `complex_region q cross join unnest(q.neighbors) x(index)
      left join complex_region r on r.complex_id = q.complex_id and r.index = x.index
      left join complex_frontier f on f.complex_id = q.complex_id and f.index = x.index`,
    where: 'x.index <> -1',
    wrong: 'r.index is null and f.index is null',
    example: `${complexSql('q.complex_id')} || ', region ' || q.index || ': there is no region ' || x.index`,
  },
  ...(['from_input', 'to_input'] as const).map((column) =>
    toInput(
      `${column === 'from_input' ? 'first' : 'last'} inputs of segments`,
      'segments',
      'segment g join segment_set s on s.id = g.set_id',
      `g.${column}`,
      `${nameSql('network', 's.network_id')} || ', segment ' || g.index`,
    ),
  ),
]

const ofGroups: SqlCheck[] = [
  {
    name: 'regions of comparisons',
    unit: 'pairs',
    from: `matched_region m join comparison k on k.id = m.comparison_id
      left join region a on a.partition_id = k.a_id and a.index = m.region_a
      left join region b on b.partition_id = k.b_id and b.index = m.region_b`,
    wrong: 'a.index is null or b.index is null',
    example: `${partitionPathSql('k.a_id')} || ' and ' || ${partitionPathSql('k.b_id')} || ', pair ' || m.rank ||
      ': its regions are not there'`,
  },
  {
    name: 'regions in clusterings',
    unit: 'regions',
    from: `region_cluster t join clustering k on k.id = t.clustering_id
      left join region r on r.partition_id = k.partition_id and r.index = t.region
      left join cluster c on c.clustering_id = t.clustering_id and c.index = t.cluster`,
    wrong: 'r.index is null or (t.cluster is not null and c.index is null)',
    example: `${clusteringSql('t.clustering_id')} || ': region ' || t.region || ' or its cluster is not there'`,
  },
  {
    name: 'exemplars and nodes of clusters',
    unit: 'clusters',
    from: `cluster c left join region_cluster t on t.clustering_id = c.clustering_id and t.region = c.exemplar_region
      left join condensed_node n on n.clustering_id = c.clustering_id and n.index = c.node`,
    wrong: 't.cluster is distinct from c.index or n.cluster is distinct from c.index',
    example: `${clusteringSql('c.clustering_id')} || '/' || c.index || ': its exemplar or its node is of another'`,
  },
  {
    name: 'parents of nodes',
    unit: 'nodes',
    from: `condensed_node n left join condensed_node p on p.clustering_id = n.clustering_id and p.index = n.parent`,
    wrong: '(n.parent is null) <> (n.index = 0) or (n.parent is not null and p.index is null)',
    example: `${clusteringSql('n.clustering_id')} || ', node ' || n.index || ': its parent is not there'`,
  },
]

const ofLayers: SqlCheck[] = [
  {
    name: 'layers of codes',
    unit: 'chunks',
    from: `code_chunk k join dataset d on d.id = k.dataset_id
      left join layer l on l.network_id = k.network_id and l.index = k.layer`,
    wrong: 'l.index is null or k.index < 0 or k.index >= ceil(d.input_count::float8 / d.chunk_size)',
    example: `${nameSql('network', 'k.network_id')} || '/' || k.layer || ', chunk ' || k.index || ' of ' || d.name ||
      ': there is no such layer or chunk'`,
  },
  {
    name: 'layers of partitions',
    unit: 'partitions',
    from: `partition p left join layer a on a.network_id = p.network_id and a.index = p.from_layer
      left join layer b on b.network_id = p.network_id and b.index = p.to_layer`,
    wrong: 'a.index is null or b.index is null or p.from_layer > p.to_layer',
    example: `${partitionPathSql('p.id')} || ': its network has no such layers'`,
  },
  {
    name: 'jobs in the queue',
    unit: 'jobs',
    from: 'job j left join graphile_worker._private_jobs q on q.key = j.id::text',
    where: `j.state in ('QUEUED', 'RUNNING')`,
    wrong: 'q.id is null',
    example: `'the ' || j.kind || ' job ' || j.id || ' is ' || lower(j.state::text) || ', but not in the queue'`,
  },
]

/** Every reference without a foreign key leads somewhere. */
export const referenceChecks: readonly SqlCheck[] = [...ofRegions, ...ofGeometry, ...ofGroups, ...ofLayers]
