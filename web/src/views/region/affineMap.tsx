import { useMemo } from 'react'
import { graphql } from '../../lib/atlas.ts'
import { count, number } from '../../lib/format.ts'
import { pictureShape } from '../../lib/pictureShape.ts'
import { useAnswer } from '../../lib/useAnswer.ts'
import { Facts } from '../../parts/facts.tsx'
import { ValuePicture } from '../../parts/valuePicture.tsx'

const Summary = graphql(`
  query AffineMapSummary($path: String!) {
    entity(path: $path) {
      ... on Region {
        affineMap {
          shape
          rank
          norm
          singularValues
        }
      }
    }
  }
`)

const Entries = graphql(`
  query AffineMapEntries($path: String!) {
    entity(path: $path) {
      ... on Region {
        affineMap(full: true) {
          matrix
          bias
        }
      }
    }
  }
`)

/** Entries that the API answers at most. */
const MOST_ENTRIES = 1_000_000

interface AffineMapProps {
  path: string
  /** The shape of the inputs; null where the span begins at a later layer. */
  inputShape: readonly number[] | null
  classNames: readonly string[]
}

/** output = A x + b inside the region: A's size and rows. */
export function AffineMap({ path, inputShape, classNames }: AffineMapProps) {
  const { entity } = useAnswer(Summary, { path })
  if (!entity || !('affineMap' in entity)) return null
  const { shape, rank, norm, singularValues } = entity.affineMap
  const [rows, columns] = shape
  const small = rows * columns <= MOST_ENTRIES
  return (
    <>
      <Facts
        rows={[
          ['A', `${count(rows)} outputs × ${count(columns)}`],
          ['rank', rank],
          ['greatest stretch', number(norm)],
          ['singular values', singularValues.slice(0, 10).map(number).join(', ') + (rank > 10 ? ', …' : '')],
        ]}
      />
      {small ? (
        <Rows path={path} inputShape={inputShape} classNames={classNames} />
      ) : (
        <p className="hint">Too large to draw: download it as a file.</p>
      )}
      <a href={`/regions/${path}/affine-map.npy`} download>
        A and b as NPY
      </a>
    </>
  )
}

function Rows({ path, inputShape, classNames }: AffineMapProps) {
  const { entity } = useAnswer(Entries, { path })
  const map = entity && 'affineMap' in entity ? entity.affineMap : null
  const matrix = map?.matrix
  const limit = useMemo(() => Math.max(0, ...(matrix ?? []).map(greatest)), [matrix])
  if (!map || !matrix) return null
  const picture = inputShape && pictureShape(inputShape)
  const nameOf = (row: number) => (classNames.length === matrix.length ? classNames[row] : `output ${row}`)
  if (!picture) return <WholeMatrix matrix={matrix} limit={limit} />
  return (
    <>
      <p className="hint">
        Rows of A: what each input value adds to an output. Red adds, blue takes away, ±{number(limit)} at
        most.
      </p>
      <ul className="gallery">
        {matrix.map((row, i) => (
          <li key={i}>
            <ValuePicture values={row} shape={picture} limit={limit} label={`row of A for ${nameOf(i)}`} />
            <span className="hint">
              {nameOf(i)} <span title="b">{number(map.bias?.[i] ?? 0)}</span>
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}

function WholeMatrix({ matrix, limit }: { matrix: readonly (readonly number[])[]; limit: number }) {
  const shape = useMemo(() => pictureShape([matrix.length, matrix[0]?.length ?? 0]), [matrix])
  const values = useMemo(() => matrix.flat(), [matrix])
  if (!shape || shape.width === 0) return null
  return (
    <>
      <p className="hint">
        A, outputs from top to bottom: red is above 0, blue below, ±{number(limit)} at most.
      </p>
      <ValuePicture
        values={values}
        shape={shape}
        limit={limit}
        label="the matrix A"
        size={Math.min(34, shape.width)}
      />
    </>
  )
}

const greatest = (row: readonly number[]) => row.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
